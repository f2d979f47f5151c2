import Foundation
import JSONText

/// What `--where` asks of an event: comparisons of its members, joined by `and`, `or` and `not`, with parentheses.
///
///     condition = term { "or" term }        term = factor { "and" factor }
///     factor = "not" factor | "(" condition ")" | member operator value
///     operator = "=" | "!=" | "<" | "<=" | ">" | ">=" | "~" (contains, whatever the case)
///
/// A comparison with a member that is not there, or is `null`, is false, but for `!=`, and for `= null`.
indirect enum EventCondition: Sendable, Hashable {
    case all([EventCondition])
    case any([EventCondition])
    case not(EventCondition)
    case comparison(member: String, Operator, value: String)

    /// How a member is compared.
    enum Operator: String, Sendable, Hashable {
        case equal = "="
        case different = "!="
        case less = "<"
        case atMost = "<="
        case more = ">"
        case atLeast = ">="
        case contains = "~"
    }

    /// A text that is no condition.
    struct Fault: Error, CustomStringConvertible {
        let description: String
    }

    /// Reads a condition.
    init(_ text: String) throws(Fault) {
        var reader = ConditionReader(tokens: try ConditionReader.tokens(of: text))
        self = try reader.condition()
        guard let rest = reader.next else { return }
        throw Fault(description: "`and` or `or` is expected before `\(rest)`")
    }

    /// Whether an event is as it asks.
    func holds(of event: TailedEvent) -> Bool {
        switch self {
        case .all(let parts): parts.allSatisfy { $0.holds(of: event) }
        case .any(let parts): parts.contains { $0.holds(of: event) }
        case .not(let part): !part.holds(of: event)
        case .comparison(let member, let comparison, let value): Self.compare(event, member, comparison, value)
        }
    }

    private static func compare(
        _ event: TailedEvent, _ member: String, _ comparison: Operator, _ value: String
    ) -> Bool {
        let name = member == "latent" && value.contains("/") ? event.latent : event.text(member)
        if let number = event.number(member), name == nil {
            guard let other = Double(value) else { return comparison == .different }
            return switch comparison {
            case .equal: number == other
            case .different: number != other
            case .less: number < other
            case .atMost: number <= other
            case .more: number > other
            case .atLeast: number >= other
            case .contains: "\(number)".contains(value)
            }
        }
        guard let text = name ?? event[member]?.boolean.map({ "\($0)" }) else {
            return comparison == .different ? value != "null" : comparison == .equal && value == "null"
        }
        return switch comparison {
        case .equal: text == value
        case .different: text != value
        case .less: text < value
        case .atMost: text <= value
        case .more: text > value
        case .atLeast: text >= value
        case .contains: text.range(of: value, options: [.caseInsensitive]) != nil
        }
    }
}

/// Reads the parts of a condition from left to right.
private struct ConditionReader {
    /// A part of a condition: a word or a sign as it is written, or what stood in quotation marks.
    enum Token: Hashable, CustomStringConvertible {
        case word(String)
        case quoted(String)

        var description: String {
            switch self {
            case .word(let text), .quoted(let text): text
            }
        }
    }

    /// The deepest nesting of parentheses and `not`.
    private static let deepest = 50
    private static let signs = ["!=", "<=", ">=", "=", "<", ">", "~", "(", ")"]

    var tokens: ArraySlice<Token>
    private var depth = 0

    init(tokens: [Token]) { self.tokens = tokens[...] }

    var next: Token? { tokens.first }

    static func tokens(of text: String) throws(EventCondition.Fault) -> [Token] {
        var tokens: [Token] = []
        var rest = text[...]
        while let first = rest.first {
            if first.isWhitespace {
                rest = rest.dropFirst()
            } else if first == "\"" || first == "'" {
                guard let end = rest.dropFirst().firstIndex(of: first) else {
                    throw EventCondition.Fault(description: "the quotation mark of \(rest) is not closed")
                }
                tokens.append(.quoted(String(rest[rest.index(after: rest.startIndex)..<end])))
                rest = rest[rest.index(after: end)...]
            } else if let sign = signs.first(where: { rest.hasPrefix($0) }) {
                tokens.append(.word(sign))
                rest = rest.dropFirst(sign.count)
            } else {
                let word = rest.prefix { character in !character.isWhitespace && !"!=<>~()\"'".contains(character) }
                guard !word.isEmpty else { throw EventCondition.Fault(description: "`\(first)` is no comparison") }
                tokens.append(.word(String(word)))
                rest = rest[word.endIndex...]
            }
        }
        return tokens
    }

    mutating func condition() throws(EventCondition.Fault) -> EventCondition {
        var parts = [try term()]
        while take("or") { parts.append(try term()) }
        return parts.count == 1 ? parts[0] : .any(parts)
    }

    private mutating func term() throws(EventCondition.Fault) -> EventCondition {
        var parts = [try factor()]
        while take("and") { parts.append(try factor()) }
        return parts.count == 1 ? parts[0] : .all(parts)
    }

    private mutating func factor() throws(EventCondition.Fault) -> EventCondition {
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.deepest else { throw EventCondition.Fault(description: "it is nested too deep") }
        if take("not") { return .not(try factor()) }
        if take("(") {
            let inner = try condition()
            guard take(")") else { throw EventCondition.Fault(description: "a parenthesis is not closed") }
            return inner
        }
        guard case .word(let member)? = tokens.popFirst(), !Self.signs.contains(member) else {
            throw EventCondition.Fault(description: "a member such as `value` or `method` is expected")
        }
        guard case .word(let sign)? = tokens.popFirst(), let comparison = EventCondition.Operator(rawValue: sign) else {
            throw EventCondition.Fault(description: "one of = != < <= > >= ~ is expected after `\(member)`")
        }
        guard let value = tokens.popFirst(), !Self.isSign(value) else {
            throw EventCondition.Fault(description: "a value is expected after `\(member) \(sign)`")
        }
        return .comparison(member: member, comparison, value: value.description)
    }

    private static func isSign(_ token: Token) -> Bool {
        if case .word(let text) = token { signs.contains(text) } else { false }
    }

    private mutating func take(_ word: String) -> Bool {
        guard tokens.first == .word(word) else { return false }
        tokens.removeFirst()
        return true
    }
}

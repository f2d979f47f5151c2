import Hummingbird
import HummingbirdCore
import LatentSheets
import Store

/// Reads the parameters of a request, each once and by its rule; whatever is left over is not known.
struct QueryReader {
    /// A parameter that cannot be read.
    struct Fault: Error {
        let message: String
    }

    private let parameters: FlatDictionary<Substring, Substring>
    private var taken: [String] = []

    init(_ request: Request) { parameters = request.uri.queryParameters }

    /// A text; `nil` if it is not given or empty.
    mutating func text(_ name: String) -> String? {
        taken.append(name)
        return parameters.get(name).flatMap { $0.isEmpty ? nil : $0 }
    }

    /// Texts that may be given several times, without empty ones.
    mutating func texts(_ name: String) -> [String] {
        taken.append(name)
        var texts: [String] = []
        for text in parameters.getAll(name) where !text.isEmpty { texts.append(String(text)) }
        return texts
    }

    /// Latents as `coder/number` that may be given several times: each once, in order.
    mutating func latents(_ name: String, most: Int) throws(Fault) -> [LatentKey] {
        var keys: [LatentKey] = []
        var seen: Set<LatentKey> = []
        for text in texts(name) {
            let key = try Self.latent(text, of: name)
            if seen.insert(key).inserted { keys.append(key) }
        }
        guard keys.count <= most else {
            throw Fault(message: "`\(name)` names \(keys.count) latents, and at most \(most) are taken")
        }
        return keys
    }

    /// A latent as `coder/number`.
    mutating func latent(_ name: String) throws(Fault) -> LatentKey? {
        guard let text = text(name) else { return nil }
        return try Self.latent(text, of: name)
    }

    private static func latent(_ text: String, of name: String) throws(Fault) -> LatentKey {
        guard let key = LatentKey(written: text) else {
            throw Fault(
                message: "`\(name)` must be a coder and a number, such as codes/17, and not `\(text.prefix(80))`")
        }
        return key
    }

    /// A whole number within bounds.
    mutating func integer(_ name: String, _ range: ClosedRange<Int>) throws(Fault) -> Int? {
        guard let text = text(name) else { return nil }
        guard let value = Int(text), range.contains(value) else {
            throw Fault(message: "`\(name)` must be a whole number from \(range.lowerBound) to \(range.upperBound)")
        }
        return value
    }

    /// A finite number.
    mutating func number(_ name: String) throws(Fault) -> Double? {
        guard let text = text(name) else { return nil }
        guard let value = Double(text), value.isFinite else { throw Fault(message: "`\(name)` must be a number") }
        return value
    }

    /// One of the words of a type.
    mutating func word<Word: RawRepresentable<String> & CaseIterable>(
        _ name: String, _ type: Word.Type
    ) throws(Fault) -> Word? {
        guard let text = text(name) else { return nil }
        return try Self.word(text, of: name)
    }

    /// Words that may be given several times.
    mutating func words<Word: RawRepresentable<String> & CaseIterable>(
        _ name: String, _ type: Word.Type
    ) throws(Fault) -> [Word] {
        var words: [Word] = []
        for text in texts(name) { words.append(try Self.word(text, of: name)) }
        return words
    }

    private static func word<Word: RawRepresentable<String> & CaseIterable>(
        _ text: String, of name: String
    ) throws(Fault) -> Word {
        guard let word = Word(rawValue: text) else {
            throw Fault(
                message: "`\(name)` must be one of \(Word.allCases.map(\.rawValue).joined(separator: ", "))")
        }
        return word
    }

    /// Whether a flag is set: `1` or `true`.
    mutating func flag(_ name: String) throws(Fault) -> Bool {
        guard let text = text(name) else { return false }
        guard ["0", "1", "false", "true"].contains(text) else {
            throw Fault(message: "`\(name)` must be 0 or 1")
        }
        return text == "1" || text == "true"
    }

    /// Refuses parameters that were not asked for.
    func finish() throws(Fault) {
        for (name, _) in parameters where !taken.contains(String(name)) {
            throw Fault(message: "`\(name)` is not known here: there are \(taken.sorted().joined(separator: ", "))")
        }
    }

    /// The query of a list of latents.
    static func latents(_ request: Request) throws(Fault) -> LatentQuery {
        var reader = QueryReader(request)
        var query = LatentQuery()
        query.coder = reader.text("coder")
        query.words = reader.text("q") ?? ""
        query.meaning = reader.text("like")
        query.keys = Set(try reader.latents("id", most: 500))
        query.states = Set(try reader.words("state", LatentState.self))
        query.scorer = reader.text("scorer")
        query.leastScore = try reader.number("min_score")
        query.mostScore = try reader.number("max_score")
        query.mostDensity = try reader.number("max_density")
        query.order = try reader.word("sort", LatentQuery.Order.self) ?? (query.meaning == nil ? .latent : .meaning)
        query.isDescending = try reader.flag("desc")
        query.offset = try reader.integer("offset", 0...Int.max) ?? 0
        query.limit = try reader.integer("limit", 1...500) ?? 100
        try reader.finish()
        return query
    }
}

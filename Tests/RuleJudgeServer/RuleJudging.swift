import Hashing

/// Why a question cannot be answered by a rule.
public struct NoRule: Error, Sendable, Hashable {
    /// The line that is not as it should be.
    public let line: String
}

/// Answers the questions of a judged scorer by what the explanation says to the letter.
///
/// `the token X` holds where the word X stands; otherwise the texts in double quotes are looked for (`·` is a space): anywhere
/// in an example without marks, and as the whole of what is marked in one with marks. An explanation with neither holds
/// nowhere.
public struct RuleJudging: Sendable, Hashable {
    /// What is made of a rule's verdict.
    public enum Bent: Sendable, Hashable {
        /// The verdict itself.
        case truthful
        /// Its opposite.
        case inverted
        /// The same answer whatever is asked.
        case always(Bool)
    }

    /// What is made of a rule's verdict.
    public var bent: Bent
    /// The share of examples about which it errs, the same ones however they are asked about.
    public var errors: Double
    /// Decides which ones.
    public var seed: UInt64

    /// Makes a judge that is truthful unless told otherwise.
    public init(_ bent: Bent = .truthful, errors: Double = 0, seed: UInt64 = 1) {
        self.bent = bent
        self.errors = errors
        self.seed = seed
    }

    /// The verdict on each example of a question, whose lines are `Explanation: …` and `Example N: …`.
    public func verdicts(system: String, question: String) throws(NoRule) -> [Bool] {
        let lines = question.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        guard let first = lines.first, first.hasPrefix("Explanation: ") else { throw NoRule(line: lines.first ?? "") }
        let terms = Self.terms(of: first)
        let isAboutMarks = system.contains("whether the marks are right")
        var verdicts: [Bool] = []
        for (number, line) in lines.dropFirst().enumerated() {
            let start = "Example \(number + 1): "
            guard line.hasPrefix(start) else { throw NoRule(line: line) }
            let example = String(line.dropFirst(start.count))
            let shown = isAboutMarks ? Self.marked(example) : [Self.unmarked(example)]
            let holds = shown.contains { text in terms.contains { $0.stands(in: text, isMarked: isAboutMarks) } }
            verdicts.append(verdict(holds, errs: chance(example) < errors))
        }
        return verdicts
    }

    /// A number from 0 to 1 that depends on a text and the seed alone.
    public func chance(_ text: String) -> Double {
        var hasher = SipHasher(key: SipKey(k0: seed, k1: 2), wide: false)
        hasher.update(text: text)
        return Double(hasher.finalize64() >> 11) * 0x1p-53
    }

    /// The texts between `<<` and `>>`.
    public static func marked(_ example: String) -> [String] {
        example.split(separator: "<<", omittingEmptySubsequences: false).dropFirst()
            .map { String($0.split(separator: ">>", omittingEmptySubsequences: false).first ?? "") }
    }

    /// The number of the example whose marked texts are in the fewest others; `nil` without examples.
    ///
    /// An inverted judge names another one.
    public func intruder(in question: String) -> Int? {
        let lines = question.split(separator: "\n").map { line in
            Set(Self.marked(String(line)).flatMap { $0.split(separator: " ").map(String.init) })
        }
        guard lines.count > 1 else { return nil }
        let shared = lines.map { line in lines.count { !$0.isDisjoint(with: line) } }
        let found = (shared.indices.min { (shared[$0], $0) < (shared[$1], $1) } ?? 0) + 1
        return bent == .inverted ? found % lines.count + 1 : found
    }

    private static func unmarked(_ example: String) -> String {
        example.split(separator: "<<").joined().split(separator: ">>").joined()
    }

    func verdict(_ holds: Bool, errs: Bool) -> Bool {
        switch bent {
        case .truthful: holds != errs
        case .inverted: holds == errs
        case .always(let answer): answer
        }
    }

    enum Term {
        case word(String)
        case text(String)

        func stands(in example: String, isMarked: Bool) -> Bool {
            switch self {
            case .word(let word): example.split(separator: " ").contains { $0 == word }
            case .text(let text): isMarked ? example == text : example.contains(text)
            }
        }
    }

    static func terms(of explanation: String) -> [Term] {
        if let rest = explanation.split(separator: "the token ").dropFirst().last {
            return rest.split { $0 == " " || $0 == "." }.first.map { [.word(String($0))] } ?? []
        }
        let parts = explanation.split(separator: "\"", omittingEmptySubsequences: false)
        return parts.indices.filter { $0 % 2 == 1 && !parts[$0].isEmpty }
            .map { .text(String(parts[$0].map { $0 == "·" ? " " : $0 })) }
    }
}

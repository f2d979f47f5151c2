import Foundation

/// How likely each of some answers is by the first token of the model's turn.
///
/// A token stands for an answer, both in lower case and the token without white space, quotes and asterisks before it,
/// if they are equal, if it is the answer's beginning, or if it goes on after the answer with something other
/// than a letter or digit. A token that stands for several answers counts for the one it equals, else for none. The
/// probabilities of an answer's tokens are added.
struct AnswerMass {
    /// What is asked about, as it was given.
    let answers: [String]
    /// `[answers]`: the probability of the tokens that stand for each.
    let probabilities: [Double]
    /// The most that an answer can have for which none of the tokens stands.
    let unlisted: Double
    private let likeliest: String

    /// Weighs answers by the likeliest tokens.
    init(of answers: [String], among tokens: [TokenLogProbability]) {
        self.answers = answers
        let lowercased = answers.map { $0.lowercased() }
        var mass = [Double](repeating: 0, count: answers.count)
        var listed: [(probability: Double, token: String)] = []
        for entry in tokens {
            // Without a number nothing is known of a token, not that it is as unlikely as can be.
            guard let value = entry.logprob.flatMap(LogProbability.usable) else { continue }
            let probability = exp(min(value, 0))
            listed.append((probability, entry.token))
            if let answer = Self.match(entry.token, lowercased) { mass[answer] += probability }
        }
        probabilities = mass.map { min($0, 1) }
        // Tokens that are not listed are each no likelier than the last that is, and all together no likelier than
        // what the listed ones leave.
        let rest = max(1 - listed.reduce(0) { $0 + $1.probability }, 0)
        unlisted = min(listed.map(\.probability).min() ?? 1, rest)
        likeliest = listed.max { $0.probability < $1.probability }?.token ?? ""
    }

    /// The natural logarithms of the answers' probabilities; minus infinity for one that no token stands for.
    var logProbabilities: [Double] { probabilities.map { log($0) } }

    /// Throws kind `badAnswer` if the answers have less than `minimum` together, or if one that no token stands
    /// for could be likelier than all that are listed.
    func check(minimum: Double, excerpt: Excerpt) throws(InferenceError) {
        let names = answers.joined(separator: " and ")
        let sum = probabilities.reduce(0, +)
        guard sum >= minimum else {
            throw InferenceError(
                .badAnswer,
                """
                \(names) have \(Self.rounded(sum)) of the first token's probability together, and a verdict needs \
                \(Self.rounded(minimum)); the likeliest token is \(excerpt.text(likeliest))
                """)
        }
        guard !probabilities.contains(0) || unlisted < (probabilities.max() ?? 0) else {
            throw InferenceError(
                .badAnswer, "the likeliest tokens do not say which of \(names) is likelier: one of them is not listed")
        }
    }

    private static func rounded(_ probability: Double) -> Double { (probability * 1000).rounded() / 1000 }

    private static func match(_ token: String, _ answers: [String]) -> Int? {
        let text = String(token.lowercased().drop { ignored.contains($0) || $0.isWhitespace })
        guard !text.isEmpty else { return nil }
        if let equal = answers.firstIndex(of: text) { return equal }
        let candidates = answers.indices.filter { index in
            let answer = answers[index]
            if answer.isEmpty { return false }
            if answer.hasPrefix(text) { return true }
            guard text.hasPrefix(answer), let next = text.dropFirst(answer.count).first else { return false }
            return !next.isLetter && !next.isNumber
        }
        return candidates.count == 1 ? candidates.first : nil
    }

    /// Quotes, emphasis, and what byte-level and SentencePiece vocabularies write for a space.
    private static let ignored: Set<Character> = ["\"", "'", "`", "*", "“", "‘", "Ġ", "ġ", "▁"]
}

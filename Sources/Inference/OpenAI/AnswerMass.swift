import Foundation

/// How likely each of some answers is by the first token of the model's turn.
enum AnswerMass {
    /// The natural logarithms of the answers' probabilities; minus infinity for one that no token stands for.
    ///
    /// A token stands for an answer, both in lower case and the token without white space, quotes and asterisks before
    /// it, where they are equal, where it is the answer's beginning, or where it goes on behind the answer with
    /// something other than a letter or digit. A token that stands for several answers counts for the one it equals,
    /// else for none. The probabilities of an answer's tokens are added.
    static func logProbabilities(of answers: [String], among tokens: [TokenLogProbability]) -> [Double] {
        let answers = answers.map { $0.lowercased() }
        var mass = [Double](repeating: 0, count: answers.count)
        for entry in tokens where entry.logprob.isFinite {
            guard let answer = match(entry.token, answers) else { continue }
            mass[answer] += exp(min(entry.logprob, 0))
        }
        return mass.map { min(log($0), 0) }
    }

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

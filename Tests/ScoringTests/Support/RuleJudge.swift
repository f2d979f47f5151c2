import Foundation
import Hashing
import Inference

/// A judge that takes `the token X` in the explanation as a rule and answers each example line by it.
struct RuleJudge: Judge {
    /// Whether it says the opposite of what the rule gives.
    var isInverted = false
    /// The share of prompts it answers with rubbish.
    var rubbish = 0.0
    /// The share of examples about which it errs, the same ones however they are asked about.
    var errors = 0.0
    var offersLogProbabilities = true

    var name: String { "rule" }
    var digest: Hash128 { Hash128(high: 7, low: isInverted ? 1 : 0) }

    func complete(_ prompt: Prompt, maximumTokens: Int) async throws(InferenceError) -> Completion {
        let answer = try verdicts(prompt)
        let text =
            chance(prompt.messages.last?.content ?? "") < rubbish
            ? "Let me think about [these] examples" : "[" + answer.map { $0 ? "1" : "0" }.joined(separator: ", ") + "]"
        return Completion(text: text, tokensIn: 10, tokensOut: 2)
    }

    func logProbabilities(of answers: [String], after prompt: Prompt) async throws(InferenceError)
        -> AnswerLogProbabilities
    {
        guard answers == ["Yes", "No"], let yes = try verdicts(prompt).first else {
            throw InferenceError(.badAnswer, "no example")
        }
        if chance(prompt.messages.last?.content ?? "") < rubbish { throw InferenceError(.timedOut, "slow") }
        return AnswerLogProbabilities(values: yes ? [-0.2, -2] : [-2, -0.2], tokensIn: 10)
    }

    /// What it would say about every example of a prompt.
    func verdicts(_ prompt: Prompt) throws(InferenceError) -> [Bool] {
        let lines = (prompt.messages.last?.content ?? "").components(separatedBy: "\n")
        guard let first = lines.first, first.hasPrefix("Explanation: "),
            let rule = first.components(separatedBy: "the token ").last?.split(whereSeparator: { " .".contains($0) })
                .first
        else { throw InferenceError(.badAnswer, "no rule in \(lines.first ?? "")") }
        let isAboutMarks = prompt.messages.first?.content.contains("whether the marks are right") ?? false
        var verdicts: [Bool] = []
        for (number, line) in lines.dropFirst().enumerated() {
            let start = "Example \(number + 1): "
            guard line.hasPrefix(start) else { throw InferenceError(.badAnswer, "line \(number + 1) is \(line)") }
            let example = String(line.dropFirst(start.count))
            let shown =
                isAboutMarks ? Self.marked(example) : [example.replacing("<<", with: "").replacing(">>", with: "")]
            let holds = shown.contains { $0.split(separator: " ").contains(rule) }
            let errs = chance(example) < errors
            verdicts.append(holds != (isInverted != errs))
        }
        return verdicts
    }

    private static func marked(_ example: String) -> [String] {
        example.components(separatedBy: "<<").dropFirst().compactMap { $0.components(separatedBy: ">>").first }
    }

    private func chance(_ text: String) -> Double {
        var hasher = SipHasher(key: SipKey(k0: 1, k1: 2), wide: false)
        hasher.update(text: text)
        return Double(hasher.finalize64() >> 11) * 0x1p-53
    }
}

import Foundation
import Hashing
import Inference
import RuleJudgeServer

/// A judge in memory that answers by the rule in the explanation.
struct RuleJudge: LanguageModelClient {
    /// Whether it says the opposite of what the rule gives.
    var isInverted = false
    /// The share of prompts it answers with rubbish.
    var rubbish = 0.0
    /// The share of examples about which it errs, the same ones however they are asked about.
    var errors = 0.0
    var offersLogProbabilities = true
    var readsTexts = true
    /// The tokens that each call says it found in its cache; `nil` for a judge that does not say.
    var tokensCached: Int?
    /// Why it answers nothing; `nil` where it does.
    var outage: InferenceError?

    var name: String { "rule" }
    var digest: Hash128 { Hash128(high: 7, low: isInverted ? 1 : 0) }

    private var judging: RuleJudging { RuleJudging(isInverted ? .inverted : .truthful, errors: errors) }

    func complete(_ prompt: Prompt, maximumTokens: Int) async throws(InferenceError) -> Completion {
        if let outage { throw outage }
        let answer = try verdicts(prompt)
        let text =
            isRubbish(prompt)
            ? "Let me think about [these] examples" : "[" + answer.map { $0 ? "1" : "0" }.joined(separator: ", ") + "]"
        return Completion(text: text, tokensIn: 10, tokensOut: 2, tokensCached: tokensCached)
    }

    func logProbabilities(of answers: [String], after prompt: Prompt) async throws(InferenceError)
        -> AnswerLogProbabilities
    {
        if let outage { throw outage }
        if prompt.messages.first?.content.contains("the intruder") == true {
            let place = judging.intruder(in: prompt.messages.last?.content ?? "")
            return AnswerLogProbabilities(
                values: answers.map { $0 == "\(place ?? 0)" ? -0.1 : -4 }, tokensIn: 10,
                tokensCached: tokensCached)
        }
        guard answers == ["Yes", "No"], let yes = try verdicts(prompt).first else {
            throw InferenceError(.badAnswer, "no example")
        }
        if isRubbish(prompt) { throw InferenceError(.badAnswer, "neither yes nor no") }
        return AnswerLogProbabilities(values: yes ? [-0.2, -2] : [-2, -0.2], tokensIn: 10, tokensCached: tokensCached)
    }

    func logProbability(of text: String, after prefix: String) async throws(InferenceError) -> TextLogProbability {
        if let outage { throw outage }
        let before = RuleReading(prefix, by: judging).tokens.count - 1
        let values = RuleReading(prefix + text, by: judging).tokens.dropLast().dropFirst(before).compactMap(
            \.logProbability)
        return TextLogProbability(
            value: values.reduce(0, +), tokens: values.count, tokensIn: before + values.count,
            tokensCached: tokensCached)
    }

    func logProbabilities(of alternatives: [String], in text: PlacedText) async throws(InferenceError)
        -> PlacedLogProbabilities
    {
        if let outage { throw outage }
        let tokens = RuleReading(text.prefix + text.pieces.joined(), by: judging).tokens
        let places = tokens.indices.dropFirst().filter { tokens[$0 - 1].text == "\t" }.suffix(text.pieces.count)
        let values = places.map { place in
            alternatives.map { name in
                tokens[place].likeliest.first { $0.text.filter { $0 != " " } == name }?.value
            }
        }
        return PlacedLogProbabilities(values: values, tokensIn: tokens.count, tokensCached: tokensCached)
    }

    /// What it would say about every example of a prompt.
    func verdicts(_ prompt: Prompt) throws(InferenceError) -> [Bool] {
        do {
            return try judging.verdicts(
                system: prompt.messages.first?.content ?? "", question: prompt.messages.last?.content ?? "")
        } catch {
            throw InferenceError(.badAnswer, "no rule in \(error.line)")
        }
    }

    private func isRubbish(_ prompt: Prompt) -> Bool {
        judging.chance(prompt.messages.last?.content ?? "") < rubbish
    }
}

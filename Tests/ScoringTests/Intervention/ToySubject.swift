import Foundation
import Hashing
import Inference
import Scoring
import Statistics

/// A subject without context: all tokens are equally likely, and latent `l` adds its code to the logit of token `l`.
struct ToySubject: InterventionSubject {
    var vocabulary = 512
    var digest = Hash128(high: 3, low: 4)
    /// What every latent's code is where nothing is changed; ablation takes its effect away.
    var code: Float = 2
    /// The largest effect that a change can have.
    var limit: Float = .infinity
    /// Why it answers nothing; `nil` where it does.
    var outage: InferenceError?

    /// The probability of the latent's token and the divergence at a strength, in closed form.
    func law(_ strength: Double) -> (probability: Double, divergence: Double) {
        let others = Double(vocabulary - 1)
        let before = exp(Double(code)) / (exp(Double(code)) + others)
        let after = exp(Double(code) + strength) / (exp(Double(code) + strength) + others)
        return (after, before * log(before / after) + (1 - before) * log((1 - before) / (1 - after)))
    }

    func logits(
        after prompt: [UInt32], under intervention: Intervention?
    ) async throws(InferenceError) -> [Float] {
        if let outage { throw outage }
        var logits = [Float](repeating: 1, count: vocabulary)
        // Every prompt ends with the token of the latent that fires there.
        if let last = prompt.last { logits[Int(last)] += code }
        guard let intervention else { return logits }
        switch intervention.change {
        case .add(let addend): logits[intervention.latent] += min(addend, limit)
        case .ablate: logits[intervention.latent] = 1
        }
        return logits
    }

    func completion(
        of prompt: [UInt32], under intervention: Intervention?, tokens: Int, seed: UInt64?
    ) async throws(InferenceError) -> [UInt32] {
        let weights = try await logits(after: prompt, under: intervention).map { exp(Double($0)) }
        guard let seed else {
            let likeliest = weights.indices.max { weights[$0] < weights[$1] } ?? 0
            return [UInt32](repeating: UInt32(likeliest), count: tokens)
        }
        let total = weights.reduce(0, +)
        var generator = SeededGenerator(seed: seed)
        return (0..<tokens).map { _ in
            var rest = Double.random(in: 0..<total, using: &generator)
            return UInt32(
                weights.firstIndex {
                    rest -= $0; return rest < 0
                } ?? 0)
        }
    }
}

/// Explains by the word that was listed most often, and finds an explanation likelier the oftener a passage has it.
struct ToyJudge: LanguageModelClient {
    var name = "toy"
    var digest = Hash128(high: 8, low: 9)
    var offersLogProbabilities: Bool { readsTexts }
    var readsTexts = true
    /// What it says whatever it is asked; `nil` for what was listed most often.
    var answer: String?
    /// What it says where its answer is drawn; `nil` for what it says anyway.
    var drawn: (@Sendable (AnswerSampling) -> String)?
    /// What each occurrence adds to the log-probability, in nats.
    static let gain = 1.5

    func complete(_ prompt: Prompt, maximumTokens: Int) async throws(InferenceError) -> Completion {
        var counts: [String: Int] = [:]
        for line in (prompt.messages.last?.content ?? "").split(separator: "\n") {
            guard let list = line.split(separator: "Likelier next: ").last, line.hasPrefix("Likelier") else { continue }
            for word in list.split(separator: ", ") { counts[String(word.filter { $0 != "\"" }), default: 0] += 1 }
        }
        let best = counts.max { ($0.value, $1.key) < ($1.value, $0.key) }?.key ?? ""
        return Completion(text: answer ?? best + "\"\nand more", tokensIn: 100, tokensOut: 3)
    }

    func complete(
        _ prompt: Prompt, maximumTokens: Int, drawn sampling: AnswerSampling
    ) async throws(InferenceError) -> Completion {
        guard let drawn else { return try await complete(prompt, maximumTokens: maximumTokens) }
        return Completion(text: drawn(sampling), tokensIn: 100, tokensOut: 3)
    }

    func logProbabilities(
        of answers: [String], after prompt: Prompt
    ) async throws(InferenceError) -> AnswerLogProbabilities {
        throw InferenceError(.unsupported, "not asked")
    }

    func logProbability(of text: String, after prefix: String) async throws(InferenceError) -> TextLogProbability {
        let passage = prefix.split(separator: "\n").last { $0.hasPrefix("Passage: ") } ?? ""
        let words = passage.split(separator: " ")
        let word = text.filter { $0 != "\"" && $0 != " " }
        return TextLogProbability(
            value: -20 + Self.gain * Double(words.count { $0 == word }), tokens: 2, tokensIn: 10)
    }
}

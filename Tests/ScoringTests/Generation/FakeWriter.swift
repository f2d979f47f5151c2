import Elements
import Hashing
import Inference
import Synchronization

@testable import Scoring

/// A model that writes texts as a test says, and counts how often it is asked.
final class FakeWriter: LanguageModelClient {
    /// What it was asked: the description, how many texts, and the draws' seed, `nil` for the likeliest answer.
    struct Call: Hashable {
        let description: String
        let texts: Int
        let seed: UInt64?
    }

    let name = "writer"
    let digest = Hash128(high: 3, low: 4)
    let offersLogProbabilities = false
    private let asked = Mutex<[Call]>([])
    private let isCutOff: Bool
    private let answer: @Sendable (Call) throws(InferenceError) -> String

    init(isCutOff: Bool = false, _ answer: @escaping @Sendable (Call) throws(InferenceError) -> String) {
        self.isCutOff = isCutOff
        self.answer = answer
    }

    /// A model that numbers texts, each made of the description, its number and the seed.
    convenience init(text: @escaping @Sendable (_ description: String, _ number: Int) -> String) {
        self.init { call in
            (1...call.texts).map { "\($0). \(text(call.description, $0)) s\(call.seed ?? 0)" }.joined(separator: "\n")
        }
    }

    var calls: [Call] { asked.withLock { $0 } }

    func complete(_ prompt: Prompt, maximumTokens: Int) async throws(InferenceError) -> Completion {
        try answer(to: prompt, seed: nil)
    }

    func complete(
        _ prompt: Prompt, maximumTokens: Int, drawn sampling: AnswerSampling
    ) async throws(InferenceError) -> Completion {
        try answer(to: prompt, seed: sampling.seed)
    }

    func logProbabilities(of answers: [String], after prompt: Prompt) async throws(InferenceError)
        -> AnswerLogProbabilities
    {
        throw InferenceError(.unsupported, "not asked")
    }

    private func answer(to prompt: Prompt, seed: UInt64?) throws(InferenceError) -> Completion {
        let lines = (prompt.messages.last?.content ?? "").split(separator: "\n")
        guard lines.count == 2, let texts = Int(lines[1].dropFirst("Texts: ".count)) else {
            throw InferenceError(.badAnswer, "another question")
        }
        let call = Call(description: String(lines[0].dropFirst("Description: ".count)), texts: texts, seed: seed)
        asked.withLock { $0.append(call) }
        return Completion(
            text: try answer(call), tokensIn: 100, tokensOut: 10, tokensCached: 60, isCutOff: isCutOff)
    }
}

/// A subject whose tokens are words, and in which latent `l` fires at the word `w` and its number, each time one more strongly.
struct WordReader: TextReader {
    var digest = Hash128(high: 5, low: 6)

    func read(_ texts: [String], tokens: Int) async throws -> [ReadText] {
        texts.map { text in
            let words = text.split(separator: " ").prefix(tokens)
            var counts: [Int32: Float] = [:]
            let latents = words.map { word -> Int32? in word.hasPrefix("w") ? Int32(word.dropFirst()) : nil }
            let activations = latents.map { latent -> [Float] in
                guard let latent else { return [] }
                counts[latent, default: 0] += 1
                return [counts[latent] ?? 0]
            }
            return ReadText(
                tokens: words.map { Array(" \($0)".utf8) }, latents: latents.map { $0.map { [$0] } ?? [] },
                activations: activations)
        }
    }
}

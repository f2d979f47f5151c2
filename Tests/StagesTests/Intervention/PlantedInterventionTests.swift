import Dataflow
import Elements
import Foundation
import Hashing
import Inference
import LanguageModels
import SparseCoders
import Statistics
import TestSupport
import Testing
import WeightFiles

@testable import Scoring
@testable import Stages

/// Latents whose decoder rows are the unembedding directions of known tokens, in a real small model.
@Suite struct PlantedInterventionTests {
    private static let tokens: [UInt32] = [17, 45, 99, 180, 256, 301, 404, 490]
    private let folder: TemporaryFolder
    private let coder: CoderIdentity
    private let subject: SteeredModel
    private let compute = ComputePool<Void>(name: "test", threads: 1)

    init() throws {
        folder = try TemporaryFolder()
        let golden = GoldenFiles.path("architectures/llama")
        let file = try SafetensorsFile(path: golden + "/model.safetensors")
        let head = try #require(file.tensors["lm_head.weight"]).floats()
        let rows = Self.tokens.flatMap { Array(head[Int($0) * 64..<(Int($0) + 1) * 64]) }
        let count = Self.tokens.count
        let settings = #"{"activation": "topk", "num_latents": \#(count), "k": 2, "d_in": 64}"#
        try folder.write(settings, to: "cfg.json")
        try SafetensorsFile.write(
            [
                ("encoder.weight", [count, 64], rows), ("encoder.bias", [count], [Float](repeating: 0, count: count)),
                ("b_dec", [64], [Float](repeating: 0, count: 64)), ("W_dec", [count, 64], rows),
            ], to: folder.file("sae.safetensors"))
        let sparse = try SparseCoder(folder: folder.path)
        coder = sparse.identity(name: "codes", hookpoint: "layers.2")
        let confident = try Self.confident(golden, in: folder.file("model"))
        subject = try SteeredModel(
            model: BatchedModel(model: LanguageModel(path: confident), workers: 2, permits: nil), coder: sparse,
            hookpoint: Hookpoint(block: 2, site: .residual), bos: nil, stops: [])
    }

    /// The same model with logits four times as large: those of the reference are too flat for any edit to move them by 1 nat.
    private static func confident(_ golden: String, in folder: String) throws -> String {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try FileManager.default.copyItem(atPath: golden + "/config.json", toPath: folder + "/config.json")
        let file = try SafetensorsFile(path: golden + "/model.safetensors")
        let tensors = try file.tensors.sorted { $0.key < $1.key }.map { name, tensor in
            let scale: Float = name == "model.norm.weight" ? 4 : 1
            return (name, tensor.shape, try tensor.floats().map { scale * $0 })
        }
        try SafetensorsFile.write(tensors, to: folder + "/model.safetensors")
        return folder
    }

    /// A vocabulary of numbered words.
    private struct Words: TokenDecoder {
        let count = 512
        func bytes(of token: UInt32) -> [UInt8] { Array(" w\(token)".utf8) }
        func isSpecial(_ token: UInt32) -> Bool { false }
    }

    /// Explains by the token that is listed first most often; a text is likelier the oftener it stands in the passage.
    private struct Counting: LanguageModelClient {
        let name = "counting"
        let digest = Hash128(high: 1, low: 1)
        let offersLogProbabilities = true
        let readsTexts = true

        func complete(_ prompt: Prompt, maximumTokens: Int) async throws(InferenceError) -> Completion {
            var counts: [String: Int] = [:]
            for line in (prompt.messages.last?.content ?? "").split(separator: "\n") where line.hasPrefix("Likelier") {
                counts[line.split(separator: "\"").dropFirst().first.map(String.init) ?? "", default: 0] += 1
            }
            let best = counts.max { ($0.value, $1.key) < ($1.value, $0.key) }?.key ?? ""
            return Completion(text: best, tokensIn: 1, tokensOut: 1)
        }

        func complete(
            _ prompt: Prompt, maximumTokens: Int, drawn sampling: AnswerSampling
        ) async throws(InferenceError) -> Completion {
            try await complete(prompt, maximumTokens: maximumTokens)
        }

        func logProbabilities(
            of answers: [String], after prompt: Prompt
        ) async throws(InferenceError) -> AnswerLogProbabilities {
            throw InferenceError(.unsupported, "not asked")
        }

        func logProbability(of text: String, after prefix: String) async throws(InferenceError) -> TextLogProbability {
            let passage = prefix.split(separator: "\n").last { $0.hasPrefix("Passage: ") } ?? ""
            let count = passage.split(separator: " ").count { "\($0)\"" == text }
            return TextLogProbability(value: -9 + Double(count), tokens: 1, tokensIn: 1)
        }
    }

    private func prompts(_ latent: Int, _ settings: InterventionSettings) throws -> InterventionPrompts {
        func examples(_ count: Int, _ salt: Int) -> [Example] {
            (0..<count).map { index in
                let tokens = (0..<14).map { UInt32(($0 * 53 + index * 97 + latent * 31 + salt) % 512) }
                let identity = SipHasher.hash128(tokens: tokens, key: SipKey(seed: 7))
                return Example(
                    window: Window(tokens: tokens, identity: identity, priority: identity.high),
                    activations: tokens.indices.map { $0 == 5 + index % 8 ? 1 : 0 })
            }
        }
        return try InterventionPrompts(
            latent: latent, train: examples(30, 1), heldOut: examples(60, 260), settings: settings, seed: 3, bos: nil)
    }

    private func score(_ latent: Int, explainedAs other: Int? = nil) async throws -> Score {
        let settings = InterventionSettings()
        let explanation = Explanation(
            job: Hash128(high: 5, low: UInt64(other ?? latent)), node: "none", coder: coder, latent: other ?? latent,
            text: "", predicate: nil,
            provenance: Provenance(
                explainer: "none", sampling: "none", promptVersion: "1", model: nil, seed: 0,
                evidenceDigest: Hash128(high: 0, low: 0), epoch: 1, shown: []))
        let models = InterventionModels(subject: subject, explainer: Counting(), scorer: Counting())
        let scored = PlanSubject(
            node: "steered", explanation: explanation, latent: latent, control: other == nil ? nil : "shuffled",
            judge: models.explainer, seed: 3, heldOut: HeldOutAccount(kept: 60))
        let evidence = InterventionEvidence(
            prompts: try prompts(latent, settings), explained: try other.map { try prompts($0, settings) },
            models: models)
        let plan = InterventionPlan(subject: scored, evidence: evidence, settings: settings)
        return try await InterventionScorer.run(
            plan, models: models, tokenDecoder: Words(), compute: compute, memory: InterventionMemory())
    }

    @Test func plantedTokensAreSaidAndShuffledExplanationsScoreNothing() async throws {
        var (own, shuffled) = ([Double](), [Double]())
        for (latent, token) in Self.tokens.enumerated() {
            let score = try await score(latent)
            #expect(score.text == "w\(token)")
            let kl = try #require(score.details["kl"])
            #expect(abs(kl.value - 1) <= 0.1 && kl.count == 30)
            own.append(try #require(score.headline).value)
            let control = try await self.score(latent, explainedAs: (latent + 3) % Self.tokens.count)
            shuffled.append(try #require(control.headline).value)
            #expect(control.details["strength"] == score.details["strength"])
        }
        let (with, without) = (try #require(StudentT.mean(of: own)), try #require(StudentT.mean(of: shuffled)))
        #expect(with.lower > 0.5 && with.lower > without.upper + 0.3, "\(own) \(shuffled)")
        #expect(abs(without.value) < 0.2)
    }

    @Test func theSameJobGivesTheSameBits() async throws {
        let first = try await score(2)
        #expect(try await score(2) == first)
    }
}

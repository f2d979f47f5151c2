import Dataflow
import Elements
import Explaining
import Foundation
import Hashing
import Inference
import LanguageModels
import LinearAlgebra
import SparseCoders
import StateFixtures
import Synchronization
import TestSupport
import Testing

@testable import Scoring
@testable import Stages

/// What turning a latent up changes, read in real small models and compared with forwards by hand.
@Suite struct OutputReadingTests {
    /// A word for every token.
    private struct Words: TokenDecoder {
        var count: Int { 512 }
        func bytes(of token: UInt32) -> [UInt8] { Array(" w\(token)".utf8) }
        func isSpecial(_ token: UInt32) -> Bool { false }
    }

    private static let compute = ComputePool<Void>(name: "test", threads: 1)

    private static let pool: [PoolWindow] = (0..<40).map { row in
        let tokens = (0..<12).map { UInt32(($0 * 53 + row * 97 + 3) % 512) }
        let identity = SipHasher.hash128(tokens: tokens, key: SipKey(seed: 7))
        return PoolWindow(
            window: Window(tokens: tokens, identity: identity, priority: identity.high), latents: [],
            isTrain: row % 2 == 0, isTest: row % 2 == 1)
    }

    private func plan(_ subject: any InterventionSubject, latent: Int, strength: Double = 2) throws -> OutputPlan {
        var settings = OutputSettings()
        settings.texts = 6
        settings.strength = strength
        settings.continuations = 3
        settings.continuationTokens = 5
        let fired = Fixture.example([1, 2, 3])
        let evidence = LatentEvidence(
            latent: latent,
            statistics: LatentStatistics(
                tokensFired: 1, windowsFired: 1, sum: 1, sumOfSquares: 1, maximum: 1, histogram: []),
            train: [fired], top: [], test: [], recent: [])
        return try OutputPlan(
            node: "does", update: EvidenceUpdate(view: CountedView([]), epoch: 1, isCaughtUp: true), evidence: evidence,
            texts: OrdinaryText.choose(6, from: Self.pool, seed: 3, bos: nil), settings: settings, seed: 3,
            subject: subject.digest, model: "fixed", modelDigest: FixedJudge().digest)
    }

    private func reading(_ subject: any InterventionSubject, _ plan: OutputPlan, vocabulary: Int = 512) -> OutputReading
    {
        OutputReading(
            settings: plan.settings, subject: subject, bos: nil, vocabulary: vocabulary, tokenDecoder: Words(),
            compute: Self.compute)
    }

    private func logProbabilities(_ logits: some Collection<Float>) -> [Double] {
        let weights = logits.map { exp(Double($0)) }
        let sum = weights.reduce(0, +)
        return weights.map { log($0 / sum) }
    }

    @Test(arguments: ["llama", "gpt2", "qwen3", "gemma2"], [Hookpoint.Site.residual, .attention])
    func changesAreThoseOfForwardsWithTheRowAddedByHand(architecture: String, site: Hookpoint.Site) async throws {
        let model = try LanguageModel(path: GoldenFiles.path("architectures/" + architecture))
        let coder = try SparseCoder(folder: GoldenFiles.path("coders/sparsify_topk"))
        let place = Hookpoint(block: 1, site: site)
        let subject = try SteeredModel(
            model: BatchedModel(model: model, workers: 2, permits: nil), coder: coder, hookpoint: place, bos: nil,
            stops: [], onlyAdds: true)
        let plan = try plan(subject, latent: 11)
        #expect(plan.texts.count == 6 && plan.addend > 0)
        let effects = try await reading(subject, plan).effects(of: plan)

        // From scratch: every text anew, without keys and values of another one.
        let forward = try ForwardPass(model: model, hookpoints: [], mode: .perContext)
        func edited(_ text: [UInt32], from first: Int) throws -> [Float] {
            let session = try GenerationSession(model: model)
            try session.setEdits([
                HookpointEdit(at: place, from: first, AddedVector(try coder.decoderRow(11), strength: plan.addend))
            ])
            return try session.extend(text)
        }
        func clean(_ text: [UInt32]) throws -> [Float] {
            let all = try forward.logits(of: [text])
            return Array(all.values.suffix(all.columns))
        }
        var (changes, p, q) = (
            [Double](repeating: 0, count: 512), [Double](repeating: 0, count: 512), [Double](repeating: 0, count: 512)
        )
        var divergence = 0.0
        for text in plan.texts.map(\.tokens) {
            let (before, after) = (
                logProbabilities(try clean(text)), logProbabilities(try edited(text, from: text.count - 1))
            )
            for token in 0..<512 {
                changes[token] += (after[token] - before[token]) / 6
                p[token] += exp(before[token]) / 6
                q[token] += exp(after[token]) / 6
                divergence += exp(before[token]) * (before[token] - after[token]) / 6
            }
        }
        #expect(divergence > 0 && abs(effects.divergence - divergence) < 1e-4 * max(1, divergence))
        #expect(!effects.rising.isEmpty && !effects.falling.isEmpty)
        for change in effects.rising + effects.falling {
            #expect(abs(change.nats - changes[Int(change.token)]) < 1e-3)
        }
        // Rounding may exchange neighbours, but nothing that is left out changes by more than what is named.
        let (least, most) = (effects.rising.map(\.nats).min() ?? 0, effects.falling.map(\.nats).max() ?? 0)
        let named = Set((effects.rising + effects.falling).map { Int($0.token) })
        for token in 0..<512 where !named.contains(token) {
            #expect(changes[token] <= least + 1e-3 || q[token] < (1 + 1e-3) / 512 || effects.rising.count < 10)
            #expect(changes[token] >= most - 1e-3 || p[token] < (1 + 1e-3) / 512 || effects.falling.count < 10)
        }
        for continuation in effects.continuations {
            var (plain, steered) = (continuation.text, continuation.text)
            for _ in 0..<5 {
                plain.append(Self.likeliest(try clean(plain)))
                steered.append(Self.likeliest(try edited(steered, from: continuation.text.count - 1)))
            }
            #expect(Array(plain.suffix(5)) == continuation.clean && Array(steered.suffix(5)) == continuation.changed)
            #expect(plan.texts.prefix(3).map(\.tokens).contains(continuation.text))
        }
    }

    private static func likeliest(_ logits: [Float]) -> UInt32 {
        UInt32(logits.indices.max { (logits[$0], $1) < (logits[$1], $0) } ?? 0)
    }

    /// A subject that counts what it is asked, and can fail.
    private final class Counted: InterventionSubject {
        struct Calls: Equatable {
            var clean = 0
            var changed = 0
            var underWay = 0
            var mostUnderWay = 0
        }
        let digest = Fixture.hash(41)
        let calls = Mutex(Calls())
        let vocabulary: Int
        let failure: InferenceError?

        init(vocabulary: Int = 512, failure: InferenceError? = nil) {
            (self.vocabulary, self.failure) = (vocabulary, failure)
        }

        func logits(
            after prompt: [UInt32], under intervention: Intervention?
        ) async throws(InferenceError) -> [Float] {
            if let failure, intervention != nil { throw failure }
            calls.withLock {
                if intervention == nil { $0.clean += 1 } else { $0.changed += 1 }
                $0.underWay += 1
                $0.mostUnderWay = max($0.mostUnderWay, $0.underWay)
            }
            await Task.yield()
            calls.withLock { $0.underWay -= 1 }
            var logits = [Float](repeating: 0, count: vocabulary)
            if let intervention { logits[intervention.latent] = 4 }
            return logits
        }

        func completion(
            of prompt: [UInt32], under intervention: Intervention?, tokens: Int, seed: UInt64?
        ) async throws(InferenceError) -> [UInt32] {
            if seed != nil { throw InferenceError(.unsupported, "nothing is drawn here") }
            return [intervention.map { UInt32($0.latent) } ?? 1]
        }
    }

    @Test func whatTextsDoByThemselvesIsAskedOnceForAllLatents() async throws {
        let subject = Counted()
        let first = try plan(subject, latent: 9)
        let reading = reading(subject, first)
        let effects = try await reading.effects(of: first)
        #expect(effects.rising.map(\.token) == [9])
        #expect(effects.continuations.map(\.changed) == [[9], [9], [9]])
        _ = try await reading.effects(of: try plan(subject, latent: 10))
        #expect(subject.calls.withLock { ($0.clean, $0.changed) } == (6, 12))
        // What the subject goes on with in the same way is no effect.
        #expect(try await reading.effects(of: try plan(subject, latent: 1)).continuations.isEmpty)
    }

    /// Logits of the largest vocabulary of all are held for one text at a time.
    @Test func logitsOfManyTextsAreNotHeldTogether() async throws {
        let vocabulary = OutputReading.mostChangedBytes / 8
        let subject = Counted(vocabulary: vocabulary)
        let plan = try plan(subject, latent: 9)
        _ = try await reading(subject, plan, vocabulary: vocabulary).effects(of: plan)
        #expect(subject.calls.withLock { ($0.changed, $0.mostUnderWay) } == (6, 1))
    }

    @Test(arguments: [
        (InferenceError(.badAnswer, "it cannot be run"), false), (InferenceError(.cancelled, "called off"), true),
    ]) func aSubjectThatFailsIsNamedAndTriedAgainIfThatHelps(failure: InferenceError, isRetriable: Bool) async throws {
        let subject = Counted(failure: failure)
        let plan = try plan(subject, latent: 9)
        let error = await #expect(throws: ExplainingError.self) {
            try await reading(subject, plan).effects(of: plan)
        }
        #expect(error?.kind == .inference && error?.isRetriable == isRetriable)
        #expect(error?.message == failure.description)
    }

    @Test func aSubjectWithoutANextTokenOrAnotherOneIsRefused() async throws {
        let subject = Counted(vocabulary: 511)
        let plan = try plan(subject, latent: 9)
        let odd = await #expect(throws: ExplainingError.self) { try await reading(subject, plan).effects(of: plan) }
        #expect(odd?.kind == .inference && odd?.message.hasPrefix("latent 9: ") == true)
        let other = try self.plan(Counted(), latent: 9)
        let steered = try SteeredModel(
            model: BatchedModel(
                model: LanguageModel(path: GoldenFiles.path("architectures/llama")), workers: 1, permits: nil),
            coder: SparseCoder(folder: GoldenFiles.path("coders/sparsify_topk")),
            hookpoint: Hookpoint(block: 1, site: .residual), bos: nil, stops: [])
        let changed = await #expect(throws: ExplainingError.self) {
            try await reading(steered, other).effects(of: other)
        }
        #expect(changed?.kind == .modelChanged)
    }
}

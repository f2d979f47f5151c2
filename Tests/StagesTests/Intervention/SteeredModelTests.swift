import Dataflow
import Elements
import Foundation
import Inference
import LanguageModels
import LinearAlgebra
import Running
import SparseCoders
import TestSupport
import Testing

@testable import Scoring
@testable import Stages

/// Interventions inside real small models.
@Suite struct SteeredModelTests {
    private let prompts: [[UInt32]] = (0..<6).map { (prompt: Int) -> [UInt32] in
        let first = 7 * prompt + 5
        return (0..<(5 + 9 * prompt)).map { (place: Int) -> UInt32 in UInt32((place * 53 + first) % 512) }
    }

    private func steered(
        _ architecture: String, coder: String = "sparsify_topk", at hookpoint: Hookpoint.Site = .residual
    ) throws -> (SteeredModel, LanguageModel, SparseCoder) {
        let model = try LanguageModel(path: GoldenFiles.path("architectures/" + architecture))
        let coder = try SparseCoder(folder: GoldenFiles.path("coders/" + coder))
        let steered = try SteeredModel(
            model: BatchedModel(model: model, workers: 2, permits: nil), coder: coder,
            hookpoint: Hookpoint(block: 1, site: hookpoint), bos: nil, stops: [])
        return (steered, model, coder)
    }

    /// The divergence by plain sums.
    private func divergence(_ clean: [Float], _ changed: [Float]) -> Double {
        func softmax(_ logits: [Float]) -> [Double] {
            let weights = logits.map { exp(Double($0)) }
            return weights.map { $0 / weights.reduce(0, +) }
        }
        return zip(softmax(clean), softmax(changed)).reduce(0) { $0 + $1.0 * log($1.0 / $1.1) }
    }

    @Test(arguments: ["llama", "gpt2", "qwen3", "gemma2"], [Hookpoint.Site.residual, .feedForward, .attention])
    func divergencesAreThoseOfTwoFullForwards(architecture: String, site: Hookpoint.Site) async throws {
        let (subject, model, coder) = try steered(architecture, at: site)
        let direction = try coder.decoderRow(11)
        let plain = try ForwardPass(model: model, hookpoints: [], mode: .perContext)
        for strength in [0.5, 8] as [Float] {
            for prompt in prompts {
                let clean = try await subject.logits(after: prompt, under: nil)
                let changed = try await subject.logits(
                    after: prompt, under: Intervention(latent: 11, change: .add(strength)))
                let shift = try #require(NextTokenShift(clean: clean, changed: changed))
                // From scratch, without any key and value kept: the edit is in the last token's row only.
                let all = try plain.logits(of: [prompt])
                let session = try GenerationSession(model: model)
                try session.setEdits([
                    HookpointEdit(
                        at: Hookpoint(block: 1, site: site), from: prompt.count - 1,
                        AddedVector(direction, strength: strength))
                ])
                let edited = try session.extend(prompt)
                let expected = divergence(Array(all.values.suffix(all.columns)), edited)
                #expect(abs(shift.divergence - expected) < 1e-4 * max(1, expected))
                #expect(shift.divergence > 0)
            }
        }
    }

    @Test(arguments: ["llama", "gemma3"]) func noStrengthChangesNoBit(architecture: String) async throws {
        let (subject, _, _) = try steered(architecture)
        let nothing = Intervention(latent: 3, change: .add(0))
        for prompt in prompts {
            let clean = try await subject.logits(after: prompt, under: nil)
            let same = try await subject.logits(after: prompt, under: nothing)
            #expect(same.map(\.bitPattern) == clean.map(\.bitPattern))
            #expect(NextTokenShift(clean: clean, changed: same, rising: 5)?.divergence == 0)
            let before = try await subject.completion(of: prompt, under: nil, tokens: 8, seed: 5)
            #expect(try await subject.completion(of: prompt, under: nothing, tokens: 8, seed: 5) == before)
            #expect(before.count == 8)
            let strong = Intervention(latent: 3, change: .add(300))
            #expect(try await subject.completion(of: prompt, under: strong, tokens: 8, seed: 5) != before)
        }
    }

    @Test(arguments: ["sparsify_topk", "saelens_jumprelu", "gemmascope"])
    func ablationTakesTheLatentsPartAway(coder name: String) async throws {
        let (subject, model, coder) = try steered("llama", coder: name)
        let forward = try ForwardPass(
            model: model, hookpoints: [Hookpoint(block: 1, site: .residual)], mode: .perContext)
        var changes = 0
        for prompt in prompts {
            let rows = try #require(try forward.activations(of: [prompt])["layers.1"])
            var last = Matrix(rows: 1, columns: 64)
            last.values = Array(rows.values.suffix(64))
            let codes = try EncodeWorker(coder: coder).encode(last).dense(latents: coder.latents)
            for latent in 0..<coder.latents where latent % 16 == 0 || codes.values[latent] > 0 {
                let code = codes.values[latent]
                let ablated = try await subject.logits(
                    after: prompt, under: Intervention(latent: latent, change: .ablate))
                let less = try await subject.logits(
                    after: prompt, under: Intervention(latent: latent, change: .add(-code)))
                let clean = try await subject.logits(after: prompt, under: nil)
                if code == 0 { #expect(ablated == clean) } else { changes += 1 }
                #expect(zip(ablated, less).allSatisfy { abs($0 - $1) < 1e-4 })
            }
        }
        #expect(changes > 0)
    }

    @Test func aCoderThatWritesAnotherPlaceIsRefused() throws {
        let error = #expect(throws: DaemonError.self) {
            _ = try steered("llama", coder: "sparsify_transcoder", at: .feedForwardInput)
        }
        #expect(error?.description.contains("another place") == true)
        let narrow = #expect(throws: DaemonError.self) { _ = try steered("llama", at: .neurons) }
        #expect(narrow?.description.contains("layers.1.mlp.neurons") == true)
    }
}

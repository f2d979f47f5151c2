import Dataflow
import Elements
import Foundation
import Inference
import LanguageModels
import LinearAlgebra
import Running
import Scoring
import SparseCoders
import TestSupport
import Testing

@testable import Stages

/// Additions where a coder writes, which for a transcoder is another place than it reads.
@Suite struct WrittenPlaceTests {
    private let prompts: [[UInt32]] = [[5], [9, 3, 200], (0..<23).map { UInt32($0 * 53 % 512) }]

    private func opened(_ architecture: String, _ coder: String) throws -> (LanguageModel, SparseCoder) {
        (
            try LanguageModel(path: GoldenFiles.path("architectures/" + architecture)),
            try SparseCoder(folder: GoldenFiles.path("coders/" + coder))
        )
    }

    private func subject(
        _ model: LanguageModel, _ coder: SparseCoder, at hookpoint: Hookpoint, onlyAdds: Bool = true
    ) throws -> SteeredModel {
        try SteeredModel(
            model: BatchedModel(model: model, workers: 1, permits: nil), coder: coder, hookpoint: hookpoint, bos: nil,
            stops: [], onlyAdds: onlyAdds)
    }

    @Test(arguments: ["sparsify_transcoder", "sparsify_skip_transcoder"])
    func aTranscodersRowIsAddedToWhatTheFeedForwardLayerAdds(coder name: String) async throws {
        let (model, coder) = try opened("llama", name)
        let subject = try subject(model, coder, at: Hookpoint(block: 1, site: .feedForwardInput))
        for prompt in prompts {
            let session = try GenerationSession(model: model)
            try session.setEdits([
                HookpointEdit(
                    at: Hookpoint(block: 1, site: .feedForward), from: prompt.count - 1,
                    AddedVector(try coder.decoderRow(7), strength: 3))
            ])
            let expected = try session.extend(prompt)
            let found = try await subject.logits(after: prompt, under: Intervention(latent: 7, change: .add(3)))
            #expect(zip(found, expected).allSatisfy { abs($0 - $1) < 1e-4 })
            let clean = try await subject.logits(after: prompt, under: nil)
            #expect(zip(found, clean).contains { abs($0 - $1) > 1e-3 })
        }
        await #expect(throws: InferenceError.self) {
            try await subject.logits(after: [1, 2], under: Intervention(latent: 7, change: .ablate))
        }
    }

    @Test func subjectsThatWriteDifferentPlacesHaveDifferentDigests() throws {
        let (model, coder) = try opened("llama", "sparsify_topk")
        let place = Hookpoint(block: 1, site: .residual)
        // What only adds is the same subject as before where the coder writes what it reads.
        #expect(
            try subject(model, coder, at: place).digest == subject(model, coder, at: place, onlyAdds: false).digest)
        let other = Hookpoint(block: 2, site: .residual)
        #expect(try subject(model, coder, at: other).digest != subject(model, coder, at: place).digest)
    }

    @Test(arguments: [
        ("llama", "sparsify_topk", Hookpoint.Site.residual, nil as String?),
        ("gemma2", "sparsify_topk", .feedForward, nil),
        ("llama", "sparsify_transcoder", .feedForwardInput, nil),
        // A norm comes after the layer, and what is added is behind it, at a hookpoint of its own.
        ("gemma2", "sparsify_transcoder", .feedForwardInput, nil),
        ("llama", "sparsify_topk", .neurons, "layers.1.mlp.neurons"),
    ]) func whatCannotBeAddedIsRefusedWithWhatIsWide(
        architecture: String, coder name: String, site: Hookpoint.Site, reason: String?
    ) throws {
        let (model, coder) = try opened(architecture, name)
        let place = Hookpoint(block: 1, site: site)
        let found = WrittenPlace.refusal(of: coder, reading: place, in: model)
        #expect((found == nil) == (reason == nil))
        guard let reason else { return }
        #expect(found?.contains(reason) == true && found?.contains(coder.folder) == true)
        #expect(throws: DaemonError.self) { try subject(model, coder, at: place) }
    }

    @Test func aBlockThatIsNotThereIsNoPlace() throws {
        let (model, coder) = try opened("llama", "sparsify_topk")
        let found = WrittenPlace.refusal(of: coder, reading: Hookpoint(block: 99, site: .residual), in: model)
        #expect(found?.hasPrefix("layers.99 is no hookpoint of ") == true)
    }

    @Test(arguments: [("blocks.1.hook_mlp_out", true), ("model.layers.1.mlp.output", false)])
    func aTranscoderWritesWhereItsFilesSay(place: String, isAdded: Bool) throws {
        let folder = try TemporaryFolder()
        let golden = GoldenFiles.path("coders/saelens_transcoder/")
        for file in ["cfg.json", "sae_weights.safetensors"] {
            try FileManager.default.copyItem(atPath: golden + file, toPath: folder.file(file))
        }
        let settings = try String(contentsOfFile: folder.file("cfg.json"), encoding: .utf8)
        try Data(settings.replacing(/^\{/, with: "{\"hook_name_out\": \"\(place)\", ").utf8)
            .write(to: URL(fileURLWithPath: folder.file("cfg.json")))
        let coder = try SparseCoder(folder: folder.path)
        let model = try LanguageModel(path: GoldenFiles.path("architectures/gemma2"))
        let found = WrittenPlace.refusal(
            of: coder, reading: Hookpoint(block: 1, site: .feedForwardInput), in: model)
        #expect((found == nil) == isAdded)
        #expect(isAdded || found?.contains("writes at layers.1.mlp, and what is there is not added") == true)
    }
}

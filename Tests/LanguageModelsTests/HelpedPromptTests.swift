import LinearAlgebra
import TestSupport
import Testing

@testable import LanguageModels

/// Prompts that others help with: norms, units, rotations, sums, attention and products of every architecture.
@Suite struct HelpedPromptTests {
    private func outcomes(
        _ prompts: [[UInt32]], _ model: LanguageModel, helpers: Int
    ) throws -> [GenerationEvent.Outcome?] {
        let team = helpers > 0 ? WorkTeam(name: "test", helpers: helpers) : nil
        let batch = try GenerationBatch(model: model, team: team)
        let jobs = try prompts.map { try batch.join(GenerationRequest(prompt: $0, purpose: .logits)) }
        var outcomes: [Int: GenerationEvent.Outcome] = [:]
        while batch.count > 0 {
            for event in batch.step(helpers: helpers) { outcomes[event.job] = event.outcome }
        }
        return jobs.map { outcomes[$0] }
    }

    @Test(arguments: ["gemma2", "gemma3", "gpt2", "gpt_neox", "llama", "mistral", "qwen2", "qwen3"])
    func aPromptIsTheSameBitsWhoeverHelps(architecture: String) throws {
        let model = try LanguageModel(path: GoldenFiles.path("architectures/" + architecture))
        // No multiple of anything; and together so many that even the cheapest step is shared.
        let length = min(model.configuration.maximumContext - 5, 701)
        let vocabulary = UInt32(model.configuration.vocabulary)
        let prompts = (0..<UInt32(length > 512 ? 1 : 6)).map { salt in
            (0..<UInt32(length)).map { ($0 &* 37 &+ 11 &* salt &+ 3) % vocabulary }
        }
        let alone = try prompts.flatMap { try outcomes([$0], model, helpers: 0) }
        #expect(!alone.contains(nil))
        for helpers in [1, 3] { #expect(try outcomes(prompts, model, helpers: helpers) == alone) }
    }
}

import Elements
import LanguageModels
import LinearAlgebra
import TestSupport
import Testing
import WeightFiles

/// Generation, probabilities of texts and changed activations in the real models, against Hugging Face transformers' outputs.
@Suite(.serialized) struct GenerationTests {
    private struct Continuation: Decodable {
        let prompt_ids: [UInt32]
        let greedy_ids: [UInt32]
    }

    /// A model file and the folder of its golden files.
    static let models = [
        ["SmolLM2-135M-Instruct.Q4_1.gguf", "smollm2"], ["gemma-3-270m-q4_k_m.gguf", "gemma3"],
    ]

    private static func open(_ names: [String]) throws -> (LanguageModel, String) {
        (try LanguageModel(path: Checkout.path("models/" + names[0])), GoldenFiles.path(names[1]))
    }

    private func finish(_ batch: GenerationBatch) -> [Int: GenerationEvent.Outcome] {
        var outcomes: [Int: GenerationEvent.Outcome] = [:]
        while batch.count > 0 { for event in batch.step() { outcomes[event.job] = event.outcome } }
        return outcomes
    }

    @Test(arguments: models) func manyJobsAtOnceGiveTheGoldenContinuations(names: [String]) throws {
        let (model, _) = try Self.open(names)
        let continuations = try GoldenFiles.decode([Continuation].self, from: names[1] + "/greedy.json")
        let batch = try GenerationBatch(model: model)
        var expected: [Int: [UInt32]] = [:]
        for continuation in continuations {
            let job = try batch.join(
                GenerationRequest(
                    prompt: continuation.prompt_ids, maximumTokens: continuation.greedy_ids.count))
            expected[job] = continuation.greedy_ids
        }
        let outcomes = finish(batch)
        #expect(!expected.isEmpty)
        for (job, tokens) in expected { #expect(outcomes[job] == .generated(tokens)) }
    }

    @Test(arguments: models) func textsHaveTheGoldenProbabilities(names: [String]) throws {
        let (model, folder) = try Self.open(names)
        let golden = try SafetensorsFile(path: folder + "/golden.safetensors")
        let ids = try #require(golden.tensors["input_ids"]).integers().map { UInt32($0) }
        let expected = try #require(golden.tensors["next_token_logprobs"]).floats()
        let contexts = (0..<4).map { Array(ids[($0 * 128)..<($0 * 128 + 128)]) }
        let batch = try GenerationBatch(model: model)
        let jobs = try contexts.map { context in
            try batch.join(
                GenerationRequest(
                    prompt: Array(context[..<50]),
                    purpose: .logProbabilities(of: [Array(context[50...]), Array(context[50..<53])])))
        }
        let outcomes = finish(batch)
        let pass = try ForwardPass(model: model, hookpoints: [], mode: .perContext)
        for (index, context) in contexts.enumerated() {
            guard case .logProbabilities(let values) = outcomes[jobs[index]] else {
                Issue.record("the job failed")
                continue
            }
            let golden = expected[(index * 127 + 49)..<(index * 127 + 127)]
            #expect(values[0].count == 78)
            #expect(zip(values[0], golden).allSatisfy { abs($0 - Double($1)) < 1e-3 })
            #expect(zip(values[1], golden).allSatisfy { abs($0 - Double($1)) < 1e-3 } && values[1].count == 3)
            let own = try pass.nextTokenLogProbabilities(of: [context])[0].suffix(78)
            #expect(zip(values[0], own).allSatisfy { abs($0 - Double($1)) < 2e-4 })
        }
    }

    @Test func neighboursChangeNoBitOfAQuantisedModel() throws {
        let (model, folder) = try Self.open(Self.models[0])
        let golden = try SafetensorsFile(path: folder + "/golden.safetensors")
        let ids = try #require(golden.tensors["input_ids"]).integers().map { UInt32($0) }
        let sampling = try Sampling(temperature: 1, topP: 0.95, seed: 4)
        let requests = (0..<6).map { number in
            let prompt = Array(ids[..<60]) + ids[(128 * (number % 4))..<(128 * (number % 4) + 7 * number + 1)]
            return number % 2 == 0
                ? GenerationRequest(prompt: prompt, maximumTokens: 6, sampling: sampling)
                : GenerationRequest(
                    prompt: prompt,
                    purpose: .logProbabilities(of: [Array(ids[..<number]), Array(ids[70..<90 + number])]))
        }
        let batch = try GenerationBatch(model: model)
        let jobs = try requests.map { try batch.join($0) }
        let together = finish(batch)
        for (request, job) in zip(requests, jobs) {
            let single = try GenerationBatch(model: model)
            let alone = try single.join(request)
            #expect(finish(single)[alone] == together[job])
        }
    }
}

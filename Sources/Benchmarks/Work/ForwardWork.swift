internal import Dataflow
internal import LanguageModels

/// The forward pass through all blocks, without logits.
enum ForwardWork {
    /// The number of contexts of a job, which go through the blocks together.
    private static let contextsPerJob = 2

    static func trial(_ inputs: BenchmarkInputs) throws -> Trial {
        let threads = inputs.settings.threads
        let (model, seconds, work) = (try inputs.model, inputs.seconds, try inputs.work)
        let mode = model.batchMode()
        let blocks = model.configuration.blocks
        let last = Hookpoint(block: blocks - 1, site: .residual)
        let contexts = try inputs.contexts(4 * threads, length: inputs.settings.context)
        let pool = ComputePool(name: "forward", threads: threads) {
            try ForwardPass(model: model, hookpoints: [last], mode: mode)
        }
        let jobs = stride(from: 0, to: contexts.count, by: contextsPerJob).map { start in
            let job = Array(contexts[start..<min(start + contextsPerJob, contexts.count)])
            return { @Sendable (forward: ForwardPass) in _ = try forward.activations(of: job) }
        }
        let length = inputs.settings.context
        let tokens = Double(contexts.count * length)
        let operations = work.perToken(blocks: blocks, context: length)
        return Trial(
            title: "forward, all \(blocks) blocks, contexts of \(length)", baseline: .atPeak,
            cost: Roofline.Cost(
                operations: operations, bytes: 4 * Double(work.blockParameters * blocks) / Double(length))
        ) { tokens / (try await seconds.of(threads: threads, on: pool, jobs)) }
    }
}

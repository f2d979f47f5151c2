internal import Dataflow
internal import LanguageModels

/// The work of an in-process judge: one prompt and one answer for each job, a thread for each job under way.
///
/// Prompts are read by a session of their own; answers are written side by side, as the workers of a judge do. Activations are
/// rounded to eight bits, as a judge does by default; one answer alone is written with floats, by all threads.
enum JudgeWork {
    /// Tokens of a prompt that is read, and of one that an answer is written after.
    static let promptTokens = 512
    private static let shortPrompt = 64

    /// Each thread reads prompts of its own, as the workers of a judge do.
    static func reading(_ inputs: BenchmarkInputs) throws -> Trial {
        let threads = inputs.settings.threads
        let (model, work, seconds) = (try inputs.model, try inputs.work, inputs.seconds)
        let jobs = try inputs.contexts(threads, length: promptTokens).map { prompt in
            { @Sendable (worker: JudgeWorker) in try worker.read(prompt) }
        }
        let pool = ComputePool(name: "judge", threads: threads) { JudgeWorker(model, .int8) }
        let blocks = model.configuration.blocks
        return Trial(
            title: "prompts of \(promptTokens) tokens, \(threads) at once, int8", baseline: .program,
            cost: Roofline.Cost(
                operations: work.perToken(blocks: blocks, context: promptTokens),
                // The weights are read once for 256 tokens.
                bytes: 4 * Double(work.blockParameters * blocks) / 256)
        ) { Double(threads * promptTokens) / (try await seconds.of(threads: threads, on: pool, jobs)) }
    }

    /// The writing of `answers` answers of `tokens` tokens each, under way at once.
    static func writing(answers: Int, tokens: Int, _ inputs: BenchmarkInputs) throws -> Trial {
        let threads = min(inputs.settings.threads, answers)
        let (model, work, seconds) = (try inputs.model, try inputs.work, inputs.seconds)
        let prompts = try inputs.contexts(answers, length: shortPrompt)
        let shares = (0..<threads).map { thread in
            stride(from: thread, to: answers, by: threads).map { prompts[$0] }
        }
        // A pool for each thread: a session stays with the thread that prepared it.
        let activations = answers == 1 ? ActivationPrecision.f32 : .int8
        // Of the processor's time only that of the thread which writes would be counted.
        let helpers = seconds.clock == .wall ? inputs.settings.threads / threads - 1 : 0
        let pools = shares.map { _ in
            ComputePool(name: "judge", threads: 1) { JudgeWorker(model, activations, helpers: helpers) }
        }
        return Trial(
            title: "decode, \(answers) at once, \(activations)", baseline: .program,
            cost: Roofline.Cost(
                operations: work.decoding(after: shortPrompt + tokens / 2),
                bytes: inputs.modelBytes() * Double(threads) / Double(answers))
        ) {
            for (pool, share) in zip(pools, shares) {
                try await pool.run { try $0.prepare(share, tokens: tokens) }
            }
            let parts = pools.map { pool in
                { @Sendable in try await pool.run { worker in Seconds.onCore { worker.write() } } }
            }
            return Double(answers * tokens) / (try await seconds.of(threads: threads, parts))
        }
    }
}

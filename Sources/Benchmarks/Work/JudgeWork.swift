internal import Dataflow
internal import LanguageModels
internal import LinearAlgebra

/// The work of an in-process judge: one prompt and one answer for each job, a thread for each job under way.
///
/// Prompts are read by a session of their own; answers are written side by side, as the workers of a judge do. Activations are
/// rounded to eight bits, as a judge does by default; one answer alone is written with floats, by all threads.
enum JudgeWork {
    private final class Worker {
        private let model: LanguageModel
        private let activations: ActivationPrecision
        private let team: WorkTeam?
        private var session: GenerationSession?
        private var batch: GenerationBatch?

        init(_ model: LanguageModel, _ activations: ActivationPrecision, helpers: Int = 0) {
            self.model = model
            self.activations = activations
            team = helpers > 0 ? WorkTeam(name: "judge-help", helpers: helpers) : nil
        }

        /// Reads a prompt from its first token on.
        func read(_ prompt: [UInt32]) throws {
            let session = try session ?? GenerationSession(model: model, activations: activations)
            self.session = session
            session.truncate(to: 0)
            _ = try session.extend(prompt)
        }

        /// Reads some prompts, each of which is to be continued by `tokens` tokens.
        ///
        /// The first comes from the prompt's own logits, so one more is asked for than `write` computes.
        func prepare(_ prompts: [[UInt32]], tokens: Int) throws {
            let batch = try GenerationBatch(model: model, activations: activations, team: team)
            self.batch = batch
            var waiting = Set<Int>()
            for prompt in prompts {
                waiting.insert(try batch.join(GenerationRequest(prompt: prompt, maximumTokens: tokens + 1)))
            }
            while !waiting.isEmpty { for event in batch.step() { waiting.remove(event.job) } }
        }

        /// Writes what is left of every answer.
        func write() {
            while let batch, batch.count > 0 { _ = batch.step(helpers: team?.helpers ?? 0) }
        }
    }

    /// Tokens of a prompt that is read, and of one that an answer is written after.
    private static let promptTokens = 512
    private static let shortPrompt = 64

    /// Each thread reads prompts of its own, as the workers of a judge do.
    static func reading(_ inputs: BenchmarkInputs) throws -> Trial {
        let threads = inputs.settings.threads
        let (model, seconds) = (inputs.model, inputs.seconds)
        let jobs = try inputs.contexts(threads, length: promptTokens).map { prompt in
            { @Sendable (worker: Worker) in try worker.read(prompt) }
        }
        let pool = ComputePool(name: "judge", threads: threads) { Worker(model, .int8) }
        let blocks = model.configuration.blocks
        return Trial(
            title: "prompts of \(promptTokens) tokens, \(threads) at once, int8", baseline: .program,
            cost: Roofline.Cost(
                operations: inputs.work.perToken(blocks: blocks, context: promptTokens),
                // The weights are read once for 256 tokens.
                bytes: 4 * Double(inputs.work.blockParameters * blocks) / 256)
        ) { Double(threads * promptTokens) / (try await seconds.of(threads: threads, on: pool, jobs)) }
    }

    /// The writing of `answers` answers of `tokens` tokens each, under way at once.
    static func writing(answers: Int, tokens: Int, _ inputs: BenchmarkInputs) throws -> Trial {
        let threads = min(inputs.settings.threads, answers)
        let (model, seconds) = (inputs.model, inputs.seconds)
        let prompts = try inputs.contexts(answers, length: shortPrompt)
        let shares = (0..<threads).map { thread in
            stride(from: thread, to: answers, by: threads).map { prompts[$0] }
        }
        // A pool for each thread: a session stays with the thread that prepared it.
        let activations = answers == 1 ? ActivationPrecision.f32 : .int8
        // Of the processor's time only that of the thread which writes would be counted.
        let helpers = seconds.clock == .wall ? inputs.settings.threads / threads - 1 : 0
        let pools = shares.map { _ in
            ComputePool(name: "judge", threads: 1) { Worker(model, activations, helpers: helpers) }
        }
        let work = inputs.work
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

internal import Dataflow
internal import LanguageModels

/// One prompt alone, read by all threads together, against as many at once as there are threads.
enum PromptAloneWork {
    static func trial(_ inputs: BenchmarkInputs) throws -> Trial {
        let threads = inputs.settings.threads
        let tokens = JudgeWork.promptTokens
        let (model, seconds) = (try inputs.model, inputs.seconds)
        let prompts = try inputs.contexts(threads, length: tokens)
        let many = ComputePool(name: "judge", threads: threads) { JudgeWorker(model, .int8) }
        let jobs = prompts.map { prompt in { @Sendable (worker: JudgeWorker) in try worker.read(prompt) } }
        let alone = ComputePool(name: "judge-1", threads: 1) { JudgeWorker(model, .int8, helpers: threads - 1) }
        // Of the processor's time that of the thread which is helped is counted: while it waits for its helpers, it is on a core.
        let job = { @Sendable (worker: JudgeWorker) in try worker.readHelped(prompts[0]) }
        return Trial(
            title: "one prompt of \(tokens) tokens, \(threads) threads, int8",
            baseline: .work(name: "\(threads) at once") {
                Double(threads * tokens) / (try await seconds.of(threads: threads, on: many, jobs))
            }
        ) { Double(tokens) / (try await seconds.of(threads: 1, on: alone, [job])) }
    }
}

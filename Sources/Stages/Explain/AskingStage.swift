package import Dataflow
package import Elements
import Explaining
package import Inference
import Jobs
import Lineage
import Observability
import Running
import Store

/// Explains latents by asking a language model, each as a job that survives a crash.
///
/// It comes after the checkpoints, so no barrier passes it: its results are kept by the job table.
package struct AskingStage: Stage {
    package let context: ExplainContext
    package let judge: any LanguageModelClient
    package let tokenizer: any TextTokenizer
    package let kind: AskedKind
    /// What latents promote; `nil` if the subject's head is not at hand or nothing is shown of it.
    package let promotion: TokenPromotion?
    package let concurrency: Int

    package init(
        context: ExplainContext, judge: any LanguageModelClient, tokenizer: any TextTokenizer,
        kind: AskedKind, promotion: TokenPromotion? = nil, concurrency: Int
    ) {
        self.context = context
        self.judge = judge
        self.tokenizer = tokenizer
        self.kind = kind
        self.promotion = promotion
        self.concurrency = concurrency
    }

    package func run(from input: InputPort<EvidenceUpdate>, into output: OutputPort<ExplanationBatch>) async throws {
        let latest = LatestUpdate()
        try await runJobs(
            of: context.node, concurrency: concurrency, stop: context.stop,
            clock: context.jobStore.clock, now: context.jobStore.now, admission: { [judge] in JobAdmission(to: judge) },
            progress: context.jobStore.progress, metrics: context.jobStore.metrics,
            reopening: context.jobStore.reopening,
            run: { job in
                switch try await explain(job) {
                case .made(let explanation):
                    try await context.take([explanation], on: latest.update, into: output)
                    return nil
                case .nothing: return nil
                case .again(let job): return job
                }
            },
            plan: { queue in
                try await ExplainNodeDriver(
                    context: context, work: ExplainPlanner(self, queue: queue), output: output, latest: latest
                ).run(from: input)
            })
    }

    private enum Ending {
        case made(Explanation)
        case nothing
        /// The job is to be tried again.
        case again(PlannedJob)
    }

    private func explain(_ named: PlannedJob) async throws -> Ending {
        let (node, jobStore) = (context.node, context.jobStore)
        let job = try await jobStore.withPayload(named)
        let founded = try job.founded()
        let outcome = try await context.timers.busy { try await self.outcome(of: job) }
        jobStore.progress.copied(outcome.copies, by: node)
        switch outcome.result {
        case .success(let explanation):
            return .made(explanation.founded(on: founded.basis, again: founded.again))
        case .failure(let error):
            if Task.isCancelled || context.stop.isRaised && error.isRetriable { return .nothing }
            switch JobAdmission(to: judge) {
            case .begin: break
            case .held:
                jobStore.progress.held(by: node)
                return .nothing
            case .left:
                jobStore.progress.left(by: node)
                return .nothing
            }
            if error.isRetriable {
                if let again = try await jobStore.postpone(job, by: node, reason: "\(error)") { return .again(again) }
            } else {
                try await jobStore.fail(job, by: node, reason: "\(error)")
            }
            // It is tried again at the next start, or once there is that much more evidence.
            if let basis = founded.basis, founded.again != nil {
                context.tell(.foundNothing(latent: job.latent, basis: basis))
            }
            return .nothing
        }
    }

    private func outcome(of job: PlannedJob) async throws -> ExplanationOutcome {
        switch kind {
        case .examples:
            return await DefaultExplainer.run(
                try job.foundedPlan(ExplanationPlan.self), judge: judge, tokenDecoder: tokenizer)
        case .best:
            let rating = FoldRating(judge: judge, tokenDecoder: tokenizer, seed: context.seed)
            return await BestOfExplainer.run(
                try job.foundedPlan(BestOfPlan.self), judge: judge, tokenDecoder: tokenizer
            ) { (explanation, firing, silent) async throws(ExplainingError) in
                try await rating(explanation, firing, silent)
            }
        case .several:
            return await SeveralExplainer.run(
                try job.foundedPlan(SeveralPlan.self), judge: judge, tokenDecoder: tokenizer)
        case .output(let reading):
            return await OutputExplainer.run(
                try job.foundedPlan(OutputPlan.self), judge: judge, tokenDecoder: tokenizer
            ) { plan async throws(ExplainingError) in try await reading.effects(of: plan) }
        }
    }
}

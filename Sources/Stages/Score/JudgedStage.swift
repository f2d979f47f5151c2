package import Dataflow
package import Elements
package import Inference
import Jobs
import Lineage
import Observability
import Running
package import Scoring
import Store

/// Has explanations scored by asking a language model, each as a job that survives a crash.
package struct JudgedStage<Plan: JudgedPlan>: Stage {
    package let context: ScoringContext
    package let judge: any LanguageModelClient
    /// The name of the method, for the metrics.
    package let method: String
    /// The questions, and the use made of the answers.
    package let work: JudgedWork<Plan>
    /// The cheaper scores that settle explanations first; `nil` if every one is asked about.
    package var cascade: Cascade?
    package let concurrency: Int

    package init(
        context: ScoringContext, judge: any LanguageModelClient, method: String, work: JudgedWork<Plan>,
        cascade: Cascade? = nil, concurrency: Int
    ) {
        self.context = context
        self.judge = judge
        self.method = method
        self.work = work
        self.cascade = cascade
        self.concurrency = concurrency
    }

    package func run(from input: InputPort<JudgedInput>, into output: OutputPort<ScoreBatch>) async throws {
        let (node, jobStore) = (context.node, context.jobStore)
        defer { _ = context.lineage.tell(.closed, at: node) }
        try await runJobs(
            of: node, concurrency: concurrency, stop: context.stop, clock: jobStore.clock,
            now: jobStore.now,
            admission: { [judge] in JobAdmission(to: judge) }, progress: jobStore.progress,
            metrics: jobStore.metrics, reopening: jobStore.reopening,
            leave: { job in
                // Of thousands of jobs that a judge's absence leaves, few are of comparisons: only their plans are read.
                guard context.lineage.with({ $0.isComparing(latent: job.latent) }) else { return }
                leave(try PlanInRound<Plan>(of: try await jobStore.withPayload(job)))
            },
            run: { job in
                switch try await score(job) {
                case .made(let score):
                    try await output.send(.scores([score], node: node))
                    return nil
                case .nothing: return nil
                case .again(let job): return job
                }
            },
            plan: { queue in
                try await jobStore.reopenFailed(of: node)
                let asked = try await resume(queue: queue)
                let planner = JudgedPlanner(context, work: work, asked: asked, queue: queue) {
                    try await output.send(.considered([], node: node))
                }
                var driver = ScoreNodeDriver(context, work: planner, cascade: cascade)
                for try await flow in input {
                    if case .batch(let batch) = flow { try await driver.receive(batch) }
                }
                try await driver.end()
            })
    }

    /// Tells the lineage what an earlier process has planned and queues what it left open; returns all that was
    /// planned.
    private func resume(queue: @Sendable ([PlannedJob]) async throws -> Void) async throws -> Set<JobID> {
        let records = try await context.jobStore.jobs(of: context.node)
        // A job that is done has given up its plan, but its score has been noted.
        let unfinished = records.filter { $0.state != .done }
        for record in unfinished {
            _ = context.lineage.tell(.resumed(PlannedScore(try PlanInRound<Plan>(of: record.job))), at: context.node)
        }
        try await queue(unfinished.filter { $0.state == .open }.map(\.job.withoutPayload))
        return Set(records.map(\.job.id))
    }

    /// Counts what came of questions; what was called off, or not asked for want of money, is no failure of the judge.
    private var noteAnswers: @Sendable (_ asked: Int, _ failures: [InferenceError]) -> Void {
        { [metrics = context.jobStore.metrics, node = context.node, method] asked, failures in
            let called = failures.filter { $0.kind != .cancelled && $0.kind != .budgetSpent }
            metrics.judged(
                by: node, method: method, questions: asked - failures.count + called.count,
                failures: called.map(\.shortDescription))
        }
    }

    private enum Ending {
        case made(Score)
        case nothing
        /// The job is to be tried again.
        case again(PlannedJob)
    }

    /// Notes that a job is left to a later process, so that nobody waits for its score in this one.
    private func leave(_ planned: PlanInRound<Plan>) {
        if let round = planned.round { _ = context.lineage.tell(.left([round]), at: context.node) }
    }

    private func score(_ named: PlannedJob) async throws -> Ending {
        let jobStore = context.jobStore
        let job = try await jobStore.withPayload(named)
        let planned = try PlanInRound<Plan>(of: job)
        do {
            let plain = try await context.timers.busy {
                try await AnswerCount.$note.withValue(noteAnswers) { try await work.run(planned.plan, judge) }
            }
            let score = planned.round.map { plain.noted(in: $0) } ?? plain
            try await jobStore.keepVerdicts(of: plain.job, under: score.job)
            try await jobStore.record([score], by: context.node)
            try await context.decide(on: .recorded([score]))
            return .made(score)
        } catch let error as ScoringError {
            if Task.isCancelled || context.stop.isRaised && error.isRetriable { return .nothing }
            switch JobAdmission(to: judge) {
            case .begin: break
            case .held:
                jobStore.progress.held(by: context.node)
                leave(planned)
                return .nothing
            case .left:
                jobStore.progress.left(by: context.node)
                leave(planned)
                return .nothing
            }
            if error.isRetriable {
                if let again = try await jobStore.postpone(job, by: context.node, reason: "\(error)") {
                    return .again(again)
                }
            } else {
                try await jobStore.fail(job, by: context.node, reason: "\(error)")
            }
            try await context.decide(on: .failed(PlannedScore(planned)))
            return .nothing
        }
    }
}

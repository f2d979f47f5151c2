import Dataflow
import Elements
import Evidence
import Inference
import Scoring
import Store

/// Has explanations judged by a language model, each as a job that survives a crash.
struct JudgedStage: Stage {
    let node: String
    let judge: any Judge
    let text: any TextTokenizer
    let settings: JudgedSettings
    let overlap: HeldOut.Overlap
    let seed: UInt64
    let latents: Set<Int>
    let concurrency: Int
    let ledger: JobLedger
    let compute: ComputePool<Void>
    let stop: StopSignal
    let timers: StageTimers

    func results(of upstream: any AsyncSequence<Flow<ExplanationBatch>, any Error> & Sendable)
        -> any AsyncSequence<Flow<ScoreBatch>, any Error> & Sendable
    {
        ProducedSequence<Flow<ScoreBatch>>(capacity: 1 << 20, weigh: \.weight) { output in
            try await runJobs(
                of: node, concurrency: concurrency, stop: stop, progress: ledger.progress,
                run: { job in
                    if let score = try await score(job) {
                        try await output.send(.batch(ScoreBatch(scores: [score])))
                    }
                },
                plan: { queue in
                    try await ledger.reopenFailed(of: node)
                    // A job that is done has given up its plan, but its score names the explanation.
                    let unfinished = try await ledger.jobs(of: node).filter { $0.state != .done }
                    var known = Set(try await ledger.scores(of: node).map(\.explanation))
                    for record in unfinished { known.insert(try record.job.plan(ScoringPlan.self).explanation) }
                    try await queue(unfinished.filter { $0.state == .open }.map(\.job))
                    for try await flow in upstream {
                        guard case .batch(let batch) = flow else { continue }
                        let fresh = batch.explanations.filter {
                            latents.contains($0.latent) && !known.contains($0.job)
                        }
                        known.formUnion(fresh.map(\.job))
                        let jobs = try await planned(for: fresh, on: batch.update)
                        try await ledger.plan(jobs)
                        try await queue(jobs)
                    }
                })
            try await output.send(.end)
        }
    }

    private func planned(for explanations: [Explanation], on update: EvidenceUpdate) async throws -> [PlannedJob] {
        guard !explanations.isEmpty else { return [] }
        return try await compute.run { _ in
            let start = ContinuousClock.now
            defer { timers.add(ContinuousClock.now - start, to: .busy) }
            let pool = update.view.pool
            return try explanations.compactMap { explanation -> PlannedJob? in
                let heldOut = HeldOutSet(of: explanation, on: update.view, pool: pool, overlap: overlap)
                let plan: ScoringPlan
                do {
                    plan = try ScoringPlan(
                        node: node, explanation: explanation, heldOut: heldOut, settings: settings, seed: seed,
                        judge: judge.name, judgeDigest: judge.digest, tokens: text)
                } catch let error as ScoringError {
                    guard error.kind == .tooFewExamples else { throw error }
                    return nil
                }
                return try PlannedJob(
                    id: plan.job, node: node, kind: .score, coder: plan.coder.name, latent: plan.latent, plan: plan)
            }
        }
    }

    private func score(_ job: PlannedJob) async throws -> Score? {
        do {
            let plan = try job.plan(ScoringPlan.self)
            let outcome = try await JudgedScorer.run(plan, judge: judge, text: text, concurrency: 1)
            try await ledger.record([outcome.score], by: node)
            return outcome.score
        } catch let error as ScoringError {
            if Task.isCancelled || stop.isRaised && error.isRetriable { return nil }
            try await ledger.fail(job.id, by: node, reason: "\(error)")
            return nil
        }
    }
}

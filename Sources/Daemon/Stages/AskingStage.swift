import Dataflow
import Elements
import Explaining
import Inference
import Store

/// Explains latents by asking a language model, each as a job that survives a crash.
///
/// It stands behind the checkpoints, so no barrier passes it: what it makes is kept by the job table.
struct AskingStage: Stage {
    let node: String
    let judge: any Judge
    let text: any TextTokenizer
    let settings: DefaultExplainerSettings
    /// How the best of several candidates is chosen; `nil` where one is asked for.
    let best: BestOfSettings?
    let seed: UInt64
    let latents: [Int]
    let waitsForDrain: Bool
    let concurrency: Int
    let ledger: JobLedger
    let compute: ComputePool<Void>
    let stop: StopSignal
    let timers: StageTimers

    func results(of upstream: any AsyncSequence<Flow<EvidenceUpdate>, any Error> & Sendable)
        -> any AsyncSequence<Flow<ExplanationBatch>, any Error> & Sendable
    {
        ProducedSequence<Flow<ExplanationBatch>>(capacity: 1 << 20, weigh: \.weight) { output in
            let latest = LatestUpdate()
            try await runJobs(
                of: node, concurrency: concurrency, stop: stop, mayBegin: { [judge] in !judge.hasSpentBudget },
                progress: ledger.progress,
                run: { job in
                    guard let explanation = try await explain(job) else { return }
                    if let update = latest.update {
                        try await output.send(.batch(ExplanationBatch(explanations: [explanation], update: update)))
                    }
                },
                plan: { queue in
                    var known = Set<Int>()
                    var isFirst = true
                    for try await flow in upstream {
                        guard case .batch(let update) = flow, update.isCaughtUp || !waitsForDrain else { continue }
                        latest.update = update
                        if isFirst {
                            isFirst = false
                            let stored = try await resume(known: &known, queue: queue)
                            if !stored.isEmpty {
                                try await output.send(.batch(ExplanationBatch(explanations: stored, update: update)))
                            }
                        }
                        let jobs = try await planned(for: update, without: known)
                        known.formUnion(jobs.map(\.latent))
                        try await ledger.plan(jobs)
                        try await queue(jobs)
                    }
                })
            try await output.send(.end)
        }
    }

    /// Queues what an earlier run left open and returns what it had explained.
    private func resume(
        known: inout Set<Int>, queue: @Sendable ([PlannedJob]) async throws -> Void
    ) async throws -> [Explanation] {
        try await ledger.reopenFailed(of: node)
        let records = try await ledger.jobs(of: node)
        known.formUnion(records.map(\.job.latent))
        try await queue(records.filter { $0.state == .open }.map(\.job))
        return try await ledger.explanations(of: node)
    }

    private func planned(for update: EvidenceUpdate, without known: Set<Int>) async throws -> [PlannedJob] {
        try await compute.run { _ in
            let start = ContinuousClock.now
            defer { timers.add(ContinuousClock.now - start, to: .busy) }
            let pool = settings.contrasts > 0 || best != nil ? update.view.pool : []
            return try latents.filter { !known.contains($0) }.compactMap { latent -> PlannedJob? in
                guard update.view.statistics(of: latent).windowsFired >= UInt64(settings.minimumExamples) else {
                    return nil
                }
                do {
                    return try planned(update.view.evidence(of: latent), on: update, pool: pool)
                } catch let error as ExplainingError {
                    guard error.kind == .tooFewExamples else { throw error }
                    return nil
                }
            }
        }
    }

    private func planned(_ evidence: LatentEvidence, on update: EvidenceUpdate, pool: [PoolWindow]) throws -> PlannedJob
    {
        let coder = update.view.coder.name
        if let best {
            let plan = try BestOfPlan(
                node: node, update: update, evidence: evidence, pool: pool, explaining: settings, settings: best,
                seed: seed, model: judge.name, modelDigest: judge.digest)
            return try PlannedJob(
                id: plan.job, node: node, kind: .explain, coder: coder, latent: evidence.latent, plan: plan)
        }
        let plan = try ExplanationPlan(
            node: node, update: update, evidence: evidence, settings: settings, pool: pool, seed: seed,
            model: judge.name, modelDigest: judge.digest)
        return try PlannedJob(
            id: plan.job, node: node, kind: .explain, coder: coder, latent: evidence.latent, plan: plan)
    }

    private func outcome(of job: PlannedJob) async throws -> ExplanationOutcome {
        guard best != nil else {
            return await DefaultExplainer.run(try job.plan(ExplanationPlan.self), judge: judge, text: text)
        }
        let rating = FoldRating(judge: judge, text: text, seed: seed)
        return await BestOfExplainer.run(try job.plan(BestOfPlan.self), judge: judge, text: text) {
            (explanation, firing, silent) async throws(ExplainingError) in
            try await rating(explanation, firing, silent)
        }
    }

    private func explain(_ job: PlannedJob) async throws -> Explanation? {
        let outcome = try await outcome(of: job)
        switch outcome.result {
        case .success(let explanation):
            try await ledger.record([explanation], by: node)
            return explanation
        case .failure(let error):
            if Task.isCancelled || stop.isRaised && error.isRetriable { return nil }
            if judge.hasSpentBudget {
                ledger.progress.held(by: node)
                return nil
            }
            try await ledger.fail(job.id, by: node, reason: "\(error)")
            return nil
        }
    }
}

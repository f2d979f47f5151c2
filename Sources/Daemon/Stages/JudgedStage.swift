import Dataflow
import Elements
import Evidence
import Inference
import Scoring
import Store

/// Has explanations scored by asking a language model, each as a job that survives a crash.
struct JudgedStage<Plan: JudgedPlan>: Stage {
    let node: String
    let judge: any Judge
    /// What is asked, and what is made of the answers.
    let work: JudgedWork<Plan>
    let overlap: HeldOut.Overlap
    /// Draws further tiers of negatives; `nil` where only random ones are asked for.
    let tiers: TierDrawing?
    let seed: UInt64
    let latents: Set<Int>
    /// The most controls per explainer.
    let controls: Int
    /// Which cheaper scores settle explanations first; `nil` where every one is asked about.
    var cascade: Cascade?
    let concurrency: Int
    let ledger: JobLedger
    let compute: ComputePool<Void>
    let stop: StopSignal
    let timers: StageTimers

    func results(of upstream: any AsyncSequence<Flow<JudgedInput>, any Error> & Sendable)
        -> any AsyncSequence<Flow<ScoreBatch>, any Error> & Sendable
    {
        ProducedSequence<Flow<ScoreBatch>>(capacity: 1 << 20, weigh: \.weight) { output in
            try await runJobs(
                of: node, concurrency: concurrency, stop: stop, mayBegin: { [judge] in !judge.hasSpentBudget },
                progress: ledger.progress,
                run: { job in
                    if let score = try await score(job) {
                        try await output.send(.batch(ScoreBatch(scores: [score], node: node)))
                    }
                },
                plan: { queue in
                    try await ledger.reopenFailed(of: node)
                    var book = ScoringBook(
                        latents: latents, seed: seed, limit: controls, topic: work.topic,
                        scores: try await ledger.scores(of: node))
                    // A job that is done has given up its plan, but its score has been noted.
                    let unfinished = try await ledger.jobs(of: node).filter { $0.state != .done }
                    for record in unfinished { book.note(try record.job.plan(Plan.self)) }
                    try await queue(unfinished.filter { $0.state == .open }.map(\.job))
                    var latest: EvidenceUpdate?
                    func judge(_ pairs: [Shuffle.Pair], control: String?, on update: EvidenceUpdate) async throws {
                        let jobs = try await planned(for: pairs, control: control, on: update)
                        for (plan, _) in jobs { book.note(plan) }
                        try await ledger.plan(jobs.map(\.job))
                        try await queue(jobs.map(\.job))
                    }
                    func settle() async throws {
                        guard let latest, !stop.isRaised else { return }
                        try await judge(book.controls(), control: work.topic.control, on: latest)
                        try await ledger.noteSkipped(
                            by: node, of: latents, coverage: book.coverage, view: latest.view, compute: compute)
                    }
                    var gate = cascade?.gate
                    for name in gate?.gates ?? [] {
                        let earlier = try await ledger.scores(of: name)
                        gate?.note(earlier)
                    }
                    func act(on resolution: CascadeGate.Resolution) async throws {
                        guard let latest else { return }
                        try await judge(
                            resolution.ask.map { Shuffle.Pair(own: $0, other: $0) }, control: nil, on: latest)
                        let scores = settled(resolution.settled)
                        for score in scores {
                            book.note(score.explanation, of: score.explainedBy, latent: score.latent, control: nil)
                        }
                        try await ledger.record(scores, by: node)
                    }
                    for try await flow in upstream {
                        guard case .batch(let input) = flow else { continue }
                        switch input {
                        case .explanations(let batch):
                            if book.isComplete(before: batch) { try await settle() }
                            latest = batch.update
                            let fresh = book.take(batch.explanations)
                            try await act(on: gate?.take(fresh) ?? CascadeGate.Resolution(ask: fresh))
                        case .scores(let batch):
                            guard let resolution = gate?.take(batch) else { continue }
                            try await act(on: resolution)
                        }
                    }
                    // After a stop the nodes before this one may have scored nothing: what waits comes again at the next start.
                    if !stop.isRaised, let resolution = gate?.end() { try await act(on: resolution) }
                    try await settle()
                })
            try await output.send(.end)
        }
    }

    private func settled(_ settled: [CascadeGate.Settled]) -> [Score] {
        guard let cascade else { return [] }
        return settled.map { $0.score(by: node, method: cascade.method, threshold: cascade.threshold) }
    }

    /// The jobs of judging each pair's other explanation on the windows of the latent that its own one is of.
    private func planned(
        for pairs: [Shuffle.Pair], control: String?, on update: EvidenceUpdate
    ) async throws -> [(plan: Plan, job: PlannedJob)] {
        var planned: [(plan: Plan, job: PlannedJob)] = []
        // A set holds every silent window of the pool: few of them at a time.
        for chunk in pairs.chunks(of: 32) {
            let (pool, sets) = try await timed {
                let pool = update.view.pool
                return (
                    pool, chunk.map { HeldOutSet(of: $0.own, on: update.view, pool: pool, overlap: overlap) }
                )
            }
            guard let filled = try await tiers.filled(chunk.map(\.own), sets, on: update) else { return planned }
            planned += try await timed {
                try zip(chunk, filled).compactMap { pair, heldOut in
                    try plan(
                        JudgedWork<Plan>.Subject(
                            explanation: pair.other, latent: pair.own.latent, control: control, heldOut: heldOut,
                            update: update, pool: pool))
                }
            }
        }
        return planned
    }

    private func timed<Output: Sendable>(_ work: @escaping @Sendable () throws -> Output) async throws -> Output {
        try await compute.run { _ in
            let start = ContinuousClock.now
            defer { timers.add(ContinuousClock.now - start, to: .busy) }
            return try work()
        }
    }

    /// The plan of a subject and its job; `nil` where the latent is to be passed over.
    private func plan(_ subject: JudgedWork<Plan>.Subject) throws -> (plan: Plan, job: PlannedJob)? {
        do {
            let plan = try work.plan(subject)
            let job = try PlannedJob(
                id: plan.job, node: node, kind: .score, coder: plan.coder.name, latent: plan.latent, plan: plan)
            return (plan, job)
        } catch let error as ScoringError {
            guard error.kind == .tooFewExamples else { throw error }
            return nil
        }
    }

    private func score(_ job: PlannedJob) async throws -> Score? {
        do {
            let score = try await work.run(try job.plan(Plan.self), judge)
            try await ledger.record([score], by: node)
            return score
        } catch let error as ScoringError {
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

extension ScoringBook {
    fileprivate mutating func note(_ plan: some JudgedPlan) {
        note(plan.explanation, of: plan.explainedBy, latent: plan.latent, control: plan.control)
    }
}

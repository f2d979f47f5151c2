import Dataflow
import Elements
import Explaining
import Inference
import Observability
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
    let succession: Succession
    let ledger: JobLedger
    let compute: ComputePool<Void>
    let stop: StopSignal
    let timers: StageTimers

    func run(from input: InputPort<EvidenceUpdate>, into output: OutputPort<ExplanationBatch>) async throws {
        let latest = LatestUpdate()
        try await runJobs(
            of: node, concurrency: concurrency, stop: stop, mayBegin: { [judge] in !judge.hasSpentBudget },
            progress: ledger.progress,
            run: { job in
                guard let explanation = try await explain(job) else { return }
                let toScore = try await succession.take([explanation], of: node, into: ledger)
                if let update = latest.update, !toScore.isEmpty {
                    try await output.send(.batch(ExplanationBatch(explanations: toScore, update: update)))
                }
            },
            plan: { queue in
                var known = Set<Int>()
                var asked = Set<JobID>()
                var watch = AgainWatch(succession)
                var isFirst = true
                for try await flow in input {
                    guard case .batch(let update) = flow, update.isCaughtUp || !waitsForDrain else { continue }
                    latest.update = update
                    if isFirst {
                        isFirst = false
                        let stored = try await resume(known: &known, asked: &asked, queue: queue)
                        if !stored.isEmpty {
                            try await output.send(.batch(ExplanationBatch(explanations: stored, update: update)))
                        }
                    }
                    let first = latents.filter { !known.contains($0) }.map { Wish(latent: $0) }
                    let (due, watched) = try await compute.run { [watch] _ in
                        var watch = watch
                        return (watch.due(on: update.view), watch)
                    }
                    watch = watched
                    let wishes = first + due.map { Wish(latent: $0.latent, again: $0.again) }
                    let pool = try await pool(of: update, for: wishes)
                    // A plan holds its windows: few of them at a time.
                    for chunk in wishes.chunks(of: ScoringMemory.askedAtOnce) {
                        let planned = try await planned(for: chunk, on: update, pool: pool)
                        known.formUnion(planned.map(\.latent))
                        let jobs = planned.filter { asked.insert($0.id).inserted }
                        let again = Set(chunk.lazy.filter { $0.again != nil }.map(\.latent))
                        noteAsked(
                            again.sorted(), planned: planned.filter { again.contains($0.latent) }, jobs: jobs,
                            on: update)
                        try await ledger.plan(jobs)
                        try await queue(jobs.map(\.withoutPayload))
                    }
                    // Tells the scorers of the evidence; explanations of it may still come.
                    try await output.send(
                        .batch(ExplanationBatch(explanations: [], update: update, isComplete: false)))
                }
            })
    }

    /// Queues what an earlier run left open and returns what it had explained.
    private func resume(
        known: inout Set<Int>, asked: inout Set<JobID>, queue: @Sendable ([PlannedJob]) async throws -> Void
    ) async throws -> [Explanation] {
        try await ledger.reopenFailed(of: node)
        let records = try await ledger.jobs(of: node)
        known.formUnion(records.map(\.job.latent))
        asked.formUnion(records.map(\.job.id))
        let open = records.filter { $0.state == .open }.map(\.job)
        for job in open where try job.founded().again != nil { succession.with { $0.ask(job.latent) } }
        try await queue(open.map(\.withoutPayload))
        return succession.with { $0.current }
    }

    /// A latent that is to be explained, and what that will challenge.
    private struct Wish: Sendable {
        let latent: Int
        var again: ExplainedAgain?
    }

    /// Notes which latents are being explained again, and of which the evidence gives nothing new to ask.
    private func noteAsked(
        _ due: [Int], planned: [PlannedJob], jobs: [PlannedJob], on update: EvidenceUpdate
    ) {
        let new = Set(jobs.map(\.id))
        let begun = Set(planned.filter { new.contains($0.id) }.map(\.latent))
        for latent in due {
            if begun.contains(latent) {
                succession.with { $0.ask(latent) }
            } else {
                let basis = EvidenceBasis(of: update.view.evidence(of: latent))
                succession.with { $0.noteNothing(of: latent, basis: basis) }
            }
        }
    }

    /// The pool of a view where plans are made from it.
    private func pool(of update: EvidenceUpdate, for wishes: [Wish]) async throws -> [PoolWindow] {
        guard !wishes.isEmpty, settings.contrasts > 0 || best != nil else { return [] }
        return try await compute.run { _ in update.view.pool }
    }

    private func planned(
        for wishes: [Wish], on update: EvidenceUpdate, pool: [PoolWindow]
    ) async throws -> [PlannedJob] {
        try await compute.run { _ in
            let start = ContinuousClock.now
            defer { timers.add(ContinuousClock.now - start, to: .busy) }
            return try wishes.compactMap { wish -> PlannedJob? in
                guard update.view.statistics(of: wish.latent).windowsFired >= UInt64(settings.minimumExamples)
                else { return nil }
                do {
                    return try planned(update.view.evidence(of: wish.latent), wish.again, on: update, pool: pool)
                } catch let error as ExplainingError {
                    guard error.kind == .tooFewExamples else { throw error }
                    return nil
                }
            }
        }
    }

    private func planned(
        _ evidence: LatentEvidence, _ again: ExplainedAgain?, on update: EvidenceUpdate, pool: [PoolWindow]
    ) throws -> PlannedJob {
        let basis = EvidenceBasis(of: evidence)
        let coder = update.view.coder.name
        if let best {
            let plan = try BestOfPlan(
                node: node, update: update, evidence: evidence, pool: pool, explaining: settings, settings: best,
                seed: seed, model: judge.name, modelDigest: judge.digest)
            return try PlannedJob(
                id: plan.job, node: node, kind: .explain, coder: coder, latent: evidence.latent,
                plan: FoundedPlan(plan: plan, basis: basis, again: again))
        }
        let plan = try ExplanationPlan(
            node: node, update: update, evidence: evidence, settings: settings, pool: pool, seed: seed,
            model: judge.name, modelDigest: judge.digest)
        return try PlannedJob(
            id: plan.job, node: node, kind: .explain, coder: coder, latent: evidence.latent,
            plan: FoundedPlan(plan: plan, basis: basis, again: again))
    }

    private func outcome(of job: PlannedJob) async throws -> ExplanationOutcome {
        guard best != nil else {
            return await DefaultExplainer.run(try job.foundedPlan(ExplanationPlan.self), judge: judge, text: text)
        }
        let rating = FoldRating(judge: judge, text: text, seed: seed)
        return await BestOfExplainer.run(try job.foundedPlan(BestOfPlan.self), judge: judge, text: text) {
            (explanation, firing, silent) async throws(ExplainingError) in
            try await rating(explanation, firing, silent)
        }
    }

    private func explain(_ named: PlannedJob) async throws -> Explanation? {
        let job = try await ledger.withPayload(named)
        let outcome = try await outcome(of: job)
        switch outcome.result {
        case .success(let explanation):
            let founded = try job.founded()
            return explanation.founded(on: founded.basis, again: founded.again)
        case .failure(let error):
            if Task.isCancelled || stop.isRaised && error.isRetriable { return nil }
            if judge.hasSpentBudget {
                ledger.progress.held(by: node)
                return nil
            }
            try await ledger.fail(job.id, by: node, reason: "\(error)")
            // It is tried again at the next start, or once there is that much more evidence.
            let founded = try job.founded()
            if let basis = founded.basis, founded.again != nil {
                succession.with { $0.noteNothing(of: job.latent, basis: basis) }
            }
            return nil
        }
    }
}

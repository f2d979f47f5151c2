import Dataflow
import Elements
import Evidence
import Inference
import Observability
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
    /// When explanations are scored again.
    let rounds: RoundRule
    let desk: ContestDesk
    let pools: PoolShelf
    let ledger: JobLedger
    let compute: ComputePool<Void>
    let stop: StopSignal
    let timers: StageTimers

    func run(from input: InputPort<JudgedInput>, into output: OutputPort<ScoreBatch>) async throws {
        let before = desk.takeScores()
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
                    latents: latents, seed: seed, limit: controls, topic: work.topic, scores: before)
                var (asked, contested) = (Set<JobID>(), Set<JobID>())
                try await queue(try await resumed(asked: &asked, contested: &contested, book: &book))
                var latest: EvidenceUpdate?
                func judge(_ wishes: [HeldOutScoring.Wish], on update: EvidenceUpdate) async throws {
                    // A held-out set holds every silent window of the pool, and a plan its windows: few of them at a time.
                    for chunk in wishes.chunks(of: ScoringMemory.judgedAtOnce) {
                        let jobs = try await planned(for: chunk, on: update).filter {
                            asked.insert($0.job.id).inserted
                        }
                        book.note(chunk)
                        for (plan, _) in jobs { book.note(plan) }
                        try await ledger.plan(jobs.map(\.job))
                        try await queue(jobs.map(\.job.withoutPayload))
                        // What a stop has kept from being planned comes again at the next start.
                        guard !stop.isRaised else { return }
                        try await ledger.record(
                            desk.abstentions(jobs.compactMap(\.plan.round?.contest), of: chunk))
                    }
                }
                func settle() async throws {
                    guard let latest, !stop.isRaised else { return }
                    try await judge(
                        try await HeldOutScoring.Wish.wishes(desk.followed(by: &book), on: latest, by: compute),
                        on: latest)
                    try await judge(
                        book.controls().map {
                            HeldOutScoring.Wish(explanation: $0.other, own: $0.own, control: work.topic.control)
                        }, on: latest)
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
                        try await HeldOutScoring.Wish.wishes(resolution.ask, on: latest, by: compute), on: latest)
                    let scores = settled(resolution.settled)
                    for score in scores {
                        book.note(score.explanation, of: score.explainedBy, latent: score.latent, control: nil)
                    }
                    try await ledger.record(scores, by: node)
                }
                for try await flow in input {
                    guard case .batch(let input) = flow else { continue }
                    switch input {
                    case .explanations(let batch):
                        if book.isComplete(before: batch) { try await settle() }
                        latest = batch.update
                        let (contests, others) = desk.parted(batch.explanations)
                        let fresh = desk.followed(by: &book) + book.take(others)
                        try await act(on: gate?.take(fresh) ?? CascadeGate.Resolution(ask: fresh))
                        // What cheaper scores have settled they decide about too.
                        let (pairs, choices) = desk.opened(
                            contests.filter { !contested.contains($0.challenger.job) },
                            where: { latents.contains($0.latent) && work.topic.compares && !$0.text.isEmpty },
                            compares: { cascade == nil || book.round(of: $0.standing.job) != nil })
                        try await ledger.record(choices)
                        contested.formUnion(pairs.map(\.challenger.job))
                        try await judge(
                            try await HeldOutScoring.Wish.wishes(
                                pairs.flatMap { [$0.standing, $0.challenger] }, on: batch.update, in: pairs,
                                by: compute),
                            on: batch.update)
                        // Behind the explanations of the same evidence: a contest is a round too.
                        guard batch.explanations.isEmpty else { continue }
                        let due = try await book.looked(for: batch.update, by: rounds, on: compute)
                        book = due.book
                        try await judge(
                            try await HeldOutScoring.Wish.wishes(due.explanations, on: batch.update, by: compute),
                            on: batch.update)
                    case .scores(let batch):
                        guard let resolution = gate?.take(batch) else { continue }
                        try await act(on: resolution)
                    }
                }
                // After a stop the nodes before this one may have scored nothing: what waits comes again at the next start.
                if !stop.isRaised, let resolution = gate?.end() { try await act(on: resolution) }
                try await settle()
                await tiers?.closed(by: node)
                await pools.closed(by: node)
            })
    }

    private func settled(_ settled: [CascadeGate.Settled]) -> [Score] {
        guard let cascade else { return [] }
        return settled.map { $0.score(by: node, method: cascade.method, threshold: cascade.threshold) }
    }

    /// Notes what an earlier run has planned; returns what it left open.
    private func resumed(
        asked: inout Set<JobID>, contested: inout Set<JobID>, book: inout ScoringBook
    ) async throws -> [PlannedJob] {
        let records = try await ledger.jobs(of: node)
        asked = Set(records.map(\.job.id))
        // A job that is done has given up its plan, but its score has been noted.
        let unfinished = records.filter { $0.state != .done }
        for record in unfinished {
            let planned = try PlanInRound<Plan>(of: record.job)
            book.note(planned)
            if let contest = planned.round?.contest { contested.insert(contest) }
        }
        return unfinished.filter { $0.state == .open }.map(\.job.withoutPayload)
    }

    /// The jobs of judging explanations, each on the windows of the latent that its own one is of.
    private func planned(
        for wishes: [HeldOutScoring.Wish], on update: EvidenceUpdate
    ) async throws -> [(plan: PlanInRound<Plan>, job: PlannedJob)] {
        let pool = try await pools.windows(of: update)
        let sets = try await timed {
            wishes.map { HeldOutSet(of: $0.own, besides: $0.besides, on: update.view, pool: pool, overlap: overlap) }
        }
        guard let filled = try await tiers.filled(wishes.map(\.own), sets, on: update) else { return [] }
        return try await timed {
            try zip(wishes, filled).compactMap { wish, heldOut in
                try plan(
                    JudgedWork<Plan>.Subject(
                        explanation: wish.explanation, latent: wish.own.latent, control: wish.control,
                        heldOut: heldOut, update: update, pool: pool), in: wish.round)
            }
        }
    }

    private func timed<Output: Sendable>(_ work: @escaping @Sendable () throws -> Output) async throws -> Output {
        try await compute.run { _ in
            let start = ContinuousClock.now
            defer { timers.add(ContinuousClock.now - start, to: .busy) }
            return try work()
        }
    }

    /// The plan of a subject and its job; `nil` where the latent is to be passed over.
    private func plan(
        _ subject: JudgedWork<Plan>.Subject, in round: ScoringRound?
    ) throws -> (plan: PlanInRound<Plan>, job: PlannedJob)? {
        do {
            let plan = try work.plan(subject)
            let planned = PlanInRound(plan: plan, round: round)
            let job = try PlannedJob(
                id: round?.name(of: plan.job) ?? plan.job, node: node, kind: .score, coder: plan.coder.name,
                latent: plan.latent, plan: planned)
            return (planned, job)
        } catch let error as ScoringError {
            guard error.kind == .tooFewExamples else { throw error }
            return nil
        }
    }

    private func score(_ job: PlannedJob) async throws -> Score? {
        let planned = try PlanInRound<Plan>(of: try await ledger.withPayload(job))
        do {
            let plain = try await work.run(planned.plan, judge)
            let score = planned.round.map { plain.noted(in: $0) } ?? plain
            try await ledger.keepVerdicts(of: plain.job, under: score.job)
            try await ledger.record([score], by: node)
            try await ledger.record(desk.note([score]))
            return score
        } catch let error as ScoringError {
            if Task.isCancelled || stop.isRaised && error.isRetriable { return nil }
            if judge.hasSpentBudget {
                ledger.progress.held(by: node)
                return nil
            }
            try await ledger.fail(job.id, by: node, reason: "\(error)")
            if let round = planned.round, let contest = round.contest {
                let choice = desk.abstain(
                    from: contest, explainedBy: planned.plan.explainedBy, of: planned.plan.latent, epoch: round.epoch)
                try await ledger.record([choice].compactMap(\.self))
            }
            return nil
        }
    }
}

extension ScoringBook {
    fileprivate mutating func note<Plan: JudgedPlan>(_ planned: PlanInRound<Plan>) {
        let plan = planned.plan
        note(
            plan.explanation, of: plan.explainedBy, latent: plan.latent, control: plan.control, round: planned.round)
    }
}

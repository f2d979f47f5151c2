import Dataflow
package import Elements
import Inference
package import Jobs
package import Lineage
package import Scoring
package import Store

/// Plans the scores of a judged node as jobs.
package struct JudgedPlanner<Plan: JudgedPlan>: ScoreWork {
    /// A job and the explanation it will score.
    package struct Planned: Sendable {
        package let plan: PlanInRound<Plan>
        package let job: PlannedJob
    }

    private let context: ScoringContext
    private let work: JudgedWork<Plan>
    /// Jobs that have been planned, by this process or an earlier one.
    private let asked: Once<JobID>
    private let queue: @Sendable ([PlannedJob]) async throws -> Void
    private let wake: @Sendable () async throws -> Void

    /// - Parameters:
    ///   - asked: The jobs of earlier processes.
    ///   - queue: Takes the jobs that are to be done.
    ///   - wake: Has the readers of the node see to comparisons.
    package init(
        _ context: ScoringContext, work: JudgedWork<Plan>, asked: Set<JobID>,
        queue: @escaping @Sendable ([PlannedJob]) async throws -> Void,
        wake: @escaping @Sendable () async throws -> Void = {}
    ) {
        self.context = context
        self.work = work
        self.asked = Once(asked)
        self.queue = queue
        self.wake = wake
    }

    // A held-out set holds every silent window of the pool, and a plan its windows: few of them at a time.
    package var chunk: Int { BatchSizes.judgedAtOnce }

    package var isDoneAtOnce: Bool { false }
    package var beginsAfterStop: Bool { true }

    package func ordered(_ requests: [ScoreRequest], on update: EvidenceUpdate) -> [ScoreRequest] {
        context.priority.sorted(requests, latent: \.own.latent, worth: { worth(of: $0, on: update) })
    }

    /// What a request is worth; the two scores of a comparison are worth what the standing explanation's is.
    private func worth(of request: ScoreRequest, on update: EvidenceUpdate) -> Double {
        let judged = request.besides.first ?? request.explanation
        return context.priority.worth(
            of: request.own.latent, firingMass: update.view.statistics(of: request.own.latent).sum,
            score: context.lineage.with { $0.lowestScore(of: judged.job) })
    }

    package func make(
        _ requests: [ScoreRequest], on update: EvidenceUpdate
    ) async throws -> (product: [PlannedJob], scores: [PlannedScore])? {
        guard let made = try await planned(for: requests, on: update) else { return nil }
        let planned = made.filter { asked.insert($0.job.id) }
        return (planned.map(\.job), planned.map { PlannedScore($0.plan) })
    }

    package func commit(_ jobs: [PlannedJob], fulfilling asked: [RequestID]) async throws {
        try await context.jobStore.plan(jobs, fulfilling: asked)
        try await queue(jobs.map(\.withoutPayload))
    }

    package func passOn(_ considered: [JobID]) async throws {
        // A node that reads this one waits for scores alone: they may come long after an explanation was considered.
    }

    package func wakeReaders() async throws { try await wake() }

    /// The jobs of judging explanations, each on the windows of the latent that its own one is of; `nil` if they are left to a
    /// later process.
    private func planned(for requests: [ScoreRequest], on update: EvidenceUpdate) async throws -> [Planned]? {
        let pool = try await context.pools.windows(of: update)
        let overlap = context.overlap
        let sets = try await timed {
            requests.map {
                HeldOutSet(
                    of: $0.own, besides: $0.besides, on: update.view, pool: pool, overlap: overlap, part: $0.part)
            }
        }
        guard let filled = try await context.tiers.filled(requests.map(\.own), sets, on: update) else { return nil }
        return try await timed {
            try zip(requests, filled).compactMap { request, heldOut in
                try plan(
                    JudgedWork<Plan>.Subject(
                        explanation: request.explanation, latent: request.own.latent, control: request.control,
                        heldOut: heldOut, update: update, pool: pool), in: request.round,
                    worth: worth(of: request, on: update))
            }
        }
    }

    private func timed<Output: Sendable>(_ work: @escaping @Sendable () throws -> Output) async throws -> Output {
        try await context.compute.run { [timers = context.timers] _ in try timers.busy(work) }
    }

    /// The plan of a subject and its job; `nil` if the latent is to be passed over.
    private func plan(
        _ subject: JudgedWork<Plan>.Subject, in round: ScoringRound?, worth: Double
    ) throws -> Planned? {
        guard let plan = try unlessPassedOver({ try work.plan(subject) }) else { return nil }
        let planned = PlanInRound(plan: plan, round: round)
        let job = try PlannedJob(
            id: round?.name(of: plan.job) ?? plan.job, node: context.node, kind: .score, coder: plan.coder.name,
            latent: plan.latent, plan: planned, worth: worth)
        return Planned(plan: planned, job: job)
    }
}

extension PlannedScore {
    package init<Plan: JudgedPlan>(_ planned: PlanInRound<Plan>) {
        let plan = planned.plan
        self.init(
            explanation: plan.explanation, explainedBy: plan.explainedBy, latent: plan.latent, control: plan.control,
            round: planned.round)
    }
}

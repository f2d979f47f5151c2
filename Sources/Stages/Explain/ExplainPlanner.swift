import Dataflow
package import Elements
import Explaining
import Inference
import Jobs
package import Lineage
import Scoring
package import Store
import Synchronization

/// Plans the explanations of a node that asks a model as jobs.
package final class ExplainPlanner: ExplainWork {
    private let stage: AskingStage
    private let queue: @Sendable ([PlannedJob]) async throws -> Void
    /// Jobs that have been planned, by this process or an earlier one.
    private let asked = Mutex<Set<JobID>>([])

    package init(_ stage: AskingStage, queue: @escaping @Sendable ([PlannedJob]) async throws -> Void) {
        self.stage = stage
        self.queue = queue
    }

    private var context: ExplainContext { stage.context }

    package var goesOnAfterStop: Bool { true }
    package var settlesAtOnce: Bool { false }

    /// Queues the jobs that an earlier process left open and returns its finished explanations.
    package func resume() async throws -> [Explanation] {
        let node = context.node
        try await context.jobStore.reopenFailed(of: node)
        let records = try await context.jobStore.jobs(of: node)
        context.tell(.begun(Set(records.map(\.job.latent))))
        asked.withLock { $0.formUnion(records.map(\.job.id)) }
        let open = records.filter { $0.state == .open }.map(\.job)
        context.tell(.asked(try open.filter { try $0.founded().again != nil }.map(\.latent)))
        try await queue(open.map(\.withoutPayload))
        return context.lineage.with { $0.current(of: node) }
    }

    package func explain(_ requests: [ExplainRequest], on update: EvidenceUpdate) async throws {
        let pool = try await pool(of: update, for: requests)
        let (texts, rarity) = try await shared(of: pool)
        // A plan holds its windows: few of them at a time.
        for chunk in requests.chunks(of: BatchSizes.askedAtOnce) {
            let planned = try await planned(for: chunk, on: update, pool: pool, texts: texts, rarity: rarity)
            context.tell(.begun(Set(planned.map(\.latent))))
            let jobs = planned.filter { job in asked.withLock { $0.insert(job.id).inserted } }
            let begun = Set(jobs.map(\.latent))
            noteAsked(chunk, begun: begun, on: update)
            let (fulfilled, empty) = chunk.requests { begun.contains($0.latent) }
            try await context.jobStore.plan(jobs, fulfilling: fulfilled)
            try await context.jobStore.dismiss(empty, because: ExplainContext.nothingNew)
            try await queue(jobs.map(\.withoutPayload))
        }
    }

    /// Notes the latents that are being explained again, and those for which the evidence gives nothing new to ask.
    ///
    /// - Parameter begun: The latents of which jobs are planned.
    private func noteAsked(_ requests: [ExplainRequest], begun: Set<Int>, on update: EvidenceUpdate) {
        let again = requests.filter { $0.again != nil }
        context.tell(.asked(Set(again.map(\.latent)).filter(begun.contains).sorted()))
        // What a person asks for says nothing of what evidence calls for.
        for latent in Set(again.filter { $0.request == nil }.map(\.latent)).subtracting(begun).sorted() {
            context.tell(.foundNothing(latent: latent, basis: EvidenceBasis(of: update.view.evidence(of: latent))))
        }
    }

    /// The pool of a view, if plans are made from it.
    private func pool(of update: EvidenceUpdate, for requests: [ExplainRequest]) async throws -> [PoolWindow] {
        guard !requests.isEmpty, stage.kind.readsPool else { return [] }
        return try await context.compute.run { _ in update.view.pool }
    }

    /// What is the same for all latents: the texts in which they are turned up, and how rare tokens are in the pool; of an empty
    /// pool where it is not asked for.
    private func shared(of pool: [PoolWindow]) async throws -> ([OrdinaryText], TokenRarity) {
        try await context.compute.run { [kind = stage.kind, tokenizer = stage.tokenizer, seed = context.seed] _ in
            var texts: [OrdinaryText] = []
            var counted: [PoolWindow] = []
            switch kind {
            case .examples, .best: break
            case .several: counted = pool
            case .output(let reading):
                texts = OrdinaryText.choose(reading.settings.texts, from: pool, seed: seed, bos: reading.bos)
            }
            return (texts, TokenRarity(pool: counted, tokenDecoder: tokenizer))
        }
    }

    private func planned(
        for requests: [ExplainRequest], on update: EvidenceUpdate, pool: [PoolWindow], texts: [OrdinaryText],
        rarity: TokenRarity
    ) async throws -> [PlannedJob] {
        try await context.compute.run { [self] _ in
            try context.timers.busy {
                let enough = requests.filter {
                    update.view.windowsFired(of: $0.latent) >= UInt64(context.minimumExamples)
                }
                let promoted = try stage.promotion?.tokens(
                    of: enough.map(\.latent), most: stage.kind.promotedTokens)
                return try enough.compactMap { request -> PlannedJob? in
                    do {
                        return try planned(
                            request, on: update, pool: pool, texts: texts, rarity: rarity,
                            promoted: promoted?[request.latent])
                    } catch let error as ExplainingError {
                        guard error.kind == .tooFewExamples else { throw error }
                        return nil
                    }
                }
            }
        }
    }

    private func planned(
        _ request: ExplainRequest, on update: EvidenceUpdate, pool: [PoolWindow], texts: [OrdinaryText],
        rarity: TokenRarity, promoted: PromotedTokens?
    ) throws -> PlannedJob {
        let evidence = update.view.evidence(of: request.latent)
        let (node, seed, judge) = (context.node, context.seed, stage.judge)
        switch stage.kind {
        case .examples(let settings):
            let plan = try ExplanationPlan(
                node: node, update: update, evidence: evidence, settings: settings, pool: pool, promoted: promoted,
                seed: seed, model: judge.name, modelDigest: judge.digest)
            return try job(plan.job, plan, of: evidence, request, on: update)
        case .best(let best, let settings):
            let plan = try BestOfPlan(
                node: node, update: update, evidence: evidence, pool: pool, explaining: settings, settings: best,
                promoted: promoted, seed: seed, model: judge.name, modelDigest: judge.digest)
            return try job(plan.job, plan, of: evidence, request, on: update)
        case .several(let several, let settings):
            let plan = try SeveralPlan(
                node: node, update: update, evidence: evidence, rarity: rarity, explaining: settings, settings: several,
                promoted: promoted, seed: seed, model: judge.name,
                modelDigest: judge.digest, tokenDecoder: stage.tokenizer)
            return try job(plan.job, plan, of: evidence, request, on: update)
        case .output(let reading):
            let plan = try OutputPlan(
                node: node, update: update, evidence: evidence, texts: texts, settings: reading.settings,
                promoted: promoted, seed: seed, subject: reading.subject.digest, model: judge.name,
                modelDigest: judge.digest)
            return try job(plan.job, plan, of: evidence, request, on: update)
        }
    }

    private func job<Plan: Codable>(
        _ id: JobID, _ plan: Plan, of evidence: LatentEvidence, _ request: ExplainRequest, on update: EvidenceUpdate
    ) throws -> PlannedJob {
        try PlannedJob(
            id: id, node: context.node, kind: .explain, coder: update.view.coder.name, latent: evidence.latent,
            plan: FoundedPlan(plan: plan, basis: EvidenceBasis(of: evidence), again: request.again),
            worth: context.worth(of: request, on: update))
    }
}

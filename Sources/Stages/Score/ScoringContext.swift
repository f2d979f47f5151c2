package import Dataflow
import Elements
package import Evidence
package import Jobs
package import Lineage
package import Running
import Scoring

/// The values that every score node works with.
package struct ScoringContext: Sendable {
    /// The id of the node.
    package let node: String
    /// The latents that it takes.
    package let latents: Set<Int>
    package let overlap: HeldOut.Overlap
    /// Which explanations are judged first.
    package var priority = JobPriority()
    /// The seed of every random choice.
    package let seed: UInt64
    /// Draws further tiers of negatives; `nil` if only random ones are asked for.
    package let tiers: TierDrawing?
    /// Decides what is scored, and when.
    package let lineage: SharedLineage
    package let pools: PoolCache
    package let jobStore: JobStore
    package let compute: ComputePool<Void>
    /// Threads that one node's work is spread over.
    package let width: Int
    package let stop: StopSignal
    package let timers: StageTimers
    /// Its leases of shared caches; the driver ends them.
    package var leases: [Lease] = []

    package init(
        node: String, latents: Set<Int>, overlap: HeldOut.Overlap, seed: UInt64, tiers: TierDrawing?,
        lineage: SharedLineage, pools: PoolCache, jobStore: JobStore, compute: ComputePool<Void>, width: Int,
        stop: StopSignal, timers: StageTimers, leases: [Lease] = []
    ) {
        self.node = node
        self.latents = latents
        self.overlap = overlap
        self.seed = seed
        self.tiers = tiers
        self.lineage = lineage
        self.pools = pools
        self.jobStore = jobStore
        self.compute = compute
        self.width = width
        self.stop = stop
        self.timers = timers
        self.leases = leases
    }
}

extension ScoringContext {
    /// What a score without a judge is about.
    func subject(of request: ScoreRequest) -> ScoreSubject {
        ScoreSubject(
            node: node, explanation: request.explanation, latent: request.own.latent, control: request.control,
            seed: seed)
    }

    /// Notifies the lineage of an event, and before that of a stop.
    package func tell(_ event: ScoreEvent) -> [ScoreAction] {
        if stop.isRaised { _ = lineage.tell(.stopping, at: node) }
        return lineage.tell(event, at: node)
    }

    /// Notifies the lineage of an event and records the choices that result.
    package func decide(on event: ScoreEvent) async throws {
        for case .record(let choices) in tell(event) { try await jobStore.record(choices) }
    }
}

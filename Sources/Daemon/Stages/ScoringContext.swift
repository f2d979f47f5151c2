import Dataflow
import Elements
import Evidence
import Lineage

/// What every score node works with.
struct ScoringContext: Sendable {
    /// The id of the node.
    let node: String
    /// The latents that it takes.
    let latents: Set<Int>
    let overlap: HeldOut.Overlap
    /// Of every random choice.
    let seed: UInt64
    /// Draws further tiers of negatives; `nil` if only random ones are asked for.
    let tiers: TierDrawing?
    /// Decides what is scored when.
    let lineage: SharedLineage
    let pools: PoolCache
    let ledger: JobLedger
    let compute: ComputePool<Void>
    /// Threads that one node's work is spread over.
    let width: Int
    let stop: StopSignal
    let timers: StageTimers
    /// Its uses of what is kept for several nodes; the driver ends them.
    var leases: [Lease] = []
}

extension ScoringContext {
    /// Tells the lineage of an event, and first of a stop.
    func tell(_ event: ScoreEvent) -> [ScoreAction] {
        if stop.isRaised { _ = lineage.tell(.stopping, at: node) }
        return lineage.tell(event, at: node)
    }

    /// Tells the lineage of an event and writes down the choices that it brings about.
    func decide(on event: ScoreEvent) async throws {
        for case .record(let choices) in tell(event) { try await ledger.record(choices) }
    }
}

package import Checkpoints
package import Dataflow
package import Elements
package import Evidence
package import Observability
import StateNotes
package import Store

/// The owner of a reservoir: made on its own thread and never used on another.
package final class ReservoirWorker {
    package var reservoir: Reservoir
    /// Segments on disk since the last base.
    package var segmentCount: Int
    /// Whether the segments on disk name days that have not begun, so that a whole one has to take their place.
    package var mustFold: Bool

    /// Restores the reservoir from the segments kept.
    ///
    /// - Parameters:
    ///   - today: In days since 1970; windows that are kept of a later day become today's.
    ///   - onLaterDay: Told of the latest day, where it lay after today.
    package init(
        settings: ReservoirSettings, coder: CoderIdentity, node: String, state: any StateKeeper, today: Int64,
        onLaterDay: (_ day: Int64) -> Void
    ) throws {
        reservoir = Reservoir(settings: settings, coder: coder)
        let segments = try state.segments(of: node)
        for segment in segments { try reservoir.merge(segment: segment.bytes) }
        segmentCount = segments.count
        let later = reservoir.limitDays(to: today)
        mustFold = later != nil
        if let later { onLaterDay(later) }
    }
}

/// Samples codes; at a barrier hands its segment to the checkpoint and, once that is on disk, shows its contents.
package struct ReservoirStage: Stage {
    package let node: String
    package let pool: ComputePool<ReservoirWorker>
    package let disk: ComputePool<Void>
    package let state: any StateKeeper
    package let coordinator: CheckpointCoordinator
    package let progress: RunProgress
    /// The display of the evidence over HTTP; `nil` for none.
    package let latestEvidence: LatestEvidence?
    package let timers: StageTimers
    /// Segments on disk above which they are folded into one.
    package let foldAbove: Int

    package init(
        node: String, pool: ComputePool<ReservoirWorker>, disk: ComputePool<Void>, state: any StateKeeper,
        coordinator: CheckpointCoordinator, progress: RunProgress, latestEvidence: LatestEvidence?, timers: StageTimers,
        foldAbove: Int
    ) {
        self.node = node
        self.pool = pool
        self.disk = disk
        self.state = state
        self.coordinator = coordinator
        self.progress = progress
        self.latestEvidence = latestEvidence
        self.timers = timers
        self.foldAbove = foldAbove
    }

    package func run(from input: InputPort<CodeBatch>, into output: OutputPort<EvidenceUpdate>) async throws {
        for try await flow in input {
            switch flow {
            case .batch(let batch):
                try await pool.run { worker in
                    try timers.busy { try worker.reservoir.absorb(batch) }
                }
                progress.sampled(tokens: batch.rowStarts.count - 1)
            case .barrier(let barrier):
                try await output.send(.batch(update(at: barrier)))
                try await output.send(.barrier(barrier))
            }
        }
    }

    private func update(at barrier: Barrier) async throws -> EvidenceUpdate {
        let (segment, view, isFoldDue) = try await pool.run { [foldAbove] worker in
            let segment = worker.reservoir.segment(epoch: barrier.epoch)
            if segment != nil { worker.segmentCount += 1 }
            return (segment, worker.reservoir.view(), worker.segmentCount > foldAbove || worker.mustFold)
        }
        try await coordinator.submit(terminal: node, segment: segment)
        if isFoldDue { try await fold(upTo: barrier.epoch) }
        try await pool.run { [state, node] _ in
            let note = EvidenceNote(node: node, view: view, epoch: barrier.epoch)
            try EvidenceNote.notes.write(note, of: node, to: state)
        }
        let update = EvidenceUpdate(view: view, epoch: barrier.epoch, isCaughtUp: barrier.isCaughtUp)
        latestEvidence?.put(update)
        return update
    }

    private func fold(upTo epoch: UInt64) async throws {
        let base = try await pool.run { worker in
            worker.segmentCount = 1
            worker.mustFold = false
            return worker.reservoir.wholeSegment(epoch: epoch)
        }
        try await disk.run { [state, node] _ in try state.fold(node: node, upTo: epoch, base: base) }
    }
}

package import Checkpoints
package import Dataflow
package import Elements
package import Evidence
package import Observability
package import Running
import StateNotes
package import Store

/// The owner of a reservoir: made on its own thread and never used on another.
package final class ReservoirWorker {
    package var reservoir: Reservoir
    /// Segments on disk since the last base.
    package var segmentCount: Int

    /// The epoch of the latest segment of them; `nil` if there are none.
    fileprivate let restored: UInt64?

    /// Restores the reservoir from the segments kept.
    ///
    /// - Throws: `CancellationError` if `stop` is raised before that is done.
    package init(
        settings: ReservoirSettings, coder: CoderIdentity, node: String, state: any StateKeeper,
        until stop: StopSignal = StopSignal()
    ) throws {
        reservoir = Reservoir(settings: settings, coder: coder)
        let segments = try state.segments(of: node)
        for segment in segments {
            if stop.isRaised { throw CancellationError() }
            try reservoir.merge(segment: segment.bytes)
        }
        segmentCount = segments.count
        restored = segments.last?.epoch
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
        let (segment, view, count, restored) = try await pool.run { worker in
            let segment = worker.reservoir.segment(epoch: barrier.epoch)
            if segment != nil { worker.segmentCount += 1 }
            return (segment, worker.reservoir.view(), worker.segmentCount, worker.restored)
        }
        try await coordinator.submit(terminal: node, segment: segment)
        if count > foldAbove { try await fold(upTo: barrier.epoch) }
        try await pool.run { [state, node, hasChanged = segment != nil] _ in
            let before = hasChanged ? nil : try EvidenceNote.notes.read(of: node, in: state)
            // A digest of much evidence takes seconds, and that of what has not changed is known.
            let known = before.flatMap { $0.epoch >= restored ?? 0 ? $0.at(epoch: barrier.epoch) : nil }
            let note = known ?? EvidenceNote(node: node, view: view, epoch: barrier.epoch)
            try EvidenceNote.notes.write(note, of: node, to: state)
        }
        let update = EvidenceUpdate(view: view, epoch: barrier.epoch, isCaughtUp: barrier.isCaughtUp)
        latestEvidence?.put(update)
        return update
    }

    private func fold(upTo epoch: UInt64) async throws {
        let base = try await pool.run { worker in
            worker.segmentCount = 1
            return worker.reservoir.wholeSegment(epoch: epoch)
        }
        try await disk.run { [state, node] _ in try state.fold(node: node, upTo: epoch, base: base) }
    }
}

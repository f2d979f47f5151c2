package import Checkpoints
package import Dataflow
package import Elements
package import Evidence
package import Observability
import StateNotes
package import Store

/// Takes in what its node samples, codes as a rule; at a barrier hands its segment to the checkpoint and, once that is on
/// disk, shows its contents.
package struct ReservoirStage<Batch: Weighed>: Stage {
    package typealias Input = Batch
    package typealias Output = EvidenceUpdate

    package let node: String
    package let pool: ComputePool<ReservoirWorker>
    /// The cores that may help with a batch; `nil` for none.
    package let cores: SpareCores?
    package let state: any StateKeeper
    package let coordinator: CheckpointCoordinator
    package let progress: RunProgress
    /// The display of the evidence over HTTP; `nil` for none.
    package let latestEvidence: LatestEvidence?
    package let timers: StageTimers
    /// Segments on disk above which they are folded into one.
    package let foldAbove: Int
    /// New entries above which they are written ahead of their checkpoint.
    package let writeAheadAbove: Int
    /// Notices for the user: the node, and what happened.
    package let notice: @Sendable (String, String) -> Void
    /// Takes in a batch on the reservoir's thread.
    private let absorb: @Sendable (ReservoirWorker, Batch, WorkSharing) throws -> Absorbed

    /// What came of a batch.
    package struct Absorbed: Sendable {
        /// The tokens that it was of.
        let tokens: Int
        /// How the sample size was lowered, if it was.
        let lowering: SampleLowering?

        package init(tokens: Int, lowering: SampleLowering? = nil) {
            self.tokens = tokens
            self.lowering = lowering
        }
    }

    package init(
        node: String, pool: ComputePool<ReservoirWorker>, state: any StateKeeper,
        coordinator: CheckpointCoordinator, progress: RunProgress, latestEvidence: LatestEvidence?, timers: StageTimers,
        foldAbove: Int, writeAheadAbove: Int = 1 << 23, cores: SpareCores? = nil,
        notice: @escaping @Sendable (String, String) -> Void = { _, _ in },
        absorbing absorb: @escaping @Sendable (ReservoirWorker, Batch, WorkSharing) throws -> Absorbed
    ) {
        self.absorb = absorb
        self.notice = notice
        self.node = node
        self.pool = pool
        self.cores = cores
        self.state = state
        self.coordinator = coordinator
        self.progress = progress
        self.latestEvidence = latestEvidence
        self.timers = timers
        self.foldAbove = foldAbove
        self.writeAheadAbove = writeAheadAbove
    }

    package func run(from input: InputPort<Batch>, into output: OutputPort<EvidenceUpdate>) async throws {
        for try await flow in input {
            switch flow {
            case .batch(let batch):
                let absorbed = try await work { [self] worker, sharing in
                    try timers.busy {
                        let absorbed = try absorb(worker, batch, sharing)
                        try worker.writeAhead(
                            of: node, epoch: { coordinator.coming }, above: writeAheadAbove, to: state,
                            sharing: sharing)
                        return absorbed
                    }
                }
                if let lowering = absorbed.lowering { notice(node, lowering.text) }
                progress.sampled(tokens: absorbed.tokens)
            case .barrier(let barrier):
                try await output.send(.batch(update(at: barrier)))
                try await output.send(.barrier(barrier))
            }
        }
    }

    private func update(at barrier: Barrier) async throws -> EvidenceUpdate {
        let (segments, ledger, isFoldDue, sizes, restored) = try await work {
            [node, notice, progress, foldAbove, state] worker, sharing in
            let lowering = worker.lowerAtBarrier(isCaughtUp: barrier.isCaughtUp, sharing: sharing)
            if let lowering { notice(node, lowering.text) }
            progress.memory.set(worker.reservoir.residentBytes, of: .evidence, by: node)
            progress.samples(worker.reservoir.sample, of: node)
            let sizes = SampleSizes(inForce: worker.reservoir.sample, asked: worker.reservoir.settings.sample)
            let segments = try worker.writeSegments(of: node, epoch: barrier.epoch, to: state, sharing: sharing)
            let ledger = try worker.takeLedger(of: node)
            let whole = worker.reservoir.wholeSegmentBytes
            let isFoldDue = worker.stored.isFoldDue(above: foldAbove, whole: whole) || worker.mustFold
            return (segments, ledger, isFoldDue, sizes, worker.restored)
        }
        try await coordinator.submit(terminal: node, keeping: segments + ledger)
        if isFoldDue {
            try await work { [state, node] in try $0.fold(node, upTo: barrier.epoch, in: state, sharing: $1) }
        }
        if !ledger.isEmpty {
            try await pool.run { [state, node] in try $0.foldLedger(of: node, upTo: barrier.epoch, in: state) }
        }
        let view = try await work { [state, node, hasChanged = !segments.isEmpty] worker, sharing in
            // Only now, so that the checkpoint does not wait for it.
            worker.reservoir.takeDigests(sharing: sharing)
            let view = worker.reservoir.view()
            let before = hasChanged ? nil : try EvidenceNote.notes.read(of: node, in: state)
            // A digest of much evidence takes seconds, and that of what has not changed is known.
            let known = before.flatMap { $0.epoch >= restored ?? 0 ? $0.at(epoch: barrier.epoch) : nil }
            let note =
                known
                ?? EvidenceNote(
                    node: node, view: view, epoch: barrier.epoch, sample: sizes, changed: worker.changed(in: view))
            try EvidenceNote.notes.write(note, of: node, to: state)
            return view
        }
        let update = EvidenceUpdate(view: view, epoch: barrier.epoch, isCaughtUp: barrier.isCaughtUp)
        latestEvidence?.put(update)
        return update
    }

    /// Does something on the reservoir's thread, with the cores that nothing else computes on.
    private func work<Output: Sendable>(
        _ body: @escaping @Sendable (ReservoirWorker, WorkSharing) throws -> Output
    ) async throws -> Output {
        try await pool.run { [cores] worker in
            guard let cores else { return try body(worker, .alone) }
            return try cores.help { try body(worker, $0) }
        }
    }
}

extension ReservoirStage where Batch == CodeBatch {
    /// Makes the stage that samples codes.
    package init(
        node: String, pool: ComputePool<ReservoirWorker>, state: any StateKeeper,
        coordinator: CheckpointCoordinator, progress: RunProgress, latestEvidence: LatestEvidence?, timers: StageTimers,
        foldAbove: Int, writeAheadAbove: Int = 1 << 23, cores: SpareCores? = nil,
        notice: @escaping @Sendable (String, String) -> Void = { _, _ in }
    ) {
        self.init(
            node: node, pool: pool, state: state, coordinator: coordinator, progress: progress,
            latestEvidence: latestEvidence, timers: timers, foldAbove: foldAbove, writeAheadAbove: writeAheadAbove,
            cores: cores, notice: notice
        ) { worker, batch, sharing in
            Absorbed(
                tokens: batch.rowStarts.count - 1, lowering: try worker.absorb(batch, sharing: sharing))
        }
    }
}

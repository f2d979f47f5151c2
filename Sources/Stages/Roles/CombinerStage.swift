package import Checkpoints
package import Dataflow
package import Elements
package import Observability
import Shuffle
import Store

/// Samples and counts codes in a process that keeps neither; at a barrier hands what has to be told to the checkpoint.
package struct CombinerStage: Stage {
    private let node: String
    private let pool: ComputePool<CombinerWorker>
    private let cores: SpareCores
    private let publisher: ShufflePublisher
    private let coordinator: CheckpointCoordinator
    private let progress: RunProgress
    private let timers: StageTimers

    /// Makes the stage of a reservoir node.
    package init(
        node: String, pool: ComputePool<CombinerWorker>, cores: SpareCores, publisher: ShufflePublisher,
        coordinator: CheckpointCoordinator, progress: RunProgress, timers: StageTimers
    ) {
        self.node = node
        self.pool = pool
        self.cores = cores
        self.publisher = publisher
        self.coordinator = coordinator
        self.progress = progress
        self.timers = timers
    }

    package func run(from input: InputPort<CodeBatch>, into output: OutputPort<EvidenceUpdate>) async throws {
        for try await flow in input {
            switch flow {
            case .batch(let batch):
                try await pool.run { [timers, cores] worker in
                    try timers.busy { try cores.help { try worker.absorb(batch, sharing: $0) } }
                }
                progress.sampled(tokens: batch.rowStarts.count - 1)
            case .barrier(let barrier):
                let told = try await pool.run { [timers, cores, publisher, progress, node] worker in
                    progress.memory.set(worker.residentBytes, of: .evidence, by: node)
                    return try timers.busy {
                        try cores.help { try worker.take(sharing: $0) { publisher.isOver($0) } }
                    }
                }
                try await coordinator.submit(
                    terminal: node, keeping: told.map { [CheckpointCommit.Segment(node: node, bytes: $0)] } ?? [])
                try await output.send(.barrier(barrier))
            }
        }
    }
}

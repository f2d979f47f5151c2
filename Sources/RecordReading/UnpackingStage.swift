package import Dataflow

/// Turns each batch of records into some batches, on a compute pool, with barriers at their places.
package struct UnpackingStage<Output: Weighed>: Stage {
    private let pool: ComputePool<Void>
    private let timers: StageTimers
    private let unpack: @Sendable (SourceBatch) throws -> [Output]

    /// Makes a stage.
    package init(
        pool: ComputePool<Void>, timers: StageTimers, unpack: @escaping @Sendable (SourceBatch) throws -> [Output]
    ) {
        self.pool = pool
        self.timers = timers
        self.unpack = unpack
    }

    package func run(from input: InputPort<SourceBatch>, into output: OutputPort<Output>) async throws {
        for try await flow in input {
            switch flow {
            case .barrier(let barrier): try await output.send(.barrier(barrier))
            case .batch(let batch):
                let parts = try await pool.run { [timers, unpack] _ in try timers.busy { try unpack(batch) } }
                for part in parts { try await output.send(.batch(part)) }
            }
        }
    }
}

internal import Dataflow
internal import LinearAlgebra

/// How fast all threads together read memory, each a buffer that no cache holds.
enum MemoryBandwidth {
    /// 128 MiB for each thread.
    private static let floats = 1 << 25

    static func trial(_ inputs: BenchmarkInputs) -> Trial {
        let threads = inputs.settings.threads
        let seconds = inputs.seconds
        let pool = ComputePool(name: "memory", threads: threads) {
            let buffer = FloatBuffer(count: floats)
            buffer.values.update(repeating: 1)
            return buffer
        }
        let jobs = (0..<4 * threads).map { _ in
            { @Sendable (buffer: FloatBuffer) in
                let half = floats / 2
                // Two streams, as a product of two vectors has; the result is looked at so that it is computed.
                let sum = VectorKernels.best.dot(buffer.pointer, buffer.pointer + half, count: half)
                guard sum > 0 else { throw BenchmarkError.notMeasurable(what: "memory", reason: "a sum is wrong") }
            }
        }
        return Trial(title: "reading memory, \(threads) threads", baseline: .none) {
            Double(jobs.count) * 4 * Double(floats) / 1e9 / (try await seconds.of(threads: threads, on: pool, jobs))
        }
    }
}

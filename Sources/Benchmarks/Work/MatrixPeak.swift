internal import Dataflow
internal import LinearAlgebra

/// The rate of matrix products in f32 with all threads at work, each on square matrices of its own.
struct MatrixPeak: Sendable {
    private final class Matrices {
        let a, b, c: FloatBuffer

        init(size: Int) {
            a = FloatBuffer(count: size * size)
            b = FloatBuffer(count: size * size)
            c = FloatBuffer(count: size * size)
            for index in 0..<size * size {
                a.pointer[index] = Float(index % 7) - 3
                b.pointer[index] = Float(index % 5) - 2
            }
        }
    }

    /// The sizes that are tried; the fastest is used.
    private static let sizes = [768, 1024, 1536, 2048]

    /// Rows, columns and depth of the products.
    let size: Int
    private let threads: Int
    private let seconds: Seconds
    private let pool: ComputePool<Matrices>

    /// Tries some sizes and keeps the fastest.
    init(threads: Int, seconds: Seconds) async throws {
        var best: (rate: Double, peak: MatrixPeak)?
        for size in Self.sizes {
            let peak = MatrixPeak(size: size, threads: threads, seconds: seconds)
            _ = try await peak.operationsPerSecond()
            let rate = try await peak.operationsPerSecond()
            if rate > best?.rate ?? 0 { best = (rate, peak) }
        }
        self = best?.peak ?? MatrixPeak(size: 1024, threads: threads, seconds: seconds)
    }

    private init(size: Int, threads: Int, seconds: Seconds) {
        self.size = size
        self.threads = threads
        self.seconds = seconds
        pool = ComputePool(name: "peak", threads: threads) { Matrices(size: size) }
    }

    /// Floating point operations a second, an addition and a multiplication counted as two.
    func operationsPerSecond() async throws -> Double {
        let size = size
        let operations = 2 * Double(size) * Double(size) * Double(size)
        // Some tenths of a second for each thread on a slow one.
        let products = max(2, Int(8e9 / operations))
        let jobs = (0..<threads * products).map { _ in
            { @Sendable (matrices: Matrices) in
                multiply(
                    matrices.a.pointer, transposed: matrices.b.pointer, into: matrices.c.pointer, rows: size,
                    columns: size, depth: size)
            }
        }
        return Double(jobs.count) * operations / (try await seconds.of(threads: threads, on: pool, jobs))
    }

    /// The peak as a benchmark of its own.
    func trial() -> Trial {
        Trial(
            title: "sgemm peak, f32, \(threads) threads, \(size)³", baseline: .none,
            cost: Roofline.Cost(operations: 1e9, bytes: 1e9 * 6 / Double(size)),
            measure: { try await operationsPerSecond() / 1e9 })
    }
}

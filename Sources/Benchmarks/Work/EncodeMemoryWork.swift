internal import Dataflow
internal import Elements
internal import SparseCoders

/// The memory that one worker takes to encode by a wide coder, against what it takes for a narrow one: the codes are as many.
enum EncodeMemoryWork {
    private static let tokens = 2048
    private static let narrowLatents = 4096

    static func trial(_ wide: SparseCoder, _ inputs: BenchmarkInputs) async throws -> Trial {
        let input = try await EncodeWork.activations(tokens: tokens, inputs)
        let narrow = try SparseCoder.random(
            inputWidth: wide.inputWidth, latents: narrowLatents, k: EncodeWork.active, seed: 7)
        let pool = ComputePool<Void>(name: "encode-memory", threads: 1)
        @Sendable func megabytes(_ coder: SparseCoder) async throws -> Double {
            try await pool.run { _ in
                Double(try ProcessMemory.rise { _ = try EncodeWorker(coder: coder).encode(input) }) / 1e6
            }
        }
        return Trial(
            title:
                "peak memory of encoding, \(Figure.text(Double(tokens))) tokens, \(Figure.text(Double(wide.latents)))",
            baseline: .work(name: "\(Figure.text(Double(narrowLatents))) latents") { try await megabytes(narrow) }
        ) { try await megabytes(wide) }
    }
}

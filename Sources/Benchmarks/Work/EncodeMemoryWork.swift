internal import Dataflow
internal import Elements
internal import SparseCoders

/// The memory that one worker takes to encode by a wide coder, its codes included, against that of all products at once.
///
/// Depending on the memory that the allocator happens to have free, it varies by a few megabytes.
enum EncodeMemoryWork {
    private static let tokens = 2048

    static func trial(_ coder: SparseCoder, _ inputs: BenchmarkInputs) async throws -> Trial {
        let input = try await EncodeWork.activations(tokens: tokens, inputs)
        let pool = ComputePool<Void>(name: "encode-memory", threads: 1)
        let all = 4 * Double(input.rows) * Double(coder.latents) / 1e6
        let title =
            "encode \(Figure.text(Double(input.rows))) tokens, \(Figure.text(Double(coder.latents))) latents: peak memory"
        return Trial(title: title, baseline: .work(name: "tokens × latents floats") { all }) {
            try await pool.run { _ in
                Double(try ProcessMemory.rise { _ = try EncodeWorker(coder: coder).encode(input) }) / 1e6
            }
        }
    }
}

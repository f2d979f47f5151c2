internal import Dataflow
internal import Elements
internal import LanguageModels
internal import LinearAlgebra
internal import SparseCoders

/// Encoding alone, on real activations, against the bare product of activations and encoder.
enum EncodeWork {
    private struct Product {
        /// `[rows, latents]`.
        let result: FloatBuffer
    }

    /// The latents of the wide coder, and how many are active on a token.
    static let wideLatents = 131_072
    static let active = 32
    /// The number of tokens of the contexts whose activations are used.
    private static let contextLength = 256
    /// The most rows of the bare product, so that its result fits in memory: `[rows, latents]` exists whole.
    private static let productRows = 512

    /// A coder at random of the shape that wide ones have.
    static func wideCoder(_ inputs: BenchmarkInputs) throws -> SparseCoder {
        try .random(inputWidth: inputs.model.width(at: inputs.hookpoint), latents: wideLatents, k: active, seed: 7)
    }

    /// The activations of `tokens` tokens at the hookpoint.
    static func activations(tokens: Int, _ inputs: BenchmarkInputs) async throws -> Matrix {
        let contexts = try inputs.contexts(tokens / contextLength, length: contextLength)
        let (model, hookpoint) = (try inputs.model, try inputs.hookpoint)
        let mode = model.batchMode()
        return try await ComputePool<Void>(name: "activations", threads: 1).run { _ in
            let forward = try ForwardPass(model: model, hookpoints: [hookpoint], mode: mode)
            return try forward.activations(of: contexts)[hookpoint.description] ?? Matrix(rows: 0, columns: 0)
        }
    }

    /// `jobs` batches of `tokens` for each thread.
    static func trial(_ coder: SparseCoder, tokens: Int, jobs: Int, _ inputs: BenchmarkInputs) async throws -> Trial {
        let threads = inputs.settings.threads
        let seconds = inputs.seconds
        let input = try await activations(tokens: tokens, inputs)
        let pool = ComputePool(name: "encode", threads: threads) { EncodeWorker(coder: coder) }
        let work = (0..<threads * jobs).map { _ in
            { @Sendable (worker: EncodeWorker) in _ = try worker.encode(input) }
        }
        let operations = ModelWork.encoding(width: coder.inputWidth, latents: coder.latents)
        return Trial(
            title: "encode, \(Figure.text(Double(coder.latents))) latents",
            baseline: product(coder, input: input, jobs: jobs, inputs),
            cost: Roofline.Cost(
                operations: operations,
                // The encoder is read once for some 900 tokens.
                bytes: 4 * Double(coder.inputWidth * coder.latents) / Double(min(tokens, 912)))
        ) { Double(tokens * work.count) / (try await seconds.of(threads: threads, on: pool, work)) }
    }

    private static func product(
        _ coder: SparseCoder, input: Matrix, jobs: Int, _ inputs: BenchmarkInputs
    ) -> Trial.Baseline {
        let threads = inputs.settings.threads
        let seconds = inputs.seconds
        let (latents, width) = (coder.latents, coder.inputWidth)
        let rows = min(productRows, input.rows)
        let weights = SharedFloats(count: latents * width)
        let pool = ComputePool(name: "product", threads: threads) {
            Product(result: FloatBuffer(count: rows * latents))
        }
        let work = (0..<threads * jobs).map { _ in
            { @Sendable (product: Product) in
                input.values.withUnsafeBufferPointer { values in
                    guard let values = values.baseAddress else { return }
                    multiply(
                        values, transposed: weights.pointer, into: product.result.pointer, rows: rows,
                        columns: latents, depth: width)
                }
            }
        }
        return .work(name: "sgemm of the same size") {
            Double(rows * work.count) / (try await seconds.of(threads: threads, on: pool, work))
        }
    }
}

/// Floats that all threads read.
private final class SharedFloats: @unchecked Sendable {
    // Sound: the floats are written in the initialiser only.
    private let values: FloatBuffer

    init(count: Int) {
        values = FloatBuffer(count: count)
        for index in 0..<count { values.pointer[index] = Float(index % 13) - 6 }
    }

    var pointer: UnsafePointer<Float> { UnsafePointer(values.pointer) }
}

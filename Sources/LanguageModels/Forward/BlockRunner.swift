internal import LinearAlgebra

/// The arithmetic of a transformer block over rows of tokens, all but the attention between tokens.
///
/// Every step reads and writes the scratch; `residual` is `[rows, width]`. One worker's own.
final class BlockRunner {
    /// Up to so many rows a matrix is read once per row, straight from its file's blocks: reading it is what takes time.
    private static let mostVectors = 4

    let configuration: ModelConfiguration
    let scratch: BlockScratch
    let kernels = VectorKernels.best
    var rotation: RotationTable
    /// Whether few rows go through the kernels for quantised matrices.
    ///
    /// Their sums differ from the matrix product's in the last bits, so a forward pass, whose rows must not depend on their
    /// number, does without.
    private let usesStoredMatrices: Bool

    init(_ configuration: ModelConfiguration, usesStoredMatrices: Bool) {
        self.configuration = configuration
        self.usesStoredMatrices = usesStoredMatrices
        scratch = BlockScratch(configuration)
        rotation = RotationTable(configuration.rope)
    }

    /// Queries, keys and values of rows, into `scratch.joined`; not yet rotated.
    func queryKeyValue(_ block: Block, of residual: UnsafeMutablePointer<Float>, rows: Int) {
        kernels.rootMeanSquareNorm(
            residual, weight: block.attentionNorm.pointer, into: scratch.normalized.pointer, rows: rows,
            width: configuration.width, epsilon: configuration.normEpsilon)
        apply(block.queryKeyValue, to: scratch.normalized.pointer, into: scratch.joined.pointer, rows: rows)
    }

    /// Rotates queries and keys of a context's tokens at positions from `first` on.
    func rotate(_ joined: UnsafeMutablePointer<Float>, tokens: Int, first: Int) {
        rotation.prepare(positions: first + tokens)
        rotation.rotate(
            joined, stride: configuration.joinedWidth, tokens: tokens,
            heads: configuration.heads + configuration.keyValueHeads, headWidth: configuration.headWidth, first: first,
            kernels: kernels)
    }

    /// The output of the attention, from `scratch.attended` into `scratch.output`.
    func attentionOutput(_ block: Block, rows: Int) {
        apply(block.attentionOutput, to: scratch.attended.pointer, into: scratch.output.pointer, rows: rows)
    }

    /// Adds `scratch.output` to the residual stream, then puts the feed-forward layer's output there.
    func feedForward(_ block: Block, of residual: UnsafeMutablePointer<Float>, rows: Int) {
        kernels.addRootMeanSquareNorm(
            scratch.output.pointer, to: residual, weight: block.feedForwardNorm.pointer,
            into: scratch.normalized.pointer, rows: rows, width: configuration.width,
            epsilon: configuration.normEpsilon)
        apply(block.gateAndUp, to: scratch.normalized.pointer, into: scratch.gateAndUp.pointer, rows: rows)
        kernels.siluMultiply(
            scratch.gateAndUp.pointer, into: scratch.hidden.pointer, rows: rows,
            width: configuration.feedForwardWidth)
        apply(block.down, to: scratch.hidden.pointer, into: scratch.output.pointer, rows: rows)
    }

    /// Adds `scratch.output` to the residual stream.
    func addOutput(to residual: UnsafeMutablePointer<Float>, rows: Int) {
        kernels.add(1, times: scratch.output.pointer, to: residual, count: rows * configuration.width)
    }

    /// The last normalisation, into `scratch.normalized`.
    func normalize(_ residual: UnsafeMutablePointer<Float>, with norm: WeightMatrix, rows: Int) {
        kernels.rootMeanSquareNorm(
            residual, weight: norm.pointer, into: scratch.normalized.pointer, rows: rows, width: configuration.width,
            epsilon: configuration.normEpsilon)
    }

    /// `y = x · matrixᵀ`; `x` is `[rows, matrix.columns]`, `y` is `[rows, matrix.rows]`.
    private func apply(
        _ matrix: WeightMatrix, to x: UnsafePointer<Float>, into y: UnsafeMutablePointer<Float>, rows: Int
    ) {
        if usesStoredMatrices, rows <= Self.mostVectors {
            for row in 0..<rows {
                let vector = x + row * matrix.columns
                let result = y + row * matrix.rows
                if !applyStored(matrix.stored, to: vector, into: result) {
                    kernels.multiply(
                        .f32, matrix.pointer, by: vector, sums: scratch.sums.pointer, into: result, rows: matrix.rows,
                        depth: matrix.columns)
                }
            }
        } else {
            multiply(x, transposed: matrix.pointer, into: y, rows: rows, columns: matrix.rows, depth: matrix.columns)
        }
    }

    /// `y = matrix · x` straight from the file's blocks; `false` where they have no kernel for that.
    func applyStored(
        _ matrix: StoredMatrix, to x: UnsafePointer<Float>, into y: UnsafeMutablePointer<Float>
    ) -> Bool {
        kernels.blockSums(x, into: scratch.sums.pointer, count: matrix.columns)
        return matrix.multiply(x, sums: scratch.sums.pointer, into: y, kernels: kernels)
    }
}

public import Elements

/// The sparse codes of some rows: per row, (latent, activation) pairs, in compressed rows.
///
/// A row has at most `mostActive(latents:)` pairs of eight bytes: a coder whose activation does not bound them (relu, jumprelu,
/// gated) is refused the row by an error, since codes that are nearly dense would make memory grow with tokens times latents.
public struct SparseCodes: Sendable, Hashable {
    /// `[rows + 1]`: the pairs of row `r` are those from `rowStarts[r]` to `rowStarts[r + 1]`.
    public private(set) var rowStarts = [0]
    /// The latent of each pair; ascending within a row.
    public private(set) var latents: [Int32] = []
    /// The activation of each pair; positive and finite.
    public private(set) var activations: [Float] = []

    /// The number of rows.
    public var rows: Int { rowStarts.count - 1 }

    /// All activations, silent ones too: `[rows, latents]` row-major.
    public func dense(latents width: Int) -> Matrix {
        var matrix = Matrix(rows: rows, columns: width)
        for row in 0..<rows {
            for pair in rowStarts[row]..<rowStarts[row + 1] where Int(latents[pair]) < width {
                matrix.values[row * width + Int(latents[pair])] = activations[pair]
            }
        }
        return matrix
    }

    /// The most latents of a coder that may be active in a row: an eighth of them, or 4,096 if that is more.
    public static func mostActive(latents: Int) -> Int { min(latents, max(4096, latents / 8)) }

    init() {}

    /// The codes of a batch's tokens.
    init(_ batch: CodeBatch) {
        rowStarts = batch.rowStarts
        latents = batch.latents
        activations = batch.activations
    }

    /// Adds empty rows until there are `rows` of them.
    mutating func endRows(upTo rows: Int) {
        while rowStarts.count <= rows { rowStarts.append(latents.count) }
    }

    /// Adds a pair to the row that has not ended.
    mutating func append(latent: Int32, activation: Float) {
        latents.append(latent)
        activations.append(activation)
    }
}

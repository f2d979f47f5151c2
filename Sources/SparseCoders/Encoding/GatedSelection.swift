/// Keeps positive magnitudes if the gate, the pre-activation, is positive.
final class GatedSelection: LatentSelection {
    private let scales: [Float]
    private let biases: [Float]
    private var entries: ActiveEntries

    /// `scales` and `biases` are `[latents]`: a latent's magnitude is its scale times the product, plus its bias.
    init(maximumColumns: Int, scales: [Float], biases: [Float], most: Int) {
        self.scales = scales
        self.biases = biases
        entries = ActiveEntries(maximumColumns: maximumColumns, most: most)
    }

    var byteCount: Int { entries.byteCount }

    func begin(columns: Int, used: [Int]) { entries.begin(columns: columns, used: used) }

    func take(_ products: UnsafePointer<Float>, latents: Range<Int>, bias: UnsafePointer<Float>) {
        let (flags, used, columns) = (entries.isActive.pointer, entries.isUsed.pointer, entries.columns)
        for (row, latent) in latents.enumerated() {
            let values = products + row * columns
            let (gate, scale, shift) = (bias[latent], scales[latent], biases[latent])
            for column in 0..<columns {
                // Turned round, so that NaN is found and named.
                let isClosed: UInt8 = values[column] + gate <= 0 ? 1 : 0
                let isSilent: UInt8 = values[column] * scale + shift <= 0 ? 1 : 0
                flags[column] = ((isClosed | isSilent) ^ 1) & used[column]
            }
            entries.isActive.forEach(columns: columns) { column in
                entries.append(latent: latent, activation: values[column] * scale + shift, column: column)
            }
        }
    }

    func finish(column: Int, into codes: inout SparseCodes) -> SelectionFault? {
        entries.finish(column: column, into: &codes)
    }
}

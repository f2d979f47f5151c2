/// Keeps the pre-activations of a row that are positive and, if there are thresholds, exceed that of their latent.
final class ThresholdSelection: LatentSelection {
    private let thresholds: [Float]?
    private var entries: ActiveEntries

    /// `thresholds` is `[latents]`; a row may have `most` active latents.
    init(maximumColumns: Int, thresholds: [Float]?, most: Int) {
        self.thresholds = thresholds
        entries = ActiveEntries(maximumColumns: maximumColumns, most: most)
    }

    var byteCount: Int { entries.byteCount }

    func begin(columns: Int, used: [Int]) { entries.begin(columns: columns, used: used) }

    func take(_ products: UnsafePointer<Float>, latents: Range<Int>, bias: UnsafePointer<Float>) {
        let (flags, used, columns) = (entries.isActive.pointer, entries.isUsed.pointer, entries.columns)
        for (row, latent) in latents.enumerated() {
            let values = products + row * columns
            let shift = bias[latent]
            let threshold = max(thresholds?[latent] ?? 0, 0)
            for column in 0..<columns {
                // Turned round, so that NaN, which neither exceeds nor does not, is found and named.
                flags[column] = (values[column] + shift <= threshold ? 0 : 1) & used[column]
            }
            entries.isActive.forEach(columns: columns) { column in
                entries.append(latent: latent, activation: values[column] + shift, column: column)
            }
        }
    }

    func finish(column: Int, into codes: inout SparseCodes) -> SelectionFault? {
        entries.finish(column: column, into: &codes)
    }
}

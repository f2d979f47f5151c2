public import Elements
internal import LinearAlgebra

extension GenerationSession {
    /// Adds tokens and returns their activations, changed as the edits say, by hookpoint name: `[tokens, width]`.
    ///
    /// Throws as `extend` does, and if the model has no such hookpoint.
    public func activations(at hookpoints: [Hookpoint], of tokens: [UInt32]) throws(ModelError) -> [String: Matrix] {
        for hookpoint in hookpoints { _ = try model.width(at: hookpoint) }
        try model.check(tokens, context: 0, after: length)
        let start = length
        var kept = hookpoints.map { Matrix(rows: tokens.count, columns: model.configuration.width(at: $0.site)) }
        try eachPart(
            of: tokens,
            keep: { block, site, span, values in
                for (index, hookpoint) in hookpoints.enumerated()
                where hookpoint.block == block && hookpoint.site == site {
                    let width = kept[index].columns
                    let offset = (span.first - start) * width
                    for value in 0..<span.count * width { kept[index].values[offset + value] = values[value] }
                }
            }
        ) { _, _, _ in }
        return Dictionary(zip(hookpoints.map(\.description), kept)) { first, _ in first }
    }
}

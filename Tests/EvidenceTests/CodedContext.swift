import Elements

/// One context with its codes, row by row: the unit that tests shuffle, repeat and deal out.
struct CodedContext {
    let context: Context
    let rows: [[(latent: Int32, activation: Float)]]
}

extension CodeBatch {
    init(_ contexts: [CodedContext]) {
        let rows = contexts.flatMap(\.rows)
        var starts = [0]
        for row in rows { starts.append(starts[starts.count - 1] + row.count) }
        self.init(
            contexts: contexts.map(\.context), rowStarts: starts, latents: rows.flatMap { $0.map(\.latent) },
            activations: rows.flatMap { $0.map(\.activation) })
    }
}

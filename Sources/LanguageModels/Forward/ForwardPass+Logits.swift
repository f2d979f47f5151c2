public import Elements
internal import LinearAlgebra

extension ForwardPass {
    /// So many rows at a time go through the head; a context's last part is filled up to `BatchIndependence.leastRows`.
    private static var headRows: Int { 128 }

    /// The logits of contexts: `[tokens, vocabulary]`, the rows of all contexts one after the other.
    ///
    /// Throws as `activations` does.
    public func logits(of contexts: [[UInt32]]) throws(ModelError) -> Matrix {
        let starts = contexts.reduce(into: [0]) { $0.append($0[$0.count - 1] + $1.count) }
        var logits = Matrix(rows: starts[contexts.count], columns: model.configuration.vocabulary)
        try eachLogits(of: contexts) { context, position, values in
            let offset = (starts[context] + position) * values.count
            logits.values.withUnsafeMutableBufferPointer { all in
                _ = UnsafeMutableBufferPointer(rebasing: all[offset..<offset + values.count])
                    .update(fromContentsOf: values)
            }
        }
        return logits
    }

    /// For each context the log-probability (natural) of every token but the first, given those before it.
    ///
    /// Throws as `activations` does.
    public func nextTokenLogProbabilities(of contexts: [[UInt32]]) throws(ModelError) -> [[Float]] {
        var result = contexts.map { [Float](repeating: 0, count: max($0.count - 1, 0)) }
        try eachLogits(of: contexts) { context, position, values in
            guard position + 1 < contexts[context].count, let logits = values.baseAddress else { return }
            let next = values[Int(contexts[context][position + 1])]
            result[context][position] = Float(
                Double(next) - runner.kernels.logSumExp(logits, count: values.count))
        }
        return result
    }

    /// Calls `body` with each context's index, each position in it and the logits there.
    private func eachLogits(
        of contexts: [[UInt32]], _ body: (Int, Int, UnsafeBufferPointer<Float>) -> Void
    ) throws(ModelError) {
        let norm = try model.finalNorm()
        let head = try model.head()
        let width = model.configuration.width
        let logits = FloatBuffer(count: Self.headRows * head.rows)
        try residuals(of: contexts) { context, residual in
            let count = contexts[context].count
            for start in stride(from: 0, to: count, by: Self.headRows) {
                let filled = min(Self.headRows, count - start)
                let rows = max(filled, BatchIndependence.leastRows)
                runner.scratch.reserve(rows: rows, scores: 0)
                let normalized = runner.scratch.normalized.pointer
                runner.normalize(residual + start * width, with: norm, rows: filled)
                (normalized + filled * width).update(repeating: 0, count: (rows - filled) * width)
                multiply(
                    normalized, transposed: head.pointer, into: logits.pointer, rows: rows, columns: head.rows,
                    depth: width)
                runner.capLogits(logits.pointer, rows: filled)
                for row in 0..<filled {
                    body(
                        context, start + row,
                        UnsafeBufferPointer(start: logits.pointer + row * head.rows, count: head.rows))
                }
            }
        }
    }
}

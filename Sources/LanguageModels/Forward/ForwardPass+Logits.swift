public import Elements
internal import LinearAlgebra

extension ForwardPass {
    /// The approximate number of logits that are computed together: the head is expanded once for all of their rows.
    private static var logitsAtOnce: Int { 1 << 23 }

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
        let rowsAtOnce = min(max(Self.logitsAtOnce / head.rows, 32), 256)
        let logits = FloatBuffer(count: rowsAtOnce * head.rows)
        try residuals(of: contexts) { context, residual in
            let count = contexts[context].count
            for start in stride(from: 0, to: count, by: rowsAtOnce) {
                let rows = min(rowsAtOnce, count - start)
                runner.scratch.reserve(rows: rows, scores: 0)
                let normalized = runner.scratch.normalized.pointer
                runner.normalize(residual + start * width, with: norm, rows: rows)
                head.multiply(normalized, count: rows, into: logits.pointer, by: .panels, runner.workspace)
                runner.capLogits(logits.pointer, rows: rows)
                for row in 0..<rows {
                    body(
                        context, start + row,
                        UnsafeBufferPointer(start: logits.pointer + row * head.rows, count: head.rows))
                }
            }
        }
    }
}

internal import LinearAlgebra

extension GenerationSession {
    /// The logits of one row of `residual`.
    ///
    /// Throws where a weight of the head is not a finite number.
    func logits(row: Int) throws(ModelError) -> [Float] {
        let configuration = model.configuration
        let normalized = runner.scratch.normalized.pointer
        runner.normalize(residual.pointer + row * configuration.width, with: finalNorm, rows: 1)
        var logits = [Float](repeating: 0, count: configuration.vocabulary)
        let isDone = logits.withUnsafeMutableBufferPointer { buffer in
            buffer.baseAddress.map { runner.applyStored(model.weights.head, to: normalized, into: $0) } ?? true
        }
        if isDone {
            try checkStoredHead(logits)
        } else {
            let head = try model.head()
            multiply(
                normalized, transposed: head.pointer, into: &logits, rows: 1, columns: head.rows, depth: head.columns)
        }
        logits.withUnsafeMutableBufferPointer { buffer in
            if let start = buffer.baseAddress { runner.capLogits(start, rows: 1) }
        }
        return logits
    }

    /// Throws where a logit is no finite number because the row of the head that made it has one.
    ///
    /// A head that is multiplied by as its file has it was never expanded, and so never examined.
    private func checkStoredHead(_ logits: [Float]) throws(ModelError) {
        let index = logits.withUnsafeBufferPointer { buffer in
            buffer.baseAddress.flatMap { FiniteValues.firstOther($0, count: buffer.count) }
        }
        guard let index else { return }
        let row = FloatBuffer(count: model.configuration.width)
        // A head is one tensor, its rows as they are used.
        try model.weights.head.parts.first?.tensor.readFinite(rows: index..<index + 1, into: row.pointer)
    }
}

internal import LinearAlgebra

extension TokenRunner {
    /// The number of rows of logits, of one vocabulary each, that are made at a time.
    static var logitRows: Int { 32 }

    /// Calls `body` with each row's place in `rows` and the logits there, which it may change.
    ///
    /// A row's logits are the same bits whatever other rows there are. Throws if a weight of the head is not a finite
    /// number.
    func eachLogits(
        ofRows rows: [Int], path: Path = .single, _ body: (Int, UnsafeMutableBufferPointer<Float>) -> Void
    ) throws(ModelError) {
        let configuration = model.configuration
        let vocabulary = configuration.vocabulary
        let scratch = runner.scratch
        for start in stride(from: 0, to: rows.count, by: Self.logitRows) {
            let part = rows[start..<min(start + Self.logitRows, rows.count)]
            reserve(rows: part.count)
            for (index, row) in part.enumerated() {
                runner.normalize(
                    residual.pointer + row * configuration.width, with: finalNorm,
                    into: scratch.normalized.pointer + index * configuration.width, rows: 1)
            }
            try multiplyHead(scratch.normalized.pointer, rows: part.count, path: path)
            runner.capLogits(logits.pointer, rows: part.count)
            for index in 0..<part.count {
                body(
                    start + index,
                    UnsafeMutableBufferPointer(start: logits.pointer + index * vocabulary, count: vocabulary))
            }
        }
    }

    private func multiplyHead(_ x: UnsafePointer<Float>, rows: Int, path: Path) throws(ModelError) {
        let stored = model.weights.head
        guard path == .single, stored.canMultiply else {
            return try model.head().multiply(
                x, count: rows, into: logits.pointer, by: path == .single ? .columns : .panels, runner.workspace)
        }
        stored.multiply(
            x, count: rows, into: logits.pointer, by: .columns, orders: stored.orders, runner.workspace)
        for row in 0..<rows { try checkStoredHead(logits.pointer + row * stored.rows) }
    }

    /// The log-probabilities (natural) of tokens, given the rows of the tokens before each.
    func logProbabilities(of tokens: [UInt32], rows: [Int], path: Path) throws(ModelError) -> [Double] {
        var values: [Double] = []
        try eachLogits(ofRows: rows, path: path) { index, logits in
            guard let start = logits.baseAddress else { return }
            values.append(Self.logProbability(of: tokens[index], start, count: logits.count, runner.kernels))
        }
        return values
    }

    static func logProbability(
        of token: UInt32, _ logits: UnsafePointer<Float>, count: Int, _ kernels: VectorKernels
    ) -> Double {
        Double(logits[Int(token)]) - kernels.logSumExp(logits, count: count)
    }

    private func reserve(rows: Int) {
        runner.scratch.reserve(rows: rows, scores: 0)
        let count = rows * model.configuration.vocabulary
        if logits.count < count { logits = FloatBuffer(count: count) }
    }

    /// Throws if a logit is not a finite number because the row of the head that made it has one.
    ///
    /// A head that is multiplied by as its file has it was never expanded, and so never examined.
    private func checkStoredHead(_ logits: UnsafePointer<Float>) throws(ModelError) {
        let configuration = model.configuration
        guard let index = FiniteValues.firstOther(logits, count: configuration.vocabulary) else { return }
        let row = FloatBuffer(count: configuration.width)
        // A head is one tensor, its rows as they are used.
        try model.weights.head.parts.first?.tensor.readFinite(rows: index..<index + 1, into: row.pointer)
    }
}

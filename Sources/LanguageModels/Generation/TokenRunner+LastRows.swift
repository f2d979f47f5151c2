internal import LinearAlgebra

extension TokenRunner {
    /// Runs the last block where only each text's last token is read: of the others keys and values alone are needed, by later tokens.
    ///
    /// The last tokens' rows of `residual` get the same bits as if all had been computed; the others keep the block's input.
    func runLastRows(_ block: Block, _ index: Int, _ rows: TokenRows, of additions: [Addition], path: Path) {
        let (scratch, width) = (runner.scratch, model.configuration.width)
        runner.attentionInput(block, of: residual.pointer, rows: rows.count)
        runner.queryKeyValue(block, rows: rows.count)
        let spans = rows.spans.filter { $0.count > 0 }
        if lastRows.count < spans.count * width { lastRows = FloatBuffer(count: spans.count * width) }
        let stream = lastRows.pointer
        for (row, span) in spans.enumerated() {
            storeKeys(block, index, span, of: additions[span.text])
            attend(index, span, from: span.count - 1, of: additions[span.text], path: path, into: row)
            (stream + row * width).update(from: residual.pointer + (span.row + span.count - 1) * width, count: width)
        }
        runner.attentionOutput(block, rows: spans.count)
        runner.normalizeOutput(with: block.postAttentionNorm, rows: spans.count)
        runner.feedForwardInput(block, of: stream, rows: spans.count)
        runner.neurons(block, of: scratch.normalized.pointer, rows: spans.count)
        runner.feedForwardOutput(block, rows: spans.count)
        runner.normalizeOutput(with: block.postFeedForwardNorm, rows: spans.count)
        runner.addOutput(to: stream, rows: spans.count)
        for (row, span) in spans.enumerated() {
            (residual.pointer + (span.row + span.count - 1) * width).update(from: stream + row * width, count: width)
        }
    }
}

internal import LinearAlgebra

/// The working memory of a mixture of experts, grown when more is needed.
final class ExpertScratch {
    /// `[rows, experts]`: the scores.
    fileprivate var scores = FloatBuffer(count: 0)
    /// `[rows, width]`: what an expert reads, and what it gives.
    fileprivate var read = FloatBuffer(count: 0)
    fileprivate var given = FloatBuffer(count: 0)
    /// `[rows, 2 · hidden]` and `[rows, hidden]`: what lies between.
    fileprivate var gateAndUp = FloatBuffer(count: 0)
    fileprivate var hidden = FloatBuffer(count: 0)

    fileprivate func reserve(rows: Int, width: Int, _ settings: ExpertSettings) {
        func grow(_ buffer: inout FloatBuffer, _ count: Int) {
            if buffer.count < count { buffer = FloatBuffer(count: count) }
        }
        grow(&scores, rows * settings.count)
        grow(&read, rows * width)
        grow(&given, rows * width)
        grow(&gateAndUp, rows * 2 * settings.width)
        grow(&hidden, rows * settings.width)
    }
}

extension BlockRunner {
    /// The answers of experts to `x`, `[rows, width]`, into `y`, `[rows, width]`.
    ///
    /// Each expert answers all rows that chose it together. A row's answers are added in the order of the experts, so that its bits
    /// do not depend on the other rows.
    func answer(
        _ x: UnsafePointer<Float>, by experts: [FeedForwardLayer], _ router: LinearLayer,
        into y: UnsafeMutablePointer<Float>, rows: Int
    ) {
        let width = configuration.width
        y.update(repeating: 0, count: rows * width)
        guard let settings = configuration.experts else { return }
        let memory = expertScratch
        memory.reserve(rows: rows, width: width, settings)
        apply(router, to: x, into: memory.scores.pointer, rows: rows)
        var readers = [[(row: Int, weight: Float)]](repeating: [], count: experts.count)
        for row in 0..<rows {
            let scores = UnsafeBufferPointer(start: memory.scores.pointer + row * settings.count, count: settings.count)
            for (expert, weight) in settings.choice(scores) where readers.indices.contains(expert) {
                readers[expert].append((row, weight))
            }
        }
        for (expert, rows) in zip(experts, readers) where !rows.isEmpty {
            for (place, reader) in rows.enumerated() {
                (memory.read.pointer + place * width).update(from: x + reader.row * width, count: width)
            }
            apply(expert.gateAndUp, to: memory.read.pointer, into: memory.gateAndUp.pointer, rows: rows.count)
            activate(memory.gateAndUp.pointer, into: memory.hidden.pointer, rows: rows.count, width: settings.width)
            apply(expert.down, to: memory.hidden.pointer, into: memory.given.pointer, rows: rows.count)
            for (place, reader) in rows.enumerated() {
                kernels.add(
                    reader.weight, times: memory.given.pointer + place * width, to: y + reader.row * width, count: width
                )
            }
        }
    }

    private func activate(
        _ gateAndUp: UnsafePointer<Float>, into hidden: UnsafeMutablePointer<Float>, rows: Int, width: Int
    ) {
        let (activation, isGated, kernels) = (configuration.activation, configuration.isGated, kernels)
        workspace.share(rows: rows, width: width, multiplicationsEach: 32) { rows in
            kernels.activate(
                activation, isGated: isGated, gateAndUp + rows.lowerBound * 2 * width,
                into: hidden + rows.lowerBound * width, rows: rows.count, width: width)
        }
    }
}

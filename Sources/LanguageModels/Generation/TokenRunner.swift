internal import LinearAlgebra

/// Runs new tokens of several texts through all blocks together: one worker's own, used by one thread.
///
/// What is computed for a token depends on its own text and path only, bit for bit.
final class TokenRunner {
    /// How rows go through the products.
    enum Path {
        /// Many tokens at a time, through matrix products with the expanded weights.
        case together
        /// Each token by itself, through the weights as the file has them: reading them is what takes time.
        case single
    }

    /// New tokens of a text.
    struct Addition {
        let text: TextState
        let tokens: [UInt32]
    }

    let model: LanguageModel
    let period: RowPeriod
    let runner: BlockRunner
    let finalNorm: Norm
    /// The residual stream behind the last block, `[rows, width]`.
    private(set) var residual = FloatBuffer(count: 0)
    /// Queries and outputs of one head, `[64, headWidth]` each.
    let tile: FloatBuffer
    /// Logits, `[rows, vocabulary]`, as many rows as were asked for.
    var logits = FloatBuffer(count: 0)
    private let blocks: [Block]

    /// Expands all weights where no other worker has yet; throws where they cannot be read.
    init(model: LanguageModel, period: RowPeriod) throws(ModelError) {
        self.model = model
        self.period = period
        var blocks: [Block] = []
        for index in 0..<model.configuration.blocks { blocks.append(try model.block(index)) }
        self.blocks = blocks
        finalNorm = try model.finalNorm()
        runner = BlockRunner(model.configuration, usesStoredMatrices: true)
        tile = FloatBuffer(count: 2 * KeyValuePage.positions * model.configuration.headWidth)
    }

    /// A runner of its own over the same weights.
    init(copying other: TokenRunner) {
        model = other.model
        period = other.period
        blocks = other.blocks
        finalNorm = other.finalNorm
        runner = BlockRunner(model.configuration, usesStoredMatrices: true)
        tile = FloatBuffer(count: other.tile.count)
    }

    /// Adds checked tokens to texts; returns for each text the rows of its new tokens in `residual`.
    ///
    /// `keep` gets what is at each place of each block, changed as the texts' edits say: block, place, span and the span's
    /// first row. Throws where an edit fails or an embedding is no finite number; then nothing is added.
    @discardableResult
    func run(
        _ additions: [Addition], path: Path,
        keep: ((Int, Hookpoint.Site, TokenRows.Span, UnsafePointer<Float>) -> Void)? = nil
    ) throws(ModelError) -> [[Int]] {
        let starts = additions.map { $0.text.append($0.tokens) }
        do throws(ModelError) {
            let texts = zip(starts, additions).map { (first: $0, count: $1.tokens.count) }
            let rows = path == .single ? TokenRows(single: texts) : TokenRows(together: texts, period: period)
            try embed(additions, rows)
            let longest = texts.reduce(0) { max($0, $1.first + $1.count) }
            let columns = KeyValueCache.pageCount(positions: longest) * KeyValuePage.positions
            runner.usesStoredMatrices = path == .single
            runner.scratch.reserve(
                rows: rows.units.reduce(0) { max($0, $1.rows) },
                scores: (path == .single ? 1 : KeyValuePage.positions) * columns)
            for (index, block) in blocks.enumerated() {
                for unit in rows.units { try run(block, index, unit, of: additions, path: path, keep: keep) }
            }
            return rows.rows(texts: additions.count)
        } catch {
            for (start, addition) in zip(starts, additions) { addition.text.truncate(to: start) }
            throw error
        }
    }

    private func embed(_ additions: [Addition], _ rows: TokenRows) throws(ModelError) {
        let width = model.configuration.width
        let count = rows.rows * width
        if residual.count < count { residual = FloatBuffer(count: count) }
        residual.pointer.update(repeating: 0, count: count)
        for unit in rows.units {
            for span in unit.spans {
                let tokens = additions[span.text].tokens[span.offset..<span.offset + span.count]
                try model.embed(
                    Array(tokens), first: span.first, into: residual.pointer + (unit.start + span.row) * width)
            }
        }
    }

    private func run(
        _ block: Block, _ index: Int, _ unit: TokenRows.Unit, of additions: [Addition], path: Path,
        keep: ((Int, Hookpoint.Site, TokenRows.Span, UnsafePointer<Float>) -> Void)?
    ) throws(ModelError) {
        let scratch = runner.scratch
        let rows = residual.pointer + unit.start * model.configuration.width
        func pass(_ site: Hookpoint.Site, _ values: UnsafeMutablePointer<Float>) throws(ModelError) {
            let width = model.configuration.width(at: site)
            for span in unit.spans {
                let start = values + span.row * width
                for edit in additions[span.text].text.edits
                where edit.hookpoint.block == index && edit.hookpoint.site == site {
                    try edit.apply(to: start, first: span.first, rows: span.count, width: width)
                }
                keep?(index, site, span, UnsafePointer(start))
            }
        }
        try pass(.input, rows)
        runner.attentionInput(block, of: rows, rows: unit.rows)
        try pass(.attentionInput, scratch.normalized.pointer)
        runner.queryKeyValue(block, rows: unit.rows)
        attend(block, index, unit, of: additions, path: path)
        runner.attentionOutput(block, rows: unit.rows)
        try pass(.attention, scratch.output.pointer)
        runner.feedForwardInput(block, of: rows, rows: unit.rows)
        try pass(.feedForwardInput, scratch.normalized.pointer)
        runner.neurons(block, of: scratch.normalized.pointer, rows: unit.rows)
        try pass(.neurons, scratch.hidden.pointer)
        runner.feedForwardOutput(block, rows: unit.rows)
        try pass(.feedForward, scratch.output.pointer)
        runner.finish(block, rows, rows: unit.rows)
        try pass(.residual, rows)
    }

    /// The attention of each text, from `scratch.joined` into `scratch.attended`.
    private func attend(
        _ block: Block, _ index: Int, _ unit: TokenRows.Unit, of additions: [Addition], path: Path
    ) {
        let configuration = model.configuration
        // Rows of zeros would keep what an earlier run left there, which may be no numbers.
        runner.scratch.attended.pointer.update(repeating: 0, count: unit.rows * configuration.queryWidth)
        for span in unit.spans {
            let joined = runner.scratch.joined.pointer + span.row * configuration.joinedWidth
            let attended = runner.scratch.attended.pointer + span.row * configuration.queryWidth
            let cache = additions[span.text].text.cache
            runner.finishHeads(block, index: index, joined, tokens: span.count, first: span.first)
            cache.store(joined, block: index, first: span.first, tokens: span.count)
            switch path {
            case .single:
                runner.attendSingly(
                    joined, tokens: span.count, first: span.first, cache: cache, block: index, into: attended)
            case .together:
                runner.attendInTiles(
                    joined, tokens: span.count, first: span.first, cache: cache, block: index,
                    tile: tile.pointer, into: attended)
            }
        }
    }
}

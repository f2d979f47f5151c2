internal import LinearAlgebra

/// Runs new tokens of several texts through all blocks together: one worker's own, used by one thread.
///
/// The result for a token depends on its own text and path only, bit for bit.
final class TokenRunner {
    /// How rows go through the products.
    enum Path {
        /// Many tokens at a time, the weights expanded for all of them.
        case together
        /// Each token by itself, through the weights as the file has them: reading them is what takes time.
        case single
    }

    /// Which rows of `residual` are read after a run.
    enum Reading {
        /// Those of all new tokens.
        case all
        /// Those of each text's last token; what is left in the others is not the model's output.
        case last
    }

    /// New tokens of a text.
    struct Addition {
        let text: TextState
        let tokens: [UInt32]
    }

    let model: LanguageModel
    let runner: BlockRunner
    let finalNorm: Norm
    /// The residual stream after the last block, `[rows, width]`.
    private(set) var residual = FloatBuffer(count: 0)
    /// The residual stream of the rows that are read, `[texts, width]`, in the last block.
    var lastRows = FloatBuffer(count: 0)
    /// Logits, `[rows, vocabulary]`, for the rows that were asked for.
    var logits = FloatBuffer(count: 0)
    private let blocks: [Block]

    /// Examines all weights if no other worker has yet; throws if they cannot be read.
    init(model: LanguageModel, activations: ActivationPrecision, team: WorkTeam?) throws(ModelError) {
        self.model = model
        var blocks: [Block] = []
        for index in 0..<model.configuration.blocks { blocks.append(try model.block(index)) }
        self.blocks = blocks
        finalNorm = try model.finalNorm()
        runner = BlockRunner(
            model.configuration, ProductWorkspace(activations: activations, team: team))
    }

    /// A runner of its own over the same weights.
    init(copying other: TokenRunner) {
        model = other.model
        blocks = other.blocks
        finalNorm = other.finalNorm
        runner = BlockRunner(
            model.configuration, ProductWorkspace(activations: other.runner.workspace.activations))
    }

    /// Adds checked tokens to texts; returns for each text the rows of its new tokens in `residual`.
    ///
    /// `keep` gets what is at each place of each block, changed as the texts' edits say: block, place, span and the span's
    /// first row. Throws if an edit fails or an embedding is not a finite number; then nothing is added.
    @discardableResult
    func run(
        _ additions: [Addition], path: Path, reading: Reading = .all,
        keep: ((Int, Hookpoint.Site, TokenRows.Span, UnsafePointer<Float>) -> Void)? = nil
    ) throws(ModelError) -> [Range<Int>] {
        let starts = additions.map { $0.text.append($0.tokens) }
        do throws(ModelError) {
            let rows = TokenRows(zip(starts, additions).map { (first: $0, count: $1.tokens.count) })
            try embed(additions, rows)
            runner.kernel = path == .single ? .columns : .panels
            runner.scratch.reserve(rows: rows.count, scores: 0)
            let isWhole =
                reading == .all || keep != nil || rows.count == additions.count
                || additions.contains { !$0.text.edits.isEmpty }
            for (index, block) in blocks.enumerated() {
                if !isWhole, index == blocks.count - 1 {
                    runLastRows(block, index, rows, of: additions, path: path)
                } else {
                    try run(block, index, rows, of: additions, path: path, keep: keep)
                }
            }
            return rows.spans.map(\.rows)
        } catch {
            for (start, addition) in zip(starts, additions) { addition.text.truncate(to: start) }
            throw error
        }
    }

    private func embed(_ additions: [Addition], _ rows: TokenRows) throws(ModelError) {
        let width = model.configuration.width
        if residual.count < rows.count * width { residual = FloatBuffer(count: rows.count * width) }
        for span in rows.spans {
            try model.embed(
                additions[span.text].tokens, first: span.first, into: residual.pointer + span.row * width)
        }
    }

    private func run(
        _ block: Block, _ index: Int, _ rows: TokenRows, of additions: [Addition], path: Path,
        keep: ((Int, Hookpoint.Site, TokenRows.Span, UnsafePointer<Float>) -> Void)?
    ) throws(ModelError) {
        let scratch = runner.scratch
        let stream = residual.pointer
        /// Changes what is at a place as the edits say, and hands it to `keep`; `true` if an edit was there.
        @discardableResult
        func pass(_ site: Hookpoint.Site, _ values: UnsafeMutablePointer<Float>) throws(ModelError) -> Bool {
            let width = model.configuration.width(at: site)
            var isEdited = false
            for span in rows.spans {
                let start = values + span.row * width
                for edit in additions[span.text].text.edits
                where edit.hookpoint.block == index && edit.hookpoint.site == site {
                    try edit.apply(to: start, first: span.first, rows: span.count, width: width)
                    isEdited = true
                }
                keep?(index, site, span, UnsafePointer(start))
            }
            return isEdited
        }
        try pass(.input, stream)
        runner.attentionInput(block, of: stream, rows: rows.count)
        try pass(.attentionInput, scratch.normalized.pointer)
        runner.queryKeyValue(block, rows: rows.count)
        attend(block, index, rows, of: additions, path: path)
        try pass(.heads, scratch.attended.pointer)
        runner.attentionOutput(block, rows: rows.count)
        try pass(.attention, scratch.output.pointer)
        runner.normalizeOutput(with: block.postAttentionNorm, rows: rows.count)
        try pass(.attentionNormed, scratch.output.pointer)
        func isEdited(_ span: TokenRows.Span, at site: Hookpoint.Site) -> Bool {
            additions[span.text].text.edits.contains { $0.hookpoint.block == index && $0.hookpoint.site == site }
        }
        let keepsPlain = keep != nil || rows.spans.contains { isEdited($0, at: .feedForwardNormalized) }
        runner.feedForwardInput(block, of: stream, rows: rows.count, keepsPlain: keepsPlain)
        // What the feed-forward layer reads has been made of the stream before it was changed.
        if try pass(.middle, stream), !model.configuration.isParallel {
            runner.normalize(stream, with: block.feedForwardNorm, rows: rows.count)
            if keepsPlain { runner.normalizePlainly(stream, like: block.feedForwardNorm, rows: rows.count) }
        }
        if keepsPlain {
            let width = model.configuration.width
            let edited = rows.spans.filter { isEdited($0, at: .feedForwardNormalized) }
            let before = edited.map { span in
                Array(UnsafeBufferPointer(start: scratch.plain.pointer + span.row * width, count: span.count * width))
            }
            try pass(.feedForwardNormalized, scratch.plain.pointer)
            for (span, before) in zip(edited, before) {
                runner.applyGain(of: block.feedForwardNorm, rows: span.rows, unless: before)
            }
        }
        try pass(.feedForwardInput, scratch.normalized.pointer)
        runner.neurons(block, of: scratch.normalized.pointer, rows: rows.count)
        try pass(.neurons, scratch.hidden.pointer)
        runner.feedForwardOutput(block, rows: rows.count)
        try pass(.feedForward, scratch.output.pointer)
        runner.normalizeOutput(with: block.postFeedForwardNorm, rows: rows.count)
        try pass(.feedForwardNormed, scratch.output.pointer)
        runner.addOutput(to: stream, rows: rows.count)
        try pass(.residual, stream)
    }

    /// The attention of each text, from `scratch.joined` into `scratch.attended`.
    private func attend(
        _ block: Block, _ index: Int, _ rows: TokenRows, of additions: [Addition], path: Path
    ) {
        for span in rows.spans {
            storeKeys(block, index, span, of: additions[span.text])
            attend(index, span, from: 0, of: additions[span.text], path: path, into: span.row)
        }
    }

    /// Finishes a span's queries, keys and values in `scratch.joined`, and stores keys and values.
    func storeKeys(_ block: Block, _ index: Int, _ span: TokenRows.Span, of addition: Addition) {
        let joined = runner.scratch.joined.pointer + span.row * model.configuration.joinedWidth
        runner.finishHeads(block, index: index, joined, tokens: span.count, first: span.first)
        addition.text.cache.store(joined, block: index, first: span.first, tokens: span.count)
    }

    /// The attention of a span's tokens from number `start` on, into rows of `scratch.attended` from `row` on.
    func attend(
        _ index: Int, _ span: TokenRows.Span, from start: Int, of addition: Addition, path: Path, into row: Int
    ) {
        let configuration = model.configuration
        let joined = runner.scratch.joined.pointer + (span.row + start) * configuration.joinedWidth
        let attended = runner.scratch.attended.pointer + row * configuration.queryWidth
        let (cache, tokens, first) = (addition.text.cache, span.count - start, span.first + start)
        let sinks = blocks[index].sinks
        switch path {
        case .single:
            runner.attendSingly(
                joined, tokens: tokens, first: first, cache: cache, block: index, sinks: sinks, into: attended)
        case .together:
            runner.attendInTiles(
                joined, tokens: tokens, first: first, cache: cache, block: index, sinks: sinks, into: attended)
        }
    }
}

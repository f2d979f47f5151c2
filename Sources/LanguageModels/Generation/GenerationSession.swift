internal import LinearAlgebra

/// A text that a model goes on with, token by token: one worker's own, used by one thread.
///
/// Keys and values of all tokens so far are kept, so that a prefix shared by many prompts is computed once: extend by the
/// prefix, then for each prompt `copy()`, or extend and `truncate(to:)` back.
public final class GenerationSession {
    /// So many tokens of a prompt go through the model together.
    private static let tokensAtOnce = 256

    /// The model.
    public let model: LanguageModel
    /// The tokens so far.
    public private(set) var tokens: [UInt32] = []
    /// The number of tokens so far.
    public var length: Int { tokens.count }

    private var cache: KeyValueCache
    let runner: BlockRunner
    private let blocks: [Block]
    let finalNorm: Norm
    private(set) var residual = FloatBuffer(count: 0)
    /// The logits after the last token; `nil` where they are to be computed.
    private var lastLogits: [Float]?

    /// Starts an empty text; expands all weights where no other worker has yet.
    ///
    /// Throws where the weights cannot be read.
    public init(model: LanguageModel) throws(ModelError) {
        self.model = model
        var blocks: [Block] = []
        for index in 0..<model.configuration.blocks { blocks.append(try model.block(index)) }
        self.blocks = blocks
        finalNorm = try model.finalNorm()
        cache = KeyValueCache(model.configuration)
        runner = BlockRunner(model.configuration, usesStoredMatrices: true)
    }

    private init(copying session: GenerationSession) {
        model = session.model
        blocks = session.blocks
        finalNorm = session.finalNorm
        tokens = session.tokens
        cache = session.cache
        lastLogits = session.lastLogits
        runner = BlockRunner(model.configuration, usesStoredMatrices: true)
    }

    /// A session that goes on from the same tokens by itself; what both have is stored once.
    public func copy() -> GenerationSession { GenerationSession(copying: self) }

    /// Forgets all tokens from `length` on; a longer `length` than there is changes nothing.
    public func truncate(to length: Int) {
        guard length < tokens.count else { return }
        tokens.removeLast(tokens.count - max(length, 0))
        cache.truncate(to: length)
        lastLogits = nil
    }

    /// Adds tokens and returns the logits after the last one: `[vocabulary]`.
    ///
    /// Throws where there are no tokens, one is not of the vocabulary, or the text becomes too long; then nothing is added.
    public func extend(_ tokens: [UInt32]) throws(ModelError) -> [Float] {
        guard !tokens.isEmpty else { throw .noTokens }
        try model.check(tokens, context: 0, after: length)
        for start in stride(from: 0, to: tokens.count, by: Self.tokensAtOnce) {
            try run(Array(tokens[start..<min(start + Self.tokensAtOnce, tokens.count)]))
        }
        let logits = try logits(row: (tokens.count - 1) % Self.tokensAtOnce)
        lastLogits = logits
        return logits
    }

    /// Goes back to a length at which the logits are known.
    func restore(length: Int, logits: [Float]) {
        truncate(to: length)
        lastLogits = logits
    }

    /// The logits after the last token; throws where there is none.
    func currentLogits() throws(ModelError) -> [Float] {
        if let lastLogits { return lastLogits }
        guard let last = tokens.last else { throw .noTokens }
        truncate(to: length - 1)
        return try extend([last])
    }

    /// Adds tokens and calls `body` with the logits after each of them.
    ///
    /// Throws as `extend` does.
    func extend(_ tokens: [UInt32], _ body: (Int, [Float]) -> Void) throws(ModelError) {
        try model.check(tokens, context: 0, after: length)
        for start in stride(from: 0, to: tokens.count, by: Self.tokensAtOnce) {
            let part = Array(tokens[start..<min(start + Self.tokensAtOnce, tokens.count)])
            try run(part)
            for row in part.indices { body(start + row, try logits(row: row)) }
        }
        lastLogits = nil
    }

    /// Runs checked tokens through all blocks; their rows are in `residual` afterwards.
    private func run(_ tokens: [UInt32]) throws(ModelError) {
        let configuration = model.configuration
        let rows = tokens.count
        if residual.count < rows * configuration.width { residual = FloatBuffer(count: rows * configuration.width) }
        try model.embed(tokens, first: length, into: residual.pointer)
        let first = cache.grow(by: rows)
        self.tokens += tokens
        let scratch = runner.scratch
        scratch.reserve(rows: rows, scores: min(rows, BlockRunner.queriesAtOnce) * (first + rows))
        for (index, block) in blocks.enumerated() {
            runner.attentionInput(block, of: residual.pointer, rows: rows)
            runner.queryKeyValue(block, rows: rows)
            runner.finishHeads(block, index: index, scratch.joined.pointer, tokens: rows, first: first)
            cache.store(scratch.joined.pointer, block: index, first: first, tokens: rows)
            runner.attend(
                scratch.joined.pointer, tokens: rows, first: first, cache: cache, block: index,
                into: scratch.attended.pointer)
            runner.attentionOutput(block, rows: rows)
            runner.feedForwardInput(block, of: residual.pointer, rows: rows)
            runner.neurons(block, of: scratch.normalized.pointer, rows: rows)
            runner.feedForwardOutput(block, rows: rows)
            runner.finish(block, residual.pointer, rows: rows)
        }
    }
}

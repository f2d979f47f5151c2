internal import LinearAlgebra

/// A text that a model continues, token by token: one worker's own, used by one thread.
///
/// Keys and values of all tokens so far are kept, so that a prefix shared by many prompts is computed once: extend by the
/// prefix, then for each prompt `copy()`, or extend and `truncate(to:)` back.
public final class GenerationSession {
    /// The number of tokens of a prompt that go through the model together.
    static let tokensAtOnce = 512
    /// The most tokens that are computed each by itself: for this few, reading the weights is what takes time.
    private static let fewTokens = 16

    /// The model.
    public let model: LanguageModel
    /// The tokens so far.
    public var tokens: [UInt32] { text.tokens }
    /// The number of tokens so far.
    public var length: Int { text.tokens.count }
    /// The bytes of keys and values, those that copies share included.
    public var byteCount: Int { KeyValueCache.byteCount([text.cache], model.configuration) }

    let text: TextState
    let runner: TokenRunner
    /// The logits after the last token; `nil` if they are to be computed.
    private var lastLogits: [Float]?

    /// Starts an empty text; examines all weights if no other worker has yet.
    ///
    /// Throws if the weights cannot be read.
    public init(model: LanguageModel, activations: ActivationPrecision = .f32) throws(ModelError) {
        self.model = model
        text = TextState(model.configuration)
        runner = try TokenRunner(model: model, activations: activations, team: nil)
    }

    private init(copying session: GenerationSession) {
        model = session.model
        text = TextState(copying: session.text)
        lastLogits = session.lastLogits
        runner = TokenRunner(copying: session.runner)
    }

    /// An independent session that continues from the same tokens; shared tokens are stored once.
    public func copy() -> GenerationSession { GenerationSession(copying: self) }

    /// Forgets all tokens from `length` on; a longer `length` than there is changes nothing.
    public func truncate(to length: Int) {
        guard length < text.tokens.count else { return }
        text.truncate(to: length)
        lastLogits = nil
    }

    /// Changes activations of tokens that are added from now on, in place of what was changed before.
    ///
    /// Throws if the model has no such hookpoint.
    public func setEdits(_ edits: [HookpointEdit]) throws(ModelError) {
        for edit in edits { _ = try model.width(at: edit.hookpoint) }
        text.edits = edits
    }

    /// Adds tokens and returns the logits after the last one: `[vocabulary]`.
    ///
    /// Throws if there are no tokens, one is not of the vocabulary, the text becomes too long or an edit fails; then
    /// nothing is added.
    public func extend(_ tokens: [UInt32]) throws(ModelError) -> [Float] {
        guard !tokens.isEmpty else { throw .noTokens }
        try model.check(tokens, context: 0, after: length)
        var last = 0
        try eachPart(of: tokens, reading: .last) { _, _, rows in last = rows.last ?? 0 }
        var logits: [Float] = []
        try runner.eachLogits(ofRows: [last]) { _, values in logits = Array(values) }
        lastLogits = logits
        return logits
    }

    /// Adds checked tokens in parts; `body` gets each part, its start among the tokens and its rows, of which it reads as it says.
    ///
    /// Throws as `extend` does.
    func eachPart(
        of tokens: [UInt32], path: TokenRunner.Path? = nil, reading: TokenRunner.Reading = .all,
        keep: ((Int, Hookpoint.Site, TokenRows.Span, UnsafePointer<Float>) -> Void)? = nil,
        _ body: ([UInt32], Int, Range<Int>) throws(ModelError) -> Void
    ) throws(ModelError) {
        let start = length
        lastLogits = nil
        let path = path ?? (tokens.count <= Self.fewTokens ? .single : .together)
        do throws(ModelError) {
            for first in stride(from: 0, to: tokens.count, by: Self.tokensAtOnce) {
                let part = Array(tokens[first..<min(first + Self.tokensAtOnce, tokens.count)])
                let rows = try runner.run([.init(text: text, tokens: part)], path: path, reading: reading, keep: keep)
                try body(part, first, rows[0])
            }
        } catch {
            text.truncate(to: start)
            throw error
        }
    }

    /// Goes back to a length at which the logits are known.
    func restore(length: Int, logits: [Float]) {
        truncate(to: length)
        lastLogits = logits
    }

    /// The logits after the last token; throws if there is none.
    func currentLogits() throws(ModelError) -> [Float] {
        if let lastLogits { return lastLogits }
        guard let last = tokens.last else { throw .noTokens }
        truncate(to: length - 1)
        return try extend([last])
    }
}

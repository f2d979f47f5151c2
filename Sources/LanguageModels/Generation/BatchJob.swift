/// One job of a batch.
final class BatchJob {
    /// A continuation whose tokens' probabilities are asked for.
    struct Continuation {
        let tokens: [UInt32]
        var values: [Double] = []
        /// The text that it is added to; `nil` before its first part.
        var text: TextState?

        /// The tokens still to be added; the last one's successor is not asked for.
        var rest: ArraySlice<UInt32> { tokens.dropLast().dropFirst(max(values.count - 1, 0)) }
        var isDone: Bool { values.count >= tokens.count }
    }

    let id: Int
    let request: GenerationRequest
    /// The bytes of keys and values that the job may come to need.
    let bytes: Int
    /// The prompt so far and what was generated after it; `nil` before the prompt's first part.
    var text: TextState?
    /// The tokens of the prompt that an earlier one had, too.
    var known = 0
    /// Whether the prompt was computed.
    var hasPrompt = false
    /// The steps in which others' prompts left no room for this one's.
    var stepsPassedOver = 0
    var sampler: TokenSampler
    var generated: [UInt32] = []
    var continuations: [Continuation]
    /// By place asked about: the log-probabilities of the alternatives; empty before its part of the prompt.
    var readings: [[Double]] = []

    init(id: Int, request: GenerationRequest, bytes: Int) {
        self.id = id
        self.request = request
        self.bytes = bytes
        switch request.purpose {
        case .tokens(_, _, let sampling):
            sampler = TokenSampler(sampling)
            continuations = []
        case .logProbabilities(let texts):
            sampler = TokenSampler(.greedy)
            continuations = texts.map { Continuation(tokens: $0) }
        case .alternatives(_, let places):
            sampler = TokenSampler(.greedy)
            continuations = []
            readings = [[Double]](repeating: [], count: places.count)
        case .logits:
            sampler = TokenSampler(.greedy)
            continuations = []
        }
    }

    /// How many tokens of the prompt are computed as they would be without edits.
    var unchangedLength: Int { request.edits.reduce(request.prompt.count) { min($0, max($1.first, 0)) } }

    /// How many tokens of the prompt can be had from others: no logits are kept, neither the last one's nor those asked about.
    var sharedLimit: Int {
        var limit = min(unchangedLength, request.prompt.count - 1)
        if case .alternatives(_, let places) = request.purpose { limit = min(limit, places.min() ?? limit) }
        return limit
    }

    /// Whether rows of the prompt before its last one are read.
    var readsWithin: Bool {
        if case .alternatives = request.purpose { true } else { false }
    }

    /// Whether tokens are asked for.
    var isToGenerate: Bool {
        if case .tokens = request.purpose { true } else { false }
    }

    var isGenerating: Bool { isToGenerate && hasPrompt }

    /// The bytes of keys and values that a request may come to need.
    static func bytes(_ request: GenerationRequest, _ model: LanguageModel) -> Int {
        switch request.purpose {
        case .tokens(let maximum, _, _):
            let room = model.configuration.maximumContext - request.prompt.count
            return model.keyValueBytes(tokens: request.prompt.count + min(max(maximum, 0), room))
        case .logProbabilities(let texts):
            // Each continuation has a copy of the prompt's last page, and the pages after it.
            let longest = texts.reduce(0) { max($0, $1.count) }
            let each = model.keyValueBytes(tokens: KeyValuePage.positions + longest)
            return model.keyValueBytes(tokens: request.prompt.count)
                + min(texts.count, GenerationBatch.continuationsAtOnce) * each
        case .alternatives, .logits: return model.keyValueBytes(tokens: request.prompt.count)
        }
    }
}

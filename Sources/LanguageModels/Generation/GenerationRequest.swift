/// A request to a model about what follows a prompt.
public struct GenerationRequest: Sendable {
    /// The kind of result that is wanted.
    public enum Purpose: Sendable, Hashable {
        /// Tokens, until one of `stop` comes, there are `maximumTokens` or the model's longest context is full.
        case tokens(maximum: Int, stop: Set<UInt32>, sampling: Sampling)
        /// The log-probability of each token of some continuations, each directly after the prompt.
        case logProbabilities(of: [[UInt32]])
        /// The log-probability that each of some tokens would come next, after each of some tokens of the prompt, which
        /// are given by their places in it.
        case alternatives([UInt32], after: [Int])
        /// The logits of the token directly after the prompt.
        case logits
    }

    /// The tokens of the prompt: at least one.
    public let prompt: [UInt32]
    /// The kind of result that is wanted.
    public let purpose: Purpose
    /// How activations are changed, in the prompt and after it.
    public let edits: [HookpointEdit]

    /// Makes a request.
    public init(prompt: [UInt32], purpose: Purpose, edits: [HookpointEdit] = []) {
        self.prompt = prompt
        self.purpose = purpose
        self.edits = edits
    }

    /// Asks for a greedy continuation.
    public init(
        prompt: [UInt32], maximumTokens: Int, stop: Set<UInt32> = [], sampling: Sampling = .greedy,
        edits: [HookpointEdit] = []
    ) {
        self.init(
            prompt: prompt, purpose: .tokens(maximum: maximumTokens, stop: stop, sampling: sampling), edits: edits)
    }
}

/// The outcome of a request.
public struct GenerationEvent: Sendable, Hashable {
    /// The kinds of events; all but `token` are a job's last.
    public enum Outcome: Sendable, Hashable {
        /// A token was generated.
        case token(UInt32)
        /// The generation has ended; all tokens after the prompt, without the one that stopped it.
        case generated([UInt32])
        /// For each continuation the log-probability (natural) of each of its tokens.
        case logProbabilities([[Double]])
        /// For each place asked about the log-probability (natural) of each alternative.
        case alternatives([[Double]])
        /// The logits of the next token: `[vocabulary]`.
        case logits([Float])
        /// The job could not be done.
        case failed(ModelError)
    }

    /// The job's number, as `join` gave it.
    public let job: Int
    /// The tokens of its prompt that were not computed, since an earlier prompt began with them.
    public let known: Int
    /// The event itself.
    public let outcome: Outcome
}

/// How much a batch takes on.
public struct GenerationLimits: Sendable, Hashable {
    /// The most jobs at a time.
    public var jobs: Int
    /// The most bytes of keys and values that the jobs may come to need.
    public var cacheBytes: Int
    /// The most bytes of keys and values of earlier prompts that are kept for prompts that begin like them.
    public var prefixBytes: Int

    /// Makes limits.
    public init(jobs: Int = 16, cacheBytes: Int, prefixBytes: Int) {
        self.jobs = jobs
        self.cacheBytes = cacheBytes
        self.prefixBytes = prefixBytes
    }

    /// Limits for a model: 16 jobs, 256 MiB for them and 256 MiB for prefixes.
    ///
    /// Jobs get the room of one context of the greatest length instead, if that is more than 256 MiB.
    public init(model: LanguageModel) {
        self.init(
            cacheBytes: max(256 << 20, model.keyValueBytes(tokens: model.configuration.maximumContext)),
            prefixBytes: 256 << 20)
    }
}

extension LanguageModel {
    /// The bytes of keys and values of a text, in whole pages of 64 tokens: 4 · 2 · blocks · keyValueHeads · headWidth each token.
    public func keyValueBytes(tokens: Int) -> Int {
        let (bytes, isTooMany) = KeyValueCache.pageCount(positions: tokens).multipliedReportingOverflow(
            by: KeyValuePage.byteCount(configuration))
        return isTooMany ? .max : bytes
    }
}

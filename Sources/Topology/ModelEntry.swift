/// How the beginning-of-sequence token of a model's contexts is chosen.
public enum BOSRule: Sendable, Hashable {
    /// The model file's own rule.
    case auto
    /// There is none.
    case none
    /// A token by its text.
    case token(String)
}

/// How a model that answers as a judge takes its activations into products with quantised weights.
public enum JudgeActivations: String, Sendable, Hashable, CaseIterable {
    /// Rounded to eight bits.
    case int8
    /// As floats.
    case f32
}

/// A model that runs in this process, from a file, or of which only the tokenizer is here.
public struct ModelFile: Sendable {
    /// The path of the file or directory, as it is written.
    public let path: String
    /// Whether there are weights at the path; without them the model is known by its tokenizer alone.
    public let hasWeights: Bool
    /// How its contexts begin.
    public let bos: BOSRule
    /// How it takes its activations as a judge; as the subject it always takes them as floats.
    public let activations: JudgeActivations
    /// The place of the path in the file.
    public let mark: SourceMark
    /// The place of `bos`; the path's place if it is not given.
    public let bosMark: SourceMark
    /// The places of its settings, by field.
    var marks: [String: SourceMark] = [:]
}

/// A server's prices for tokens, in one currency for the whole topology.
public struct TokenPrices: Sendable, Hashable {
    /// For a million tokens sent.
    public let input: Double
    /// For a million tokens received.
    public let output: Double
    /// For a million tokens sent that the server had in its cache.
    public let cached: Double
    /// The part of the price that batches save.
    public let batchDiscount: Double

    /// Makes prices.
    public init(input: Double, output: Double, cached: Double, batchDiscount: Double = 0.5) {
        self.batchDiscount = batchDiscount
        self.input = input
        self.output = output
        self.cached = cached
    }
}

/// What a server takes in a chat request, where it is not what most do.
public struct RequestForm: Sendable, Hashable {
    /// The name of the field that bounds an answer's tokens.
    public let tokenLimitField: String
    /// Whether a temperature is sent.
    public let sendsTemperature: Bool
    /// How the start of an answer is given: `trailing-message`, `continue-final-message` or `none`.
    public let prefill: String
    /// How many of the likeliest tokens are asked for where log-probabilities are.
    public let likeliestTokens: Int
    /// The tokens that an answer may have besides its own once the model was seen to think.
    public let thinkingTokens: Int
    /// Further members of the request: by name, the JSON text of each.
    public let extra: [String: String]
    /// Whether prompts with the same start are marked as such, so that a server keeps them in one cache.
    public var sendsCacheKey = false
}

/// How questions are asked by batches.
public struct BatchForm: Sendable, Hashable {
    /// The longest time for which questions are collected, in milliseconds.
    public let collectMilliseconds: Int
    /// The most questions of a batch.
    public let requests: Int
}

/// A model behind an OpenAI-compatible server.
public struct ModelEndpoint: Sendable {
    /// The base of the server's URLs, such as `https://host/v1`.
    public let url: String
    /// The model's name on the server.
    public let model: String
    /// The bearer token, if the server wants one.
    public let apiKey: Secret?
    /// The most requests under way at once.
    public let concurrency: Int
    /// How long one request may take, in milliseconds.
    public let timeoutMilliseconds: Int
    /// How often a failed request is tried again.
    public let retries: Int
    /// What it takes in a chat request.
    public let form: RequestForm
    /// How its chats are asked by batches; `nil` if each is asked by itself.
    public var batches: BatchForm?
    /// The prices of its tokens; `nil` if they are not given.
    public let prices: TokenPrices?
    /// The place of the URL in the file.
    public let mark: SourceMark
    /// The places of its settings, by field.
    var marks: [String: SourceMark] = [:]
}

/// An entry under `models:`.
public enum ModelEntry: Sendable {
    /// A model that runs in this process.
    case file(ModelFile)
    /// A model behind a server.
    case openAI(ModelEndpoint)

    /// The place of its path or URL in the file.
    public var mark: SourceMark {
        switch self {
        case .file(let file): file.mark
        case .openAI(let endpoint): endpoint.mark
        }
    }
}

/// What a server does with a request.
public enum JudgeBehaviour: Sendable {
    /// Answers by the rule in the prompt.
    case judges(RuleJudging = RuleJudging(), LikeliestTokens = .given)
    /// Answers with this text, in the form of a chat's answer.
    case says(String)
    /// Answers with this status, these header fields and this body, whatever was asked.
    case answers(Int, headers: [String: String] = [:], body: String = "")
    /// Does not answer until `RuleJudgeServer.release` is called, then by the rule.
    case waits
    /// Sends white space without end, a byte at a time: never idle, never done.
    case drips
    /// Breaks the connection off before it answers.
    case resets
    /// Closes the connection in the middle of the answer's body.
    case cuts

    /// What a server that was asked for the likeliest tokens gives.
    public enum LikeliestTokens: Sendable, Hashable {
        /// Several spellings of yes and no among others.
        case given
        /// Nothing, as a server that does not know the request's field.
        case ignored
        /// Tokens that begin neither yes nor no.
        case elsewhere
        /// As `given`, by a model that writes a number in as many tokens as it has digits.
        case digits
        /// Yes and no with this probability together.
        case share(Double)
    }
}

/// A request as a server received it.
public struct ReceivedRequest: Sendable {
    /// The value of the field `authorization`.
    public let authorization: String?
    /// The body, from JSON; `nil` where it is not a chat request.
    public let chat: ReceivedChat?
    /// The body, from JSON; `nil` where it is not a request for embeddings.
    public let embeddings: ReceivedEmbeddings?
    /// The body, from JSON; `nil` where it is not a text to be read.
    public let completion: ReceivedCompletion?
    /// The body's bytes.
    public let body: [UInt8]
}

/// A chat request as far as it is read.
public struct ReceivedChat: Sendable, Decodable, Hashable {
    /// A turn.
    public struct Message: Sendable, Decodable, Hashable {
        /// Who speaks.
        public let role: String
        /// What is said.
        public let content: String
    }

    /// The model asked for.
    public let model: String
    /// The turns.
    public let messages: [Message]
    /// The most tokens of the answer.
    public let max_tokens: Int?
    /// Whether log-probabilities are wanted.
    public let logprobs: Bool?
    /// How many of the likeliest tokens are wanted.
    public let top_logprobs: Int?

    /// The rules of the conversation.
    public var system: String { messages.first { $0.role == "system" }?.content ?? "" }
    /// The turn that is to be answered.
    public var question: String { messages.last?.content ?? "" }
    /// The words of all turns, by which this server counts tokens.
    public var words: Int { messages.reduce(0) { $0 + $1.content.split(separator: " ").count } }
}

/// A request for embeddings as far as it is read.
public struct ReceivedEmbeddings: Sendable, Decodable, Hashable {
    /// The model asked for.
    public let model: String
    /// The texts.
    public let input: [String]
}

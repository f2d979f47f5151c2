import Foundation

/// How a model behind an OpenAI-compatible endpoint is asked.
public struct OpenAIConfiguration: Sendable {
    /// The endpoint up to and with its version, such as `https://host/v1`.
    public var endpoint: String
    /// The model's name there.
    public var model: String
    /// The bearer token; `nil` for an endpoint without one.
    public var key: APIKey?
    /// The most requests under way at a time.
    public var concurrency = 8
    /// How long one request may take, its answer included.
    public var timeout: Duration = .seconds(120)
    /// When and how often a failed request is sent again.
    public var retry = RetryPolicy()
    /// The most texts that are sent in one request for their vectors.
    public var textsAtOnce = 64
    /// The most bytes of an answer.
    public var maximumResponseBytes = 4 << 20
    /// Whether the endpoint may be asked for log-probabilities of the likeliest tokens; whether it gives them shows then.
    public var offersLogProbabilities = true
    /// How many of the likeliest tokens are asked for; OpenAI and vLLM give 20 at most.
    public var likeliestTokens = 20
    /// The least probability of a first token that begins one of the answers: below it there is no verdict.
    public var minimumAnswerMass = 0.1
    /// The name of the field that bounds an answer's tokens; newer OpenAI models want `max_completion_tokens`.
    public var tokenLimitField = "max_tokens"
    /// Whether temperature 0 is asked for, or another one for answers that are drawn; some models take their own only.
    public var sendsTemperature = true
    /// How the start of an answer is given.
    public var prefill = Prefill.trailingMessage
    /// The tokens that an answer may have besides its own once the model was seen to think; 0 for none.
    public var thinkingTokens = 4096
    /// Further members of a chat request's body: by name, the JSON text of each.
    ///
    /// They take the place of ours of the same name.
    public var extra: [String: String] = [:]
    /// Whether prompts that begin alike carry the same `prompt_cache_key` (OpenAI).
    public var sendsCacheKey = false

    /// How an endpoint is told with what the model's answer already starts.
    public enum Prefill: String, Sendable, Hashable, CaseIterable {
        /// A last message of the assistant, which the endpoint goes on with by itself (llama.cpp, many clouds).
        case trailingMessage = "trailing-message"
        /// The same with the fields `continue_final_message` and `add_generation_prompt` (vLLM, SGLang).
        case continueFinalMessage = "continue-final-message"
        /// Not at all: the model begins its answer by itself, as worked cases show it.
        case none
    }

    /// Makes a configuration with the defaults.
    public init(endpoint: String, model: String, key: APIKey? = nil) {
        self.endpoint = endpoint
        self.model = model
        self.key = key
    }

    /// The endpoint without slashes at its end.
    ///
    /// Throws kind `unsupported` if the endpoint is not an `http` or `https` address with a host, or holds a
    /// password, a query or a fragment.
    func address() throws(InferenceError) -> String {
        var base = endpoint
        while base.hasSuffix("/") { base.removeLast() }
        guard let parts = URLComponents(string: base), ["http", "https"].contains(parts.scheme?.lowercased()),
            let host = parts.host, !host.isEmpty
        else {
            throw InferenceError(.unsupported, "the endpoint must be an address such as https://host/v1")
        }
        guard parts.user == nil, parts.password == nil, parts.query == nil, parts.fragment == nil else {
            throw InferenceError(
                .unsupported, "the endpoint must hold no user, query or fragment; give the key as api_key")
        }
        return base
    }
}

/// A key to an endpoint, which is shown nowhere.
public struct APIKey: Sendable, Hashable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// What stands in place of a key.
    static let placeholder = "(redacted)"

    let text: String

    /// Makes a key, without the white space that a file's end leaves; `nil` if it is empty or not printable ASCII.
    public init?(_ text: String) {
        let trimmed = text.trimmingCharacters(in: .whitespacesAndNewlines)
        guard !trimmed.isEmpty, trimmed.utf8.allSatisfy({ (0x21...0x7e).contains($0) }) else { return nil }
        self.text = trimmed
    }

    /// A word in place of the key.
    public var description: String { APIKey.placeholder }
    /// A word in place of the key.
    public var debugDescription: String { description }
    /// A mirror without the key.
    public var customMirror: Mirror { Mirror(self, children: []) }
}

import Foundation
import JSONText

/// The body of a chat request.
///
/// Source: OpenAI API reference, "Create chat completion"; the last two fields are vLLM's.
struct ChatRequest: Encodable {
    struct Message: Encodable {
        let role: String
        let content: String
    }

    private struct Field: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }
        init(_ name: String) { stringValue = name }
        init?(stringValue: String) { self.init(stringValue) }
        init?(intValue: Int) { nil }
    }

    let messages: [Message]
    let maximumTokens: Int
    /// Whether the likeliest tokens are wanted at each place.
    let wantsLikeliest: Bool
    /// How the answer is drawn; `nil` for the likeliest one.
    let sampling: AnswerSampling?
    let configuration: OpenAIConfiguration
    let dialect: EndpointDialect
    let hasPrefix: Bool
    /// The key of the cache in which the server has the prompt's start; `nil` for none.
    let cacheKey: String?

    /// Makes the request for a prompt.
    ///
    /// Where the endpoint takes no start of an answer, the answer gets room for it. Throws kind `unsupported` if the likeliest tokens
    /// after such a start are wanted.
    init(
        _ prompt: Prompt, maximumTokens: Int, wantsLikeliest: Bool = false, sampling: AnswerSampling? = nil,
        configuration: OpenAIConfiguration, dialect: EndpointDialect
    ) throws(InferenceError) {
        try sampling?.checkTemperature()
        var messages = prompt.messages.map { Message(role: $0.role.rawValue, content: $0.content) }
        if !dialect.hasSystemRole { messages = Self.withoutRules(messages) }
        var limit = max(maximumTokens, 1)
        let prefix = prompt.answerPrefix ?? ""
        hasPrefix = !prefix.isEmpty && dialect.prefill != .none
        if hasPrefix {
            messages.append(Message(role: "assistant", content: prefix))
        } else if !prefix.isEmpty {
            guard !wantsLikeliest else {
                throw InferenceError(.unsupported, "the endpoint takes no start of an answer")
            }
            limit += prefix.utf8.count
        }
        self.messages = messages
        cacheKey = configuration.sendsCacheKey ? prompt.cacheKey : nil
        self.maximumTokens = wantsLikeliest ? limit : limit + dialect.thinkingTokens
        self.wantsLikeliest = wantsLikeliest
        self.sampling = sampling
        self.configuration = configuration
        self.dialect = dialect
    }

    /// The messages with the rules at the head of what the user says first.
    private static func withoutRules(_ messages: [Message]) -> [Message] {
        let rules = messages.filter { $0.role == "system" }.map(\.content)
        var others = messages.filter { $0.role != "system" }
        guard !rules.isEmpty, let first = others.first, first.role == "user" else { return messages }
        others[0] = Message(role: "user", content: (rules + [first.content]).joined(separator: "\n\n"))
        return others
    }

    func encode(to encoder: any Encoder) throws {
        var fields = encoder.container(keyedBy: Field.self)
        func own(_ name: String, _ value: some Encodable) throws {
            guard configuration.extra[name] == nil else { return }
            try fields.encode(value, forKey: Field(name))
        }
        try fields.encode(configuration.model, forKey: Field("model"))
        try fields.encode(messages, forKey: Field("messages"))
        try own(dialect.tokenLimitField, maximumTokens)
        if dialect.sendsTemperature { try own("temperature", sampling?.temperature ?? 0) }
        if let sampling {
            // Servers may else leave out unlikely tokens as the model's own settings say.
            if dialect.sendsTopP { try own("top_p", 1) }
            // What every server takes: llama.cpp has 32 bits.
            if dialect.sendsSeed { try own("seed", sampling.seed >> 33) }
        }
        try fields.encode(false, forKey: Field("stream"))
        if let cacheKey { try own("prompt_cache_key", cacheKey) }
        if wantsLikeliest {
            try fields.encode(true, forKey: Field("logprobs"))
            try fields.encode(dialect.likeliestTokens, forKey: Field("top_logprobs"))
        }
        if hasPrefix, dialect.prefill == .continueFinalMessage {
            try own("continue_final_message", true)
            try own("add_generation_prompt", false)
        }
    }

    /// The body's bytes, the same for the same request.
    func body() throws(InferenceError) -> [UInt8] {
        do {
            let body = try SortedJSON.bytes(of: self)
            guard !configuration.extra.isEmpty else { return body }
            let names = configuration.extra.keys.sorted()
            let members = try names.map { name in
                try SortedJSON.text(of: name) + ":" + (configuration.extra[name] ?? "null")
            }
            return body.dropLast() + Array(("," + members.joined(separator: ",") + "}").utf8)
        } catch {
            throw InferenceError(.unsupported, "the prompt cannot be written as JSON")
        }
    }
}

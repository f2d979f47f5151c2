import Foundation

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
    /// How many of the likeliest tokens are wanted at each place; `nil` for none.
    let likeliestTokens: Int?
    /// How the answer is drawn; `nil` for the likeliest one.
    let sampling: AnswerSampling?
    let configuration: OpenAIConfiguration
    let hasPrefix: Bool

    /// Makes the request for a prompt; throws kind `unsupported` for a start of the answer that the endpoint takes none of.
    init(
        _ prompt: Prompt, maximumTokens: Int, likeliestTokens: Int? = nil, sampling: AnswerSampling? = nil,
        configuration: OpenAIConfiguration
    ) throws(InferenceError) {
        try sampling?.checkTemperature()
        var messages = prompt.messages.map { message in
            Message(role: message.role.rawValue, content: message.content)
        }
        hasPrefix = prompt.answerPrefix?.isEmpty == false
        if let prefix = prompt.answerPrefix, hasPrefix {
            guard configuration.prefill != .none else {
                throw InferenceError(.unsupported, "the endpoint takes no start of an answer (prefill: none)")
            }
            messages.append(Message(role: "assistant", content: prefix))
        }
        self.messages = messages
        self.maximumTokens = max(maximumTokens, 1)
        self.likeliestTokens = likeliestTokens
        self.sampling = sampling
        self.configuration = configuration
    }

    func encode(to encoder: any Encoder) throws {
        var fields = encoder.container(keyedBy: Field.self)
        try fields.encode(configuration.model, forKey: Field("model"))
        try fields.encode(messages, forKey: Field("messages"))
        try fields.encode(maximumTokens, forKey: Field(configuration.tokenLimitField))
        if let sampling {
            try fields.encode(sampling.temperature, forKey: Field("temperature"))
            // Servers may else leave out unlikely tokens as the model's own settings say.
            try fields.encode(1, forKey: Field("top_p"))
            // What every server takes: llama.cpp has 32 bits.
            try fields.encode(sampling.seed >> 33, forKey: Field("seed"))
        } else {
            try fields.encode(0, forKey: Field("temperature"))
        }
        try fields.encode(false, forKey: Field("stream"))
        if let likeliestTokens {
            try fields.encode(true, forKey: Field("logprobs"))
            try fields.encode(likeliestTokens, forKey: Field("top_logprobs"))
        }
        if hasPrefix, configuration.prefill == .continueFinalMessage {
            try fields.encode(true, forKey: Field("continue_final_message"))
            try fields.encode(false, forKey: Field("add_generation_prompt"))
        }
    }

    /// The body's bytes, the same for the same request.
    func body() throws(InferenceError) -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        do {
            return Array(try encoder.encode(self))
        } catch {
            throw InferenceError(.unsupported, "the prompt cannot be written as JSON")
        }
    }
}

import Hashing

/// A question to a chat model, before it is written as a request.
struct ChatQuestion: Sendable {
    /// The kinds of questions that servers take or refuse apart from others.
    enum Kind: Sendable, Hashable, CaseIterable {
        case plain, drawn, weighed
    }

    let prompt: Prompt
    let maximumTokens: Int
    /// Whether the likeliest tokens are wanted.
    var wantsLikeliest = false
    /// How the answer is drawn; `nil` for the likeliest one.
    var sampling: AnswerSampling?

    var kind: Kind { wantsLikeliest ? .weighed : sampling == nil ? .plain : .drawn }

    /// The body of its request; throws as `ChatRequest` does.
    func body(
        _ configuration: OpenAIConfiguration, _ dialect: EndpointDialect
    ) throws(InferenceError) -> [UInt8] {
        try ChatRequest(
            prompt, maximumTokens: maximumTokens, wantsLikeliest: wantsLikeliest, sampling: sampling,
            configuration: configuration, dialect: dialect
        ).body()
    }

    /// Its name in batches.
    func id(model: Hash128, thinkingTokens: Int) -> QuestionID {
        QuestionID(
            prompt, maximumTokens: maximumTokens, wantsLikeliest: wantsLikeliest, sampling: sampling,
            thinkingTokens: thinkingTokens, model: model)
    }
}

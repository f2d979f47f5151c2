import JSONText

/// The body of a request that has a server read a text and tell how likely each of its tokens was.
///
/// Source: OpenAI API reference, "Create completion" (legacy), as vLLM has it.
struct CompletionRequest: Encodable {
    let model: String
    let prompt: String
    let temperature = 0
    /// Servers that take no 0 are many.
    let maximumTokens = 1
    /// The text is given back with its log-probabilities.
    let echo = true
    /// How many of the likeliest tokens are wanted at each place.
    let likeliestTokens: Int
    let stream = false

    private enum CodingKeys: String, CodingKey {
        case model, prompt, temperature, echo, stream
        case maximumTokens = "max_tokens"
        case likeliestTokens = "logprobs"
    }

    /// The body's bytes, the same for the same request.
    func body() throws(InferenceError) -> [UInt8] {
        do {
            return try SortedJSON.bytes(of: self)
        } catch {
            throw InferenceError(.unsupported, "the text cannot be written as JSON")
        }
    }
}

import Foundation

/// A request to read a text, as far as it is read.
public struct ReceivedCompletion: Sendable, Decodable, Hashable {
    /// The model asked for.
    public let model: String
    /// The text.
    public let prompt: String
    /// The most tokens of the answer.
    public let max_tokens: Int?
    /// Whether the text is wanted back.
    public let echo: Bool?
    /// How many of the likeliest tokens are wanted.
    public let logprobs: Int?
}

/// The body of an answer to a request to read a text.
///
/// Source: OpenAI API reference, "The completion object" (legacy).
struct CompletionAnswer: Encodable {
    struct Choice: Encodable {
        let index = 0
        let text: String
        let finish_reason = "length"
        let logprobs: LogProbabilities?
    }

    struct LogProbabilities: Encodable {
        let tokens: [String]
        let token_logprobs: [Double?]
        let top_logprobs: [[String: Double]?]
        let text_offset: [Int]
    }

    let object = "text_completion"
    let model: String
    let choices: [Choice]
    let usage: ChatAnswer.Usage

    /// What a server says that reads by rule.
    init(to request: ReceivedCompletion, by judging: RuleJudging, _ tokens: JudgeBehaviour.LikeliestTokens) {
        let reading = RuleReading(request.prompt, by: judging, splitsNumbers: tokens == .digits).tokens
        model = request.model
        var offset = 0
        let offsets = reading.map { token in
            defer { offset += token.text.count }
            return offset
        }
        let most = max(request.logprobs ?? 0, 0)
        let places = LogProbabilities(
            tokens: reading.map(\.text), token_logprobs: reading.map(\.logProbability),
            top_logprobs: reading.map { token in
                let likeliest =
                    tokens == .elsewhere ? [("the", -0.1)] : token.likeliest.prefix(most).map { ($0.text, $0.value) }
                return token.logProbability == nil ? nil : Dictionary(likeliest) { first, _ in first }
            }, text_offset: offsets)
        choices = [
            Choice(
                text: request.echo == true ? request.prompt + "?" : "?",
                logprobs: tokens == .ignored || request.logprobs == nil ? nil : places)
        ]
        usage = ChatAnswer.Usage(prompt_tokens: reading.count - 1, completion_tokens: 1)
    }

    /// The bytes of the body.
    var body: String {
        (try? JSONEncoder().encode(self)).map { String(decoding: $0, as: UTF8.self) } ?? ""
    }
}

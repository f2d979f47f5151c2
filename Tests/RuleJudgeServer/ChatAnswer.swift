import Foundation

/// The body of an answer to a chat request.
///
/// Source: OpenAI API reference, "The chat completion object".
struct ChatAnswer: Encodable {
    struct Choice: Encodable {
        let index = 0
        let message: Message
        let finish_reason = "stop"
        let logprobs: LogProbabilities?
    }

    struct Message: Encodable {
        let role = "assistant"
        let content: String
    }

    struct LogProbabilities: Encodable {
        struct Place: Encodable {
            let token: String
            let logprob: Double
            let top_logprobs: [Token]
        }

        let content: [Place]
    }

    struct Token: Encodable {
        let token: String
        let logprob: Double
    }

    struct Usage: Encodable {
        let prompt_tokens: Int
        let completion_tokens: Int
        var total_tokens: Int { prompt_tokens + completion_tokens }
    }

    let object = "chat.completion"
    let model: String
    let choices: [Choice]
    let usage: Usage

    /// An answer of a text to a request.
    init(_ text: String, to chat: ReceivedChat, likeliest: [Token]? = nil) {
        model = chat.model
        let places = likeliest.map { tokens in
            LogProbabilities(content: [
                .init(
                    token: tokens.first?.token ?? "", logprob: tokens.first?.logprob ?? 0,
                    top_logprobs: Array(tokens.prefix(chat.top_logprobs ?? 0)))
            ])
        }
        choices = [Choice(message: Message(content: text), logprobs: places)]
        usage = Usage(prompt_tokens: chat.words, completion_tokens: text.split(separator: " ").count)
    }

    /// The answer by the rule in the request's prompt; `nil` where there is none.
    init?(to chat: ReceivedChat, by judging: RuleJudging, _ tokens: JudgeBehaviour.LikeliestTokens) {
        if chat.system.contains("[EXPLANATION]") {
            self.init(RuleExplaining.answer(to: chat.question), to: chat)
            return
        }
        if chat.system.contains("the intruder") {
            guard let place = judging.intruder(in: chat.question) else { return nil }
            let likeliest = chat.logprobs == true ? [Token(token: "\(place)", logprob: -0.1)] : nil
            self.init("\(place)", to: chat, likeliest: likeliest)
            return
        }
        guard let verdicts = try? judging.verdicts(system: chat.system, question: chat.question) else { return nil }
        if chat.system.contains("JSON list") {
            self.init("[" + verdicts.map { $0 ? "1" : "0" }.joined(separator: ", ") + "]", to: chat)
            return
        }
        guard let isYes = verdicts.first else { return nil }
        let likeliest = chat.logprobs == true ? Self.likeliest(isYes, tokens) : nil
        self.init(likeliest?.first?.token ?? (isYes ? "Yes" : "No"), to: chat, likeliest: likeliest)
    }

    private static func likeliest(_ isYes: Bool, _ tokens: JudgeBehaviour.LikeliestTokens) -> [Token]? {
        let others = ["The", "It", "I", "<think>", "Maybe"]
        let share: Double
        switch tokens {
        case .ignored: return nil
        case .elsewhere: share = 0
        case .given, .digits: share = 0.9
        case .share(let probability): share = probability
        }
        let said = isYes ? ["Yes", " yes", "Y"] : ["No", " no", "N"]
        let unsaid = isYes ? "No" : "Yes"
        let all =
            zip(said, [0.5, 0.25, 0.1]).map { ($0, share * $1) } + [(unsaid, share * 0.15)]
            + others.map { ($0, (1 - share) / Double(others.count)) }
        return all.filter { $0.1 > 0 }.sorted { $0.1 > $1.1 }.map { Token(token: $0.0, logprob: log($0.1)) }
    }

    /// The bytes of the body.
    var body: String {
        (try? JSONEncoder().encode(self)).map { String(decoding: $0, as: UTF8.self) } ?? ""
    }
}

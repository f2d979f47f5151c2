import Foundation

/// The meaning of an endpoint's error status.
enum EndpointFailure {
    private struct Body: Decodable {
        struct Failure: Decodable {
            let message: String?
            let code: Code?
            let type: String?
        }

        let error: Failure
    }

    /// A word or a number, which some proxies write as a text.
    private enum Code: Decodable {
        case word(String)
        case number(Int)

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            self =
                if let number = try? container.decode(Int.self) {
                    .number(number)
                } else {
                    Self.read(try container.decode(String.self))
                }
        }

        private static func read(_ text: String) -> Code {
            if let number = Int(text), (100..<600).contains(number) { .number(number) } else { .word(text) }
        }
    }

    /// The failure that an answer tells of; `nil` for one that tells of none.
    /// - Parameter now: The time in seconds since 1970.
    static func error(_ response: HTTPResponse, excerpt: Excerpt, now: Int64) -> InferenceError? {
        let failure = (try? JSONDecoder().decode(Body.self, from: Data(response.body)))?.error
        var status = response.status
        var answered = "answered \(status)"
        if (200..<300).contains(status) {
            // Some proxies answer 200 and put the status of what is behind them into the body.
            guard let failure else { return nil }
            if case .number(let code) = failure.code {
                status = code
                answered += " with the error \(code)"
            } else {
                status = 400
                answered += " with an error"
            }
        }
        let said = failure?.message.map { excerpt.text($0) } ?? excerpt.text(response.body)
        let message = "the endpoint \(answered)" + (said.isEmpty ? "" : ": \(said)")
        let wait = response.headers["retry-after"].flatMap { RetryAfter.wait($0, now: now) }
        let word = if case .word(let code) = failure?.code { code } else { failure?.type ?? "" }
        return InferenceError(kind(status, word: word, said: said), message, retryAfter: wait)
    }

    private static func kind(_ status: Int, word: String, said: String) -> InferenceError.Kind {
        switch status {
        // An account without credit answers 429 as well, and will for longer than anyone should wait.
        case 429: word == "insufficient_quota" ? .refused : .rateLimited
        case 408: .timedOut
        // A server that starts or is overloaded, or a proxy that does not reach it.
        case 502...504, 520...530: .unavailable
        case 500...: .serverFailure
        case 413: .tooLong
        case 400 where word == "context_length_exceeded" || said.lowercased().contains("context length"): .tooLong
        case 400 where said.lowercased().contains("context size"): .tooLong
        default: .refused
        }
    }
}

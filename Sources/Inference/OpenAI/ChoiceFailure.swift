/// A failure that an endpoint tells of in a choice, where others have an answer.
///
/// Gateways answer 200 with `finish_reason: error` if what is behind them broke off; what text there is, is a part of an answer.
struct ChoiceFailure: Decodable {
    let message: String?

    private enum CodingKeys: String, CodingKey {
        case message
    }

    init(from decoder: any Decoder) throws {
        if let text = try? decoder.singleValueContainer().decode(String.self) {
            message = text
        } else {
            message = try? decoder.container(keyedBy: CodingKeys.self).decode(String.self, forKey: .message)
        }
    }

    /// The failure that a choice tells of, of kind `serverFailure`; `nil` if it tells of none.
    static func error(finishReason: String?, _ failure: ChoiceFailure?, _ excerpt: Excerpt) -> InferenceError? {
        guard finishReason == "error" || failure != nil else { return nil }
        let said = failure?.message.map { ": " + excerpt.text($0) } ?? ""
        return InferenceError(.serverFailure, "the endpoint answered 200, but what is behind it failed\(said)")
    }
}

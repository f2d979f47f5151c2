import Inference

/// A line that `generate` reads: a text, token ids or a chat.
struct GenerateInput: Decodable {
    /// One turn of a chat.
    struct Message: Decodable {
        let role: String
        let content: String
    }

    let prompt: String?
    let promptIDs: [UInt32]?
    let messages: [Message]?

    private enum CodingKeys: String, CodingKey {
        case prompt, messages
        case promptIDs = "prompt_ids"
    }

    /// The token ids that an answer follows.
    ///
    /// Throws if not exactly one of the three is given, or a chat cannot be answered.
    func tokens(_ chat: ChatRenderer) throws(OneStageError) -> [UInt32] {
        switch (prompt, promptIDs, messages) {
        case (let text?, nil, nil): return chat.start + chat.encode(text)
        case (nil, let ids?, nil): return ids
        case (nil, nil, let messages?): return chat.render(Prompt(messages: try Self.turns(messages)))
        case (nil, nil, nil):
            throw OneStageError(#"none of "prompt", "prompt_ids" and "messages" is given"#)
        default: throw OneStageError(#"more than one of "prompt", "prompt_ids" and "messages" is given"#)
        }
    }

    private static func turns(_ messages: [Message]) throws(OneStageError) -> [ChatMessage] {
        var turns: [ChatMessage] = []
        for (index, message) in messages.enumerated() {
            guard let role = ChatMessage.Role(rawValue: message.role) else {
                throw OneStageError(
                    "messages[\(index)]: the role \"\(message.role.prefix(40))\" is not known, expected system, user or assistant"
                )
            }
            guard !message.content.isEmpty else { throw OneStageError("messages[\(index)]: the content is empty") }
            turns.append(ChatMessage(role: role, content: message.content))
        }
        guard let last = turns.last else { throw OneStageError("the chat has no messages") }
        guard last.role == .user else {
            throw OneStageError(
                "messages[\(turns.count - 1)]: a chat to be answered ends with a message of the user, not of the \(last.role.rawValue)"
            )
        }
        return turns
    }
}

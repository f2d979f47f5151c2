import Hashing

/// One turn of a conversation with a language model.
public struct ChatMessage: Sendable, Hashable {
    /// Who speaks.
    public enum Role: String, Sendable, Hashable {
        /// The rules of the conversation.
        case system
        /// The one who asks.
        case user
        /// The model.
        case assistant
    }

    /// Who speaks.
    public let role: Role
    /// What is said, sent as it stands.
    ///
    /// Who puts a text of others into it has broken that text's control strings before, by `SubjectText` or `ControlStrings`. A
    /// model in this process reads none in it as control tokens anyhow.
    public let content: String

    /// Makes a message.
    public init(role: Role, content: String) {
        self.role = role
        self.content = content
    }

    /// Makes a system message.
    public static func system(_ content: String) -> ChatMessage { ChatMessage(role: .system, content: content) }
    /// Makes a user message.
    public static func user(_ content: String) -> ChatMessage { ChatMessage(role: .user, content: content) }
    /// Makes an assistant message.
    public static func assistant(_ content: String) -> ChatMessage {
        ChatMessage(role: .assistant, content: content)
    }
}

/// The question put to a model.
public struct Prompt: Sendable, Hashable {
    /// The turns, the one to be answered last.
    public let messages: [ChatMessage]
    /// How many of the first messages are the same over many calls, so that a prefix cache pays; within `0...messages.count`.
    public let sharedMessages: Int
    /// The text that the assistant's turn already starts with; `nil` if the model starts it.
    public let answerPrefix: String?

    /// Makes a prompt; `sharedMessages` is clamped to what there is.
    public init(messages: [ChatMessage], sharedMessages: Int = 0, answerPrefix: String? = nil) {
        self.messages = messages
        self.sharedMessages = min(max(sharedMessages, 0), messages.count)
        self.answerPrefix = answerPrefix
    }

    /// A name of what it shares with other calls, the same for the same shared messages; `nil` if it shares nothing.
    public var cacheKey: String? {
        guard sharedMessages > 0 else { return nil }
        var hasher = SipHasher(key: SipKey(k0: 0, k1: 2), wide: true)
        for message in messages.prefix(sharedMessages) {
            hasher.update(text: message.role.rawValue)
            hasher.update(text: message.content)
        }
        return "gloss-\(hasher.finalize128())"
    }

    /// About how many tokens it has, for models that cannot say: one for three bytes of UTF-8, and four for each turn's marks.
    ///
    /// That is rather too many for prose, and about right for program text.
    public var estimatedTokens: Int {
        messages.reduce(answerPrefix?.utf8.count ?? 0) { $0 + $1.content.utf8.count + 12 } / 3
    }
}

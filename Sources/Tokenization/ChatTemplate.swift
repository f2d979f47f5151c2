/// Renders chats as the ChatML family of templates does: `<|im_start|>role`, a line break, the content, `<|im_end|>`, a line break.
///
/// Control tokens are inserted as such; roles and contents are encoded as plain text, so that nothing written in them is read as
/// a control token. On contents without control strings the ids equal those of the reference.
public struct ChatTemplate: Sendable {
    /// The content of the system message that comes first where a chat does not start with one; `nil` where none is added.
    public let defaultSystem: String?

    private let tokenizer: Tokenizer
    private let start: UInt32
    private let end: UInt32

    /// Recognises the tokenizer's own template; `nil` where it has none, or one that is not of the family.
    public init?(_ tokenizer: Tokenizer) {
        guard let template = tokenizer.chatTemplate, let form = ChatMLForm(template: template),
            let start = tokenizer.specialToken("<|im_start|>"), let end = tokenizer.specialToken("<|im_end|>")
        else { return nil }
        self.tokenizer = tokenizer
        self.start = start
        self.end = end
        defaultSystem = form.defaultSystem
    }

    /// The token that ends a turn, at which generation stops.
    public var endOfTurn: UInt32 { end }

    /// The token ids of a chat; with `addGenerationPrompt`, the head of the assistant's next turn follows.
    public func render(_ messages: [(role: String, content: String)], addGenerationPrompt: Bool) -> [UInt32] {
        var tokens = [UInt32]()
        let lineBreak = tokenizer.encode("\n")
        func append(_ role: String, _ content: String) {
            tokens.append(start)
            tokens += tokenizer.encode(role + "\n" + content)
            tokens.append(end)
            tokens += lineBreak
        }
        if let defaultSystem, let first = messages.first, first.role != "system" { append("system", defaultSystem) }
        for message in messages { append(message.role, message.content) }
        if addGenerationPrompt {
            tokens.append(start)
            tokens += tokenizer.encode("assistant\n")
        }
        return tokens
    }
}

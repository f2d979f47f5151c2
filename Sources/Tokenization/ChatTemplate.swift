/// Renders chats as the templates of instruct models do.
///
/// Control tokens are inserted as such; roles and contents are encoded as plain text, so that nothing written in them is read as
/// a control token. On contents without control strings the ids equal those of the reference. The BOS that some templates write
/// first is left to the caller, who knows from `Tokenizer.addsBOS` whether there is one.
public struct ChatTemplate: Sendable {
    /// The token that ends a turn, at which generation stops.
    public let endOfTurn: UInt32

    /// Whether the template writes a BOS itself, so that what it writes first is not the start of the input.
    private let writesBOS: Bool
    private let form: ChatForm
    private let tokenizer: Tokenizer

    /// Recognises the tokenizer's own template; `nil` if it has none, or one that is not known.
    public init?(_ tokenizer: Tokenizer) {
        guard let template = tokenizer.chatTemplate, let form = ChatForm(template: template) else { return nil }
        self.init(form, tokenizer)
    }

    /// Recognises the tokenizer's own template.
    ///
    /// Throws an error that names the known templates if the tokenizer's is not one of them.
    public init(recognizing tokenizer: Tokenizer) throws(TokenizerError) {
        if let template = Self(tokenizer) {
            self = template
            return
        }
        let found = tokenizer.chatTemplate.map {
            ChatForm(template: $0) == nil ? String($0.prefix(80)) : "its marks missing"
        }
        throw TokenizerError(
            .unsupported, file: tokenizer.vocabulary.file, field: "chat_template", found: found ?? "nothing",
            expected: "one of " + ChatForm.names + "; or ask for plain text")
    }

    /// Writes contents alone, with an empty line after each, for a model without a template.
    ///
    /// `nil` if the file names no end of sequence.
    public init?(plain tokenizer: Tokenizer) { self.init(.plain, tokenizer) }

    private init?(_ form: ChatForm, _ tokenizer: Tokenizer) {
        guard form.neededMarks.allSatisfy({ tokenizer.specialToken($0) != nil }) else { return nil }
        guard let end = form.endOfTurn.map({ tokenizer.specialToken($0) }) ?? tokenizer.endOfSequence else {
            return nil
        }
        self.form = form
        self.tokenizer = tokenizer
        endOfTurn = end
        writesBOS = form != .plain && tokenizer.chatTemplate?.contains("bos_token") == true
    }

    /// The content of the system message that comes first if a chat does not start with one; `nil` if none is added.
    public var defaultSystem: String? { form.defaultSystem }

    /// A chat as the template writes it, but for the BOS before it.
    public func text(of messages: [(role: String, content: String)], addGenerationPrompt: Bool) -> String {
        rendered(messages, addGenerationPrompt).string
    }

    /// The token ids of a chat, without the BOS before it; with `addGenerationPrompt`, the head of the assistant's next turn follows.
    public func render(_ messages: [(role: String, content: String)], addGenerationPrompt: Bool) -> [UInt32] {
        var tokens = [UInt32]()
        var text = ""
        func flush() {
            if !text.isEmpty { tokens += tokenizer.encode(text, isFirst: tokens.isEmpty && !writesBOS) }
            text = ""
        }
        for part in rendered(messages, addGenerationPrompt).parts {
            switch part {
            case .text(let more): text += more
            case .mark(let mark):
                if let token = tokenizer.specialToken(mark) {
                    flush()
                    tokens.append(token)
                } else {
                    text += mark
                }
            }
        }
        flush()
        return tokens
    }

    private func rendered(_ messages: [(role: String, content: String)], _ addGenerationPrompt: Bool) -> ChatText {
        func text(_ token: UInt32?) -> String {
            token.map { String(decoding: tokenizer.bytes(of: $0), as: UTF8.self) } ?? ""
        }
        return form.render(
            messages, bos: text(tokenizer.bosToken), endOfSequence: text(tokenizer.endOfSequence),
            addGenerationPrompt: addGenerationPrompt)
    }
}

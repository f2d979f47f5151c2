internal import Elements
public import Tokenization

extension ChatRenderer {
    /// Renders by the tokenizer's chat template, or as plain text if it has none that is known.
    ///
    /// An answer ends at the end of sequence that the tokenizer's file names, and where the template ends a turn. `bos` is the token
    /// that comes first, `nil` for none.
    public init(_ tokenizer: Tokenizer, bos: UInt32?) {
        let template = ChatTemplate(tokenizer)
        var stops = Set<UInt32>()
        if let end = tokenizer.endOfSequence { stops.insert(end) }
        if let end = template?.endOfTurn { stops.insert(end) }
        self.init(
            render: { prompt in
                var tokens: [UInt32] = bos.map { [$0] } ?? []
                if let template {
                    let messages = prompt.messages.map { (role: $0.role.rawValue, content: $0.content) }
                    tokens += template.render(messages, addGenerationPrompt: true)
                } else {
                    tokens += tokenizer.encode(prompt.messages.map(\.content).joined(separator: "\n\n") + "\n\n")
                }
                if let prefix = prompt.answerPrefix { tokens += tokenizer.encode(prefix) }
                return tokens
            },
            encode: { tokenizer.encode($0) }, decode: { tokenizer.text(of: $0) }, stops: stops,
            start: bos.map { [$0] } ?? [])
    }
}

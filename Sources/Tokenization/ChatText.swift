/// A rendered chat: control tokens and text between them.
struct ChatText: Hashable {
    /// A part of a chat.
    enum Part: Hashable {
        /// A mark of the template, a control token if the tokenizer has it as one.
        case mark(String)
        /// Roles, contents and what the template writes around them.
        case text(String)
    }

    private(set) var parts: [Part] = []

    mutating func mark(_ text: String) { parts.append(.mark(text)) }

    mutating func text(_ text: String) {
        guard !text.isEmpty else { return }
        if case .text(let before) = parts.last {
            parts[parts.count - 1] = .text(before + text)
        } else {
            parts.append(.text(text))
        }
    }

    /// The whole as text.
    var string: String {
        parts.map { part in
            switch part {
            case .mark(let text), .text(let text): text
            }
        }.joined()
    }
}

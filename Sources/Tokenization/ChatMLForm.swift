/// What distinguishes one ChatML template from another, read from its Jinja text.
struct ChatMLForm: Hashable {
    /// The content of the system message that is put before a chat without one.
    let defaultSystem: String?

    private static let preamble =
        "{%ifnotadd_generation_promptisdefined%}{%setadd_generation_prompt=false%}{%endif%}"
    private static let loop = "{%formessageinmessages%}"
    private static let systemHead =
        "{%ifloop.firstandmessages[0]['role']!='system'%}{{'<|im_start|>system\n"
    private static let systemTail = "<|im_end|>\n'}}{%endif%}"
    private static let message =
        "{{'<|im_start|>'+message['role']+'\n'+message['content']+'<|im_end|>\n'}}{%endfor%}"
    private static let generation = "{%ifadd_generation_prompt%}{{'<|im_start|>assistant\n'}}{%endif%}"

    /// Reads a template; `nil` where it is anything but ChatML with at most a default system message.
    init?(template: String) {
        guard let normal = Self.normal(template) else { return nil }
        var rest = normal[...]
        func take(_ part: String) -> Bool {
            guard rest.hasPrefix(part) else { return false }
            rest.removeFirst(part.count)
            return true
        }
        _ = take(Self.preamble)
        guard take(Self.loop) else { return nil }
        var system: String?
        if take(Self.systemHead) {
            guard let tail = rest.firstRange(of: Self.systemTail) else { return nil }
            let content = rest[..<tail.lowerBound]
            guard !content.contains("'"), !content.contains("<|") else { return nil }
            system = String(content)
            rest = rest[tail.upperBound...]
        }
        guard take(Self.message), take(Self.generation), rest.isEmpty else { return nil }
        defaultSystem = system
    }

    /// The template with quotes made alike, `\n` made a line break, adjacent literals joined, and without white space that has no effect;
    /// `nil` where it has escapes of another kind.
    private static func normal(_ template: String) -> String? {
        var normal = ""
        var quote: Character?
        var isEscaped = false
        var isInTag = false
        for character in template {
            if isEscaped {
                guard let plain = escapes[character] else { return nil }
                normal.append(plain)
                isEscaped = false
            } else if let open = quote {
                isEscaped = character == "\\"
                if character == open { quote = nil }
                if !isEscaped { normal.append(character == open ? "'" : character) }
            } else if isInTag, character == "'" || character == "\"" {
                normal.append("'")
                quote = character
            } else if !character.isWhitespace || !isInTag && !normal.hasSuffix("%}") {
                // White space behind a block tag is trimmed by the reference; behind an expression it is output.
                normal.append(character)
                if normal.hasSuffix("{%") || normal.hasSuffix("{{") { isInTag = true }
                if normal.hasSuffix("%}") || normal.hasSuffix("}}") { isInTag = false }
            }
        }
        return normal.replacing("{%-", with: "{%").replacing("-%}", with: "%}").replacing("{{-", with: "{{")
            .replacing("-}}", with: "}}").replacing("'+'", with: "")
    }

    private static let escapes: [Character: Character] = ["n": "\n", "\\": "\\", "'": "'", "\"": "\""]
}

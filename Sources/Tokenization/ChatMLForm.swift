/// The properties that distinguish one ChatML template from another, read from its Jinja text.
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

    /// Reads a template in the notation of `JinjaText`; `nil` if it is anything but ChatML with at most a default system message.
    init?(jinja: String) {
        var rest = jinja[...]
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
}

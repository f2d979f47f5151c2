/// The families of chat templates that are known, and what tells their members apart.
enum ChatForm: Hashable {
    typealias Message = (role: String, content: String)

    /// `<|im_start|>role`, the content, `<|im_end|>`; with a default system message first if the chat has none.
    case chatML(defaultSystem: String?)
    /// ChatML without thoughts in turns before the last question (Qwen 3).
    case qwen3
    /// `<|start_header_id|>role<|end_header_id|>`, the content, `<|eot_id|>`; `dated` with a system message that starts with dates.
    case llama3(dated: Bool)
    /// `<start_of_turn>role`, the content, `<end_of_turn>`, with the system message before the first question.
    case gemma
    /// `[INST] question [/INST] answer</s>` in one of its spacings.
    case mistral(MistralSpacing)
    /// The same with `<<SYS>>` around the system message and BOS before each question.
    case llama2
    /// `<|role|>`, the content, end of sequence.
    case zephyr
    /// Contents alone, with an empty line after each.
    case plain

    /// The names of the known families, for errors.
    static let names =
        "ChatML, Qwen 2.5, Qwen 3, Llama 3 (3.1, 3.2, 3.3), Gemma (2, 3), Mistral (v0.1 to v1, v7), Llama 2, Zephyr"

    /// The content of the system message that is put before a chat without one.
    var defaultSystem: String? {
        if case .chatML(let system) = self { system } else { nil }
    }

    /// The mark that ends a turn; `nil` if that is the end of sequence.
    var endOfTurn: String? {
        switch self {
        case .chatML, .qwen3: "<|im_end|>"
        case .llama3: "<|eot_id|>"
        case .gemma: "<end_of_turn>"
        case .mistral, .llama2, .zephyr, .plain: nil
        }
    }

    /// The marks that the tokenizer must have; without them it belongs to another model.
    var neededMarks: [String] {
        switch self {
        case .chatML, .qwen3: ["<|im_start|>", "<|im_end|>"]
        case .llama3: ["<|start_header_id|>", "<|end_header_id|>", "<|eot_id|>"]
        case .gemma: ["<start_of_turn>", "<end_of_turn>"]
        case .mistral, .llama2, .zephyr, .plain: []
        }
    }

    /// Renders a chat without the BOS before it.
    func render(_ messages: [Message], bos: String, endOfSequence: String, addGenerationPrompt: Bool) -> ChatText {
        var text = ChatText()
        switch self {
        case .chatML(let system):
            if let system, let first = messages.first, first.role != "system" {
                text.appendChatML("system", system)
            }
            for message in messages { text.appendChatML(message.role, message.content) }
            if addGenerationPrompt { text.startChatML("assistant") }
        case .qwen3: text.appendQwen3(messages, addGenerationPrompt)
        case .llama3(let dated): text.appendLlama3(messages, dated: dated, addGenerationPrompt)
        case .gemma: text.appendGemma(messages, addGenerationPrompt)
        case .mistral(let spacing): text.appendMistral(messages, spacing, endOfSequence)
        case .llama2: text.appendLlama2(messages, bos, endOfSequence)
        case .zephyr:
            for message in messages {
                text.mark("<|\(message.role)|>")
                text.text("\n" + message.content)
                text.mark(endOfSequence)
                text.text("\n")
            }
            if addGenerationPrompt {
                text.mark("<|assistant|>")
                text.text("\n")
            }
        case .plain: for message in messages { text.text(message.content + "\n\n") }
        }
        return text
    }
}

extension ChatText {
    mutating func startChatML(_ role: String) {
        mark("<|im_start|>")
        text(role + "\n")
    }

    mutating func appendChatML(_ role: String, _ content: String) {
        startChatML(role)
        text(content)
        mark("<|im_end|>")
        text("\n")
    }

    /// As Qwen 3's template does without tools: thoughts are shown only in an answer after the last question.
    mutating func appendQwen3(_ messages: [ChatForm.Message], _ addGenerationPrompt: Bool) {
        let last = messages.lastIndex { $0.role == "user" } ?? messages.count - 1
        for (index, message) in messages.enumerated() {
            guard message.role == "assistant" else {
                appendChatML(message.role, message.content)
                continue
            }
            var content = message.content
            var thoughts = ""
            if let end = content.range(of: "</think>", from: .end) {
                let head = content.range(of: "</think>", from: .start)?.lowerBound ?? end.lowerBound
                let before = content[..<head]
                let start = before.ranges(of: "<think>").last?.upperBound ?? before.startIndex
                thoughts = String(before[start...]).trimmingLineBreaks(.both)
                content = String(content[end.upperBound...]).trimmingLineBreaks(.start)
            }
            if index > last, index == messages.count - 1 || !thoughts.isEmpty {
                content = "<think>\n" + thoughts + "\n</think>\n\n" + content.trimmingLineBreaks(.start)
            }
            appendChatML(message.role, content)
        }
        if addGenerationPrompt { startChatML("assistant") }
    }

    /// As the templates of Llama 3 do.
    ///
    /// The dates of the later ones are those written in the templates, not today's, so that the same prompt has the same
    /// ids on every day.
    mutating func appendLlama3(_ messages: [ChatForm.Message], dated: Bool, _ addGenerationPrompt: Bool) {
        var messages = messages[...]
        if dated {
            var system = ""
            if let first = messages.first, first.role == "system" {
                system = first.content.trimmed
                messages.removeFirst()
            }
            appendHeader("system")
            text("Cutting Knowledge Date: December 2023\nToday Date: 26 Jul 2024\n\n" + system)
            mark("<|eot_id|>")
        }
        for message in messages {
            appendHeader(message.role)
            text(message.content.trimmed)
            mark("<|eot_id|>")
        }
        if addGenerationPrompt { appendHeader("assistant") }
    }

    private mutating func appendHeader(_ role: String) {
        mark("<|start_header_id|>")
        text(role)
        mark("<|end_header_id|>")
        text("\n\n")
    }

    /// As the template of Gemma 3 does.
    ///
    /// That of Gemma 2 refuses system messages; here they go before the first question, as in 3.
    mutating func appendGemma(_ messages: [ChatForm.Message], _ addGenerationPrompt: Bool) {
        var prefix = ""
        for (index, message) in messages.enumerated() {
            if index == 0, message.role == "system" {
                prefix = message.content + "\n\n"
                continue
            }
            mark("<start_of_turn>")
            text((message.role == "assistant" ? "model" : message.role) + "\n" + prefix + message.content.trimmed)
            prefix = ""
            mark("<end_of_turn>")
            text("\n")
        }
        if addGenerationPrompt {
            mark("<start_of_turn>")
            text("model\n")
        }
    }

    /// As the templates of Mistral do; if they refuse system messages, these go before the first question.
    mutating func appendMistral(
        _ messages: [ChatForm.Message], _ spacing: MistralSpacing, _ endOfSequence: String
    ) {
        var prefix = ""
        for (index, message) in messages.enumerated() {
            switch message.role {
            case "assistant":
                text(spacing.beforeAnswer + message.content)
                mark(endOfSequence)
                text(spacing.afterAnswer)
            case "system" where spacing.marksSystem:
                mark("[SYSTEM_PROMPT]")
                text(" " + message.content)
                mark("[/SYSTEM_PROMPT]")
            case "system" where index == 0: prefix = message.content + "\n\n"
            default:
                text(spacing.beforeQuestion)
                mark("[INST]")
                text(" " + prefix + message.content + spacing.afterQuestion)
                mark("[/INST]")
                prefix = ""
            }
        }
    }

    mutating func appendLlama2(_ messages: [ChatForm.Message], _ bos: String, _ endOfSequence: String) {
        var prefix = ""
        var isFirst = true
        for (index, message) in messages.enumerated() {
            switch message.role {
            case "assistant":
                text(" " + message.content.trimmed + " ")
                mark(endOfSequence)
            case "system" where index == 0: prefix = "<<SYS>>\n" + message.content + "\n<</SYS>>\n\n"
            default:
                if !isFirst { mark(bos) }
                mark("[INST]")
                text(" " + (prefix + message.content).trimmed + " ")
                mark("[/INST]")
                prefix = ""
                isFirst = false
            }
        }
    }
}

extension String {
    /// The ends of a text from which white space or line breaks are removed.
    enum Side { case start, end, both }

    /// The text without white space at either end.
    var trimmed: String {
        let scalars = unicodeScalars
        guard let first = scalars.firstIndex(where: { !$0.properties.isWhitespace }),
            let last = scalars.lastIndex(where: { !$0.properties.isWhitespace })
        else { return "" }
        return String(scalars[first...last])
    }

    fileprivate func trimmingLineBreaks(_ side: Side) -> String {
        var text = unicodeScalars[...]
        if side != .end { while text.first == "\n" { text.removeFirst() } }
        if side != .start { while text.last == "\n" { text.removeLast() } }
        return String(text)
    }

    /// The first or the last place of a text.
    fileprivate func range(of text: String, from side: Side) -> Range<Index>? {
        let ranges = ranges(of: text)
        return side == .end ? ranges.last : ranges.first
    }
}

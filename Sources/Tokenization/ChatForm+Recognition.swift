extension ChatForm {
    /// Recognises a template by what it writes for each message; `nil` if that is not known.
    init?(template: String) {
        guard let jinja = JinjaText.normal(template) else { return nil }
        if let form = ChatMLForm(jinja: jinja) {
            self = .chatML(defaultSystem: form.defaultSystem)
        } else if let form = Self.qwen(jinja) ?? Self.llama3(jinja) ?? Self.gemma(jinja) ?? Self.llama2(jinja)
            ?? Self.zephyr(jinja)
        {
            self = form
        } else if let spacing = MistralSpacing(jinja) {
            self = .mistral(spacing)
        } else {
            return nil
        }
    }

    private static func qwen(_ jinja: String) -> ChatForm? {
        guard jinja.contains("'<|im_start|>'+message.role+'\n'+message.content+'<|im_end|>\n'"),
            jinja.contains("<tool_call>"), jinja.contains("{{'<|im_start|>assistant\n'}}")
        else { return nil }
        if jinja.contains("enable_thinking") {
            return jinja.contains("reasoning_content.strip('\n')") && jinja.contains("last_query_index")
                ? .qwen3 : nil
        }
        guard !jinja.contains("<think>"),
            let head = jinja.ranges(of: "{%else%}{{'<|im_start|>system\nYou are").last
        else { return nil }
        let system = jinja[head.lowerBound...].dropFirst("{%else%}{{'<|im_start|>system\n".count)
        guard let tail = system.firstRange(of: "<|im_end|>\n'}}") else { return nil }
        let content = system[..<tail.lowerBound]
        return content.contains("'") ? nil : .chatML(defaultSystem: String(content))
    }

    private static func llama3(_ jinja: String) -> ChatForm? {
        let message =
            "'<|start_header_id|>'+message['role']+'<|end_header_id|>\n\n'+message['content']|trim+'<|eot_id|>'"
        guard jinja.contains(message), jinja.contains("{{'<|start_header_id|>assistant<|end_header_id|>\n\n'}}") else {
            return nil
        }
        let isDated = jinja.contains("{{'Cutting Knowledge Date: December 2023\n'}}")
        if isDated {
            guard jinja.contains("{{'Today Date: '+date_string+'\n\n'}}"), jinja.contains("'26 Jul 2024'") else {
                return nil
            }
        } else if jinja.contains("system") {
            return nil
        }
        return .llama3(dated: isDated)
    }

    private static func gemma(_ jinja: String) -> ChatForm? {
        guard jinja.contains("{{'<start_of_turn>model\n'}}") else { return nil }
        if jinja.contains("{{'<start_of_turn>'+role+'\n'+message['content']|trim+'<end_of_turn>\n'}}") { return .gemma }
        let head = "{{'<start_of_turn>'+role+'\n'+(first_user_prefixifloop.firstelse'')}}"
        return jinja.contains(head) && jinja.contains("{{message['content']|trim}}")
            && jinja.contains("{{'<end_of_turn>\n'}}") ? .gemma : nil
    }

    private static func llama2(_ jinja: String) -> ChatForm? {
        let parts = [
            "'<<SYS>>\n'+system_message+'\n<</SYS>>\n\n'+message['content']",
            "{{bos_token+'[INST] '+content.strip()+' [/INST]'}}", "{{' '+content.strip()+' '+eos_token}}",
            "{%setsystem_message=false%}",
        ]
        return parts.allSatisfy { jinja.contains($0) } && !jinja.contains("{%setsystem_message='") ? .llama2 : nil
    }

    private static func zephyr(_ jinja: String) -> ChatForm? {
        let parts = ["user", "system", "assistant"].map { "{{'<|\($0)|>\n'+message['content']+eos_token}}" }
        return parts.allSatisfy { jinja.contains($0) } && jinja.contains("{{'<|assistant|>'}}") ? .zephyr : nil
    }
}

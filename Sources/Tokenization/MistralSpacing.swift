/// The places at which the members of Mistral's family of templates put spaces.
struct MistralSpacing: Hashable {
    let beforeQuestion: String
    let afterQuestion: String
    let beforeAnswer: String
    let afterAnswer: String
    /// Whether the system message has marks of its own; it goes before the first question otherwise.
    let marksSystem: Bool

    /// The spacing of a template in the notation of `JinjaText`; `nil` for one of another family.
    init?(_ jinja: String) {
        let content = "message['content']"
        if jinja.contains("{{'[INST] '+\(content)+'[/INST]'}}"),
            jinja.contains("{{'[SYSTEM_PROMPT] '+\(content)+'[/SYSTEM_PROMPT]'}}"),
            jinja.contains("{{' '+\(content)+eos_token}}")
        {
            (beforeQuestion, afterQuestion, beforeAnswer, afterAnswer) = ("", "", " ", "")
            marksSystem = true
            return
        }
        marksSystem = false
        if jinja.contains("{{' [INST] '+system_message+'\n\n'+\(content)+' [/INST]'}}"),
            jinja.contains("{{' [INST] '+\(content)+' [/INST]'}}"), jinja.contains("{{' '+\(content)+eos_token}}")
        {
            (beforeQuestion, afterQuestion, beforeAnswer, afterAnswer) = (" ", " ", " ", "")
            return
        }
        guard jinja.contains("{{'[INST] '+\(content)+' [/INST]'}}"), !jinja.contains("system_message") else {
            return nil
        }
        if jinja.contains("{{\(content)+eos_token}}") {
            (beforeQuestion, afterQuestion, beforeAnswer, afterAnswer) = ("", " ", "", "")
        } else if jinja.contains("{{\(content)+eos_token+' '}}") {
            (beforeQuestion, afterQuestion, beforeAnswer, afterAnswer) = ("", " ", "", " ")
        } else {
            return nil
        }
    }
}

/// A chat template's Jinja text in a notation in which equal templates are equal.
enum JinjaText {
    /// The template with quotes made alike, `\n` made a line break, adjacent literals joined, and without white space that has no effect;
    /// `nil` if it has escapes of another kind.
    static func normal(_ template: String) -> String? {
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
                // The reference trims white space after a block tag and outputs it after an expression.
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

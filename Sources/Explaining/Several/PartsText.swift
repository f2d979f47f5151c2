/// The one line that says what the parts of an explanation say.
enum PartsText {
    /// `(1) …; or (2) …`, and a lone part as it is; longer ones are cut, the longest first, where the line would be too long.
    static func joined(_ texts: [String]) -> String {
        guard texts.count > 1 else { return texts.first ?? "" }
        let parts = texts.map { $0.hasSuffix(".") ? String($0.dropLast()) : $0 }
        let form = line(parts.map { _ in "" }).unicodeScalars.count
        let room = max(ExplanationText.maximumLength - form, 0)
        var longest = parts.map(\.unicodeScalars.count).max() ?? 0
        func length(_ text: String) -> Int { min(text.unicodeScalars.count, longest) }
        while longest > 1, parts.reduce(0, { $0 + length($1) }) > room { longest -= 1 }
        return ExplanationText.clean(
            line(
                parts.map { part in
                    guard part.unicodeScalars.count > longest else { return part }
                    return String(String.UnicodeScalarView(part.unicodeScalars.prefix(longest - 1))) + "…"
                }))
    }

    private static func line(_ parts: [String]) -> String {
        parts.enumerated().map { "(\($0 + 1)) \($1)" }.joined(separator: "; or ") + "."
    }
}

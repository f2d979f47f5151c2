/// Strings that servers may read as the turns of a chat, or as thoughts, when they stand in a text.
///
/// What goes into a prompt and was not written here is broken before marks are set in it: a prompt as a whole is never looked
/// through, since `<<s>>` is a mark round an "s" and no control string.
public enum ControlStrings {
    /// In lower case; `<|` and `|>` stand for all of their kind, such as `<|im_end|>`.
    static let known = [
        "<|", "|>", "<｜", "｜>", "[inst]", "[/inst]", "<<sys>>", "<</sys>>", "<s>", "</s>", "<bos>", "<eos>",
        "<start_of_turn>", "<end_of_turn>", "<end_of_utterance>", "<think>", "</think>",
    ].map { Array($0.unicodeScalars) }

    /// A text without marks, with the first character of each such string replaced by one that looks alike.
    public static func broken(_ text: String) -> String {
        let scalars = Array(text.unicodeScalars)
        let folded = scalars.map(lowercased)
        var result = String.UnicodeScalarView()
        for (index, scalar) in scalars.enumerated() {
            let isStart = lookalikes[scalar] != nil && known.contains { folded[index...].starts(with: $0) }
            result.append(isStart ? lookalike(scalar) : scalar)
        }
        return String(result)
    }

    /// A character that looks like another one and begins no control string; the same one if there is none.
    static func lookalike(_ scalar: Unicode.Scalar) -> Unicode.Scalar { lookalikes[scalar] ?? scalar }

    private static let lookalikes: [Unicode.Scalar: Unicode.Scalar] = [
        "<": "‹", ">": "›", "[": "［", "|": "¦", "｜": "¦",
    ]

    static func lowercased(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
        ("A"..."Z").contains(scalar) ? Unicode.Scalar(UInt8(scalar.value) | 0x20) : scalar
    }

    /// The place in a run of marked text at which it is to be broken, and the character that goes there, so that the run and the
    /// inner angles of its marks are no control string together, as in `<<|im_end|>>` and `<<end_of_turn>>`.
    ///
    /// `nil` for a run that is none, and for one of letters alone, such as the `s` of `<<s>>`: it has nothing that looks alike, and
    /// opens no turn.
    static func breach(
        inMarked run: some RandomAccessCollection<Unicode.Scalar>
    ) -> (offset: Int, scalar: Unicode.Scalar)? {
        guard let first = run.first, let last = run.last, run.count > 1 else { return nil }
        if isBar(first), isBar(last), run.count > 2, !run.contains(where: { $0 == " " || $0 == "⏎" || $0 == "⇥" }) {
            return (0, lookalike(first))
        }
        let word: [Unicode.Scalar] = ["<"] + run.map(lowercased) + [">"]
        guard known.contains(word) else { return nil }
        for (offset, scalar) in run.enumerated() {
            if scalar == "/" { return (offset, "∕") }
            if scalar == "_" { return (offset, "＿") }
        }
        return nil
    }

    private static func isBar(_ scalar: Unicode.Scalar) -> Bool { scalar == "|" || scalar == "｜" }
}

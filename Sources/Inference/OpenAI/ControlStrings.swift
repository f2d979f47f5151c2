/// Strings that servers may read as the turns of a chat when they stand in a text.
enum ControlStrings {
    /// In lower case; `<|` and `|>` stand for all of their kind, such as `<|im_end|>`.
    private static let known = [
        "<|", "|>", "<｜", "｜>", "[inst]", "[/inst]", "<<sys>>", "<</sys>>", "<s>", "</s>", "<bos>", "<eos>",
        "<start_of_turn>", "<end_of_turn>", "<end_of_utterance>", "<think>", "</think>",
    ].map { Array($0.unicodeScalars) }

    /// The text with the first character of each such string replaced by one that looks alike, and without control
    /// characters other than line breaks and tabs.
    static func broken(_ text: String) -> String {
        let scalars = text.unicodeScalars.filter { scalar in
            scalar == "\n" || scalar == "\t" || !(scalar.value < 0x20 || (0x7f..<0xa0).contains(scalar.value))
        }
        let folded = scalars.map(lowercased)
        var result = String.UnicodeScalarView()
        for (index, scalar) in scalars.enumerated() {
            let isStart = lookalikes[scalar] != nil && known.contains { folded[index...].starts(with: $0) }
            result.append(isStart ? lookalikes[scalar] ?? scalar : scalar)
        }
        return String(result)
    }

    private static let lookalikes: [Unicode.Scalar: Unicode.Scalar] = ["<": "‹", "[": "［", "|": "¦", "｜": "¦"]

    private static func lowercased(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
        ("A"..."Z").contains(scalar) ? Unicode.Scalar(UInt8(scalar.value) | 0x20) : scalar
    }
}

/// What the terminal can show.
struct TopLook: Sendable, Hashable {
    /// The columns.
    var width: Int
    /// The rows; `nil` for as many as it takes.
    var height: Int?
    var hasColour = false
    /// Whether there are no signs but those of ASCII.
    var isASCII = false

    private static let signs: [Character: String] = [
        "✓": "OK", "…": "..", "!": "!!", "∅": "--", "▲": "^^", "■": "##", "·": ".",
    ]
    private static let letters: [Character: Character] = [
        "…": "~", "–": "-", "·": "|", "“": "\"", "”": "\"", "▶": ">", "▸": ">", "×": "x",
    ]

    /// A sign and a word, such as `✓ scored`, as this terminal shows them.
    func label(_ label: String) -> String {
        guard isASCII, let sign = label.first, let other = Self.signs[sign] else { return label }
        return other + label.dropFirst()
    }

    /// A line as this terminal shows it: in plain ASCII each sign of the frame is replaced by one as wide.
    func shown(_ line: TopLine) -> TopLine {
        guard isASCII else { return line }
        return TopLine(line.pieces.map { TopPiece(String($0.text.map { Self.letters[$0] ?? $0 }), $0.style) })
    }
}

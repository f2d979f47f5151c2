import Elements
import Examples

/// The form of every explanation: one line of at most `maximumLength` scalars without control characters.
public enum ExplanationText {
    /// The most scalars of an explanation.
    public static let maximumLength = Explanation.longestText

    /// The zero-width non-joiner and joiner.
    private static let joiners: ClosedRange<UInt32> = 0x200C...0x200D

    /// A text in that form: control characters dropped, runs of white space made one space, cut at the limit.
    ///
    /// - Parameter keepsJoiners: Whether joiners of letters stay, without which some scripts and emoji are other words.
    public static func clean(_ text: String, keepsJoiners: Bool = false) -> String {
        var result = ""
        var length = 0
        var pendingSpace = false
        for character in text {
            if character.isWhitespace {
                pendingSpace = !result.isEmpty
                continue
            }
            let visible = character.unicodeScalars.filter {
                !ControlCharacters.contains($0) || keepsJoiners && joiners.contains($0.value)
            }
            guard !visible.isEmpty else { continue }
            // Counted in scalars, so that stacked marks cannot make a short line of a long text.
            let needed = visible.count + (pendingSpace ? 1 : 0)
            guard length + needed <= maximumLength else { break }
            if pendingSpace { result.append(" ") }
            pendingSpace = false
            result.unicodeScalars.append(contentsOf: visible)
            length += needed
        }
        return result
    }
}

/// Text that is safe to show on a terminal.
public enum PlainText {
    /// The text on one line: line breaks and tabs become spaces, other control and direction marks are dropped.
    public static func line(_ text: String) -> String {
        var result = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            switch scalar.value {
            case 0x09...0x0d, 0x85, 0x2028, 0x2029: result.append(" ")
            case 0..<0x20, 0x7f..<0xa0, 0x61c, 0x200e, 0x200f, 0x202a...0x202e, 0x2066...0x2069: break
            default: result.append(scalar)
            }
        }
        return String(result)
    }
}

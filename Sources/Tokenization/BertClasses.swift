/// The character classes of BERT's tokenizer, by the categories of Unicode 8.
///
/// Source: the tables of the reference, Hugging Face `tokenizers`.
enum BertClasses {
    private static func isOfUnicode8(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.age.map { $0.major <= 8 } ?? false
    }

    /// Control, format and private characters, U+FFFD.
    static func isDropped(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control: scalar != "\t" && scalar != "\n" && scalar != "\r"
        case .format, .privateUse: isOfUnicode8(scalar)
        default: scalar == "\u{fffd}"
        }
    }

    /// Non-spacing marks.
    static func isAccent(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        // Marks whose category has changed since.
        case 0x1734, 0x1171e: true
        case 0x1885, 0x1886, 0xa9bd, 0x111c9: false
        default: scalar.properties.generalCategory == .nonspacingMark && isOfUnicode8(scalar)
        }
    }

    /// Punctuation, and all of ASCII that is neither letter, digit, space nor control.
    static func isPunctuation(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x21...0x2f, 0x3a...0x40, 0x5b...0x60, 0x7b...0x7e, 0x166d, 0x111c9: true
        case ..<0x80: false
        default:
            switch scalar.properties.generalCategory {
            case .connectorPunctuation, .dashPunctuation, .openPunctuation, .closePunctuation, .initialPunctuation,
                .finalPunctuation, .otherPunctuation:
                isOfUnicode8(scalar)
            default: false
            }
        }
    }

    /// The blocks of Chinese ideographs.
    static func isIdeograph(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x3400...0x4dbf, 0x4e00...0x9fff, 0xf900...0xfaff, 0x20000...0x2a6df, 0x2a700...0x2b73f, 0x2b740...0x2b81f,
            0x2b920...0x2ceaf, 0x2f800...0x2fa1f:
            true
        default: false
        }
    }
}

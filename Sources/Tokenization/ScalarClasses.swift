/// The character classes of a pre-tokenizer: letters, numbers, white space and all else.
enum ScalarClass: UInt8 {
    /// General categories L*.
    case letter
    /// General categories N*.
    case number
    /// The property White_Space.
    case space
    /// Everything else, bytes that are no UTF-8 included.
    case other
}

/// The class of every Unicode scalar by Unicode 16, which the reference (Hugging Face `tokenizers` 0.23) holds.
enum ScalarClasses {
    /// Planes 4 to 16 hold no letters, numbers or spaces.
    private static let planes = 0x40000

    /// By scalar; scalars beyond the end are of class `other`.
    static let table: [UInt8] = (0..<planes).map { value in
        guard let scalar = Unicode.Scalar(UInt32(value)) else { return ScalarClass.other.rawValue }
        return of(scalar).rawValue
    }

    private static func of(_ scalar: Unicode.Scalar) -> ScalarClass {
        if scalar.properties.isWhitespace { return .space }
        guard let age = scalar.properties.age, age.major <= 16 else { return .other }
        return switch scalar.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter: .letter
        case .decimalNumber, .letterNumber, .otherNumber: .number
        default: .other
        }
    }
}

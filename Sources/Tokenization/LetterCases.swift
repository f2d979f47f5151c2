/// The parts of a word that a scalar may stand in where words are cut between small and capital letters.
struct LetterCases: OptionSet {
    let rawValue: UInt8

    /// Capital and title-case letters, modifiers, letters without case, marks.
    static let upper = LetterCases(rawValue: 1)
    /// Small letters, and the same others.
    static let lower = LetterCases(rawValue: 2)

    /// By scalar; scalars beyond the end stand in neither.
    static let table: [UInt8] =
        (0..<UInt32(0x40000)).map { value in
            Unicode.Scalar(value).map { of($0).rawValue } ?? 0
        } + marksOfPlane14

    /// The variation selectors, the only ones beyond plane 3.
    private static var marksOfPlane14: [UInt8] {
        (UInt32(0x40000)..<0xe01f0).map { value in Unicode.Scalar(value).map { of($0).rawValue } ?? 0 }
    }

    /// By Unicode 16, as `ScalarClasses`.
    private static func of(_ scalar: Unicode.Scalar) -> LetterCases {
        guard let age = scalar.properties.age, age.major <= 16 else { return [] }
        return switch scalar.properties.generalCategory {
        case .uppercaseLetter, .titlecaseLetter: .upper
        case .lowercaseLetter: .lower
        case .modifierLetter, .otherLetter, .nonspacingMark, .spacingMark, .enclosingMark: [.upper, .lower]
        default: []
        }
    }
}

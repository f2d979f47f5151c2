import Examples

/// Text of a corpus made fit to be looked at: what cannot be seen, or would turn or tear a line, has a sign of its own.
enum VisibleText {
    /// The text of some bytes; those that are no UTF-8 are shown as U+FFFD.
    static func of(_ bytes: [UInt8]) -> String { of(String(decoding: bytes, as: UTF8.self).unicodeScalars) }

    /// The text of some scalars: line ends as `⏎`, tabs as `⇥`, other controls as their pictures or numbers.
    static func of(_ scalars: some Sequence<Unicode.Scalar>) -> String {
        var result = String.UnicodeScalarView()
        for scalar in scalars { append(scalar, to: &result) }
        return String(result)
    }

    private static func append(_ scalar: Unicode.Scalar, to result: inout String.UnicodeScalarView) {
        switch scalar.value {
        case 0x0A, 0x0D, 0x85, 0x2028, 0x2029: result.append("⏎")
        case 0x09: result.append("⇥")
        // The block of control pictures has them in the same order.
        case 0x00...0x1F: if let picture = Unicode.Scalar(0x2400 + scalar.value) { result.append(picture) }
        case 0x7F: result.append("␡")
        case _ where ControlCharacters.contains(scalar):
            result.append(contentsOf: "⟨U+\(String(scalar.value, radix: 16, uppercase: true))⟩".unicodeScalars)
        default: result.append(scalar)
        }
    }
}

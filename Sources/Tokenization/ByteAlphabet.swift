/// The 256 characters in which byte-level vocabularies write bytes, so that every token is printable text.
///
/// Source: `bytes_to_unicode` of GPT-2's `encoder.py`: printable Latin-1 stands for itself, the other 68 bytes for U+0100 onwards.
enum ByteAlphabet {
    private static func standsForItself(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x21...0x7e, 0xa1...0xac, 0xae...0xff: true
        default: false
        }
    }

    private static let shifted: [UInt8] = (UInt8.min...UInt8.max).filter { !standsForItself($0) }

    /// The byte that a character stands for; `nil` for one outside the alphabet.
    static func byte(of scalar: Unicode.Scalar) -> UInt8? {
        if let byte = UInt8(exactly: scalar.value), standsForItself(byte) { return byte }
        let place = Int(scalar.value) - 0x100
        return shifted.indices.contains(place) ? shifted[place] : nil
    }

    /// Appends the bytes that a token stands for; `false`, with nothing appended, if it has a character outside the alphabet.
    static func append(_ token: Substring, to bytes: inout [UInt8]) -> Bool {
        let start = bytes.count
        for scalar in token.unicodeScalars {
            guard let byte = byte(of: scalar) else {
                bytes.removeLast(bytes.count - start)
                return false
            }
            bytes.append(byte)
        }
        return true
    }
}

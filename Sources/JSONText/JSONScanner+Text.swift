extension JSONScanner {
    /// Reads a text in double quotes; throws also if it is not UTF-8.
    package mutating func string() throws(JSONError) -> String {
        try expect(UInt8(ascii: "\""))
        let start = position
        let isASCII = skipPlain()
        if byte == UInt8(ascii: "\"") {
            defer { position += 1 }
            // Neither way is `String(validating:)`, which looks up generic metadata for every text.
            if isASCII { return String(decoding: bytes[start..<position], as: UTF8.self) }
            return try withUTF8(from: start) { String(copying: $0) }
        }
        // Each stretch between escapes is UTF-8 by itself, for a backslash is never part of a longer sequence.
        if !isASCII { try checkUTF8(from: start) }
        var text = Array(bytes[start..<position])
        while byte != UInt8(ascii: "\"") {
            text.append(contentsOf: UTF8.encode(try escape()) ?? UTF8.encodedReplacementCharacter)
            let plain = position
            if !skipPlain() { try checkUTF8(from: plain) }
            text.append(contentsOf: bytes[plain..<position])
        }
        position += 1
        return String(decoding: text, as: UTF8.self)
    }

    /// Checks a text in double quotes without keeping it.
    mutating func skipString() throws(JSONError) {
        try expect(UInt8(ascii: "\""))
        while true {
            let plain = position
            if !skipPlain() { try checkUTF8(from: plain) }
            if byte == UInt8(ascii: "\"") { break }
            _ = try escape()
        }
        position += 1
    }

    private func checkUTF8(from start: Int) throws(JSONError) { try withUTF8(from: start) { _ in } }

    private func withUTF8<Value>(from start: Int, _ read: (UTF8Span) -> Value) throws(JSONError) -> Value {
        do {
            return read(try UTF8Span(validating: UnsafeBufferPointer(rebasing: bytes[start..<position]).span))
        } catch {
            throw fault("UTF-8", at: start + error.byteOffsets.lowerBound)
        }
    }

    /// Reads an escape, or the two of a surrogate pair.
    private mutating func escape() throws(JSONError) -> Unicode.Scalar {
        guard byte == UInt8(ascii: "\\") else {
            throw fault(position < bytes.count ? "control characters to be escaped" : "a closing quote")
        }
        let start = position
        position += 1
        let scalar: Unicode.Scalar
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): scalar = Unicode.Scalar(byte)
        case UInt8(ascii: "b"): scalar = "\u{8}"
        case UInt8(ascii: "f"): scalar = "\u{c}"
        case UInt8(ascii: "n"): scalar = "\n"
        case UInt8(ascii: "r"): scalar = "\r"
        case UInt8(ascii: "t"): scalar = "\t"
        case UInt8(ascii: "u"): return try codePoint(escapedAt: start)
        default: throw fault("an escape such as \\n or \\u00e9")
        }
        position += 1
        return scalar
    }

    /// Reads `uXXXX`, and the second half of a surrogate pair.
    private mutating func codePoint(escapedAt start: Int) throws(JSONError) -> Unicode.Scalar {
        let unit = try codeUnit()
        if let scalar = Unicode.Scalar(unit) { return scalar }
        if UTF16.isLeadSurrogate(unit), byte == UInt8(ascii: "\\") {
            position += 1
            if byte == UInt8(ascii: "u") {
                let trail = try codeUnit()
                if UTF16.isTrailSurrogate(trail) { return UTF16.decode(UTF16.EncodedScalar([unit, trail])) }
            }
        }
        throw fault("both halves of a surrogate pair", at: start)
    }

    private mutating func codeUnit() throws(JSONError) -> UInt16 {
        guard position + 4 < bytes.count else { throw fault("four hexadecimal digits", at: bytes.count) }
        var unit: UInt16 = 0
        for digit in bytes[position + 1...position + 4] {
            guard let value = Character(Unicode.Scalar(digit)).hexDigitValue else {
                throw fault("four hexadecimal digits")
            }
            unit = unit << 4 | UInt16(value)
        }
        position += 5
        return unit
    }
}

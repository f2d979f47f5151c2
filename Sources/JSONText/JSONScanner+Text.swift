extension JSONScanner {
    /// Reads a text in double quotes.
    package mutating func string() throws(JSONError) -> String {
        try expect(UInt8(ascii: "\""))
        let start = position
        skipPlain()
        if byte == UInt8(ascii: "\"") {
            defer { position += 1 }
            return String(decoding: bytes[start..<position], as: UTF8.self)
        }
        var text = Array(bytes[start..<position])
        while byte != UInt8(ascii: "\"") {
            try appendEscape(to: &text)
            let plain = position
            skipPlain()
            text.append(contentsOf: bytes[plain..<position])
        }
        position += 1
        return String(decoding: text, as: UTF8.self)
    }

    /// Checks a text in double quotes without keeping it.
    mutating func skipString() throws(JSONError) {
        try expect(UInt8(ascii: "\""))
        var discarded: [UInt8] = []
        skipPlain()
        while byte != UInt8(ascii: "\"") {
            try appendEscape(to: &discarded)
            discarded.removeAll(keepingCapacity: true)
            skipPlain()
        }
        position += 1
    }

    private mutating func skipPlain() {
        var end = position
        while end < bytes.count {
            let byte = bytes[end]
            if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") || byte < 0x20 { break }
            end += 1
        }
        position = end
    }

    private mutating func appendEscape(to text: inout [UInt8]) throws(JSONError) {
        guard byte == UInt8(ascii: "\\") else {
            throw fault(position < bytes.count ? "control characters must be escaped" : "expected a closing quote")
        }
        let start = position
        position += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(byte)
        case UInt8(ascii: "b"): text.append(0x08)
        case UInt8(ascii: "f"): text.append(0x0c)
        case UInt8(ascii: "n"): text.append(0x0a)
        case UInt8(ascii: "r"): text.append(0x0d)
        case UInt8(ascii: "t"): text.append(0x09)
        case UInt8(ascii: "u"):
            let scalar = try scalar(escapedAt: start)
            text.append(contentsOf: String(scalar).utf8)
            return
        default: throw fault("expected an escape such as \\n or \\u00e9")
        }
        position += 1
    }

    /// Reads `uXXXX`, and the second half of a surrogate pair.
    private mutating func scalar(escapedAt start: Int) throws(JSONError) -> Unicode.Scalar {
        let unit = try codeUnit()
        if let scalar = Unicode.Scalar(unit) { return scalar }
        if UTF16.isLeadSurrogate(unit), byte == UInt8(ascii: "\\") {
            position += 1
            if byte == UInt8(ascii: "u") {
                let trail = try codeUnit()
                if UTF16.isTrailSurrogate(trail) {
                    return UTF16.decode(UTF16.EncodedScalar([unit, trail]))
                }
            }
        }
        position = start
        throw fault("a surrogate must be one of a pair")
    }

    private mutating func codeUnit() throws(JSONError) -> UInt16 {
        guard position + 4 < bytes.count else {
            position = bytes.count
            throw fault("expected four hexadecimal digits")
        }
        var unit: UInt16 = 0
        for digit in bytes[position + 1...position + 4] {
            guard let value = Character(Unicode.Scalar(digit)).hexDigitValue else {
                throw fault("expected four hexadecimal digits")
            }
            unit = unit << 4 | UInt16(value)
        }
        position += 5
        return unit
    }
}

extension JSONScanner {
    /// A number, by what can be told exactly.
    package enum Number {
        /// A whole number from 0 to 2⁶⁴ − 1.
        case natural(UInt64)
        /// Any other whole number, as written.
        case integer(String)
        /// A number with a fraction or an exponent, as written.
        case fraction(String)
    }

    /// A number that has been passed over.
    struct Digits {
        /// The offset of its first byte.
        let start: Int
        let isNegative: Bool
        /// Without the sign; `nil` if it does not fit, or there is a fraction or an exponent.
        let magnitude: UInt64?
        let isWhole: Bool
    }

    /// Reads a number; literals are cut after 40 bytes.
    package mutating func number() throws(JSONError) -> Number {
        skipSpace()
        let digits = try digits()
        if !digits.isNegative, let value = digits.magnitude { return .natural(value) }
        let literal = String(decoding: bytes[digits.start..<position].prefix(40), as: UTF8.self)
        return digits.isWhole ? .integer(literal) : .fraction(literal)
    }

    /// Passes over a number.
    mutating func digits() throws(JSONError) -> Digits {
        let start = position
        let isNegative = byte == UInt8(ascii: "-")
        if isNegative { position += 1 }
        let first = position
        var magnitude: UInt64? = 0
        while let digit {
            if let value = magnitude {
                let (product, high) = value.multipliedReportingOverflow(by: 10)
                let (sum, carry) = product.addingReportingOverflow(UInt64(digit))
                magnitude = high || carry ? nil : sum
            }
            position += 1
        }
        guard position > first else { throw fault("a digit") }
        guard position == first + 1 || bytes[first] != UInt8(ascii: "0") else {
            throw fault("a number that does not start with 0", at: first)
        }
        let isWhole = try !skipFraction()
        return Digits(
            start: start, isNegative: isNegative, magnitude: isWhole ? magnitude : nil, isWhole: isWhole)
    }

    private var digit: UInt8? {
        byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") ? byte - UInt8(ascii: "0") : nil
    }

    private mutating func skipFraction() throws(JSONError) -> Bool {
        let start = position
        if byte == UInt8(ascii: ".") {
            position += 1
            try skipDigits()
        }
        if byte == UInt8(ascii: "e") || byte == UInt8(ascii: "E") {
            position += 1
            if byte == UInt8(ascii: "+") || byte == UInt8(ascii: "-") { position += 1 }
            try skipDigits()
        }
        return position > start
    }

    private mutating func skipDigits() throws(JSONError) {
        guard digit != nil else { throw fault("a digit") }
        while digit != nil { position += 1 }
    }
}

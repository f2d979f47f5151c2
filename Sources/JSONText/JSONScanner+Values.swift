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

    /// Reads a number.
    package mutating func number() throws(JSONError) -> Number {
        skipSpace()
        let start = position
        let isNegative = byte == UInt8(ascii: "-")
        if isNegative { position += 1 }
        var value: UInt64? = 0
        let digits = position
        while let digit = digit() {
            value = value.flatMap { value in
                let (product, high) = value.multipliedReportingOverflow(by: 10)
                let (sum, carry) = product.addingReportingOverflow(UInt64(digit))
                return high || carry ? nil : sum
            }
            position += 1
        }
        guard position > digits else { throw fault("expected a digit") }
        guard position == digits + 1 || bytes[digits] != UInt8(ascii: "0") else {
            position = digits
            throw fault("a number must not start with 0")
        }
        let isFraction = try skipFraction()
        if isFraction { return .fraction(literal(from: start)) }
        guard !isNegative, let value else { return .integer(literal(from: start)) }
        return .natural(value)
    }

    private func literal(from start: Int) -> String {
        String(decoding: bytes[start..<position].prefix(40), as: UTF8.self)
    }

    private func digit() -> UInt8? {
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
        guard digit() != nil else { throw fault("expected a digit") }
        while digit() != nil { position += 1 }
    }

    /// Checks the next value, whatever it is, and passes over it.
    package mutating func skipValue() throws(JSONError) {
        // An explicit stack, for a value that nests deeply must not exhaust the thread's.
        var open: [Kind] = []
        repeat {
            let kind = try kind()
            switch kind {
            case .string: try skipString()
            case .number: _ = try number()
            case .boolean, .null: try word()
            case .object, .array:
                guard open.count < Self.maximumDepth else {
                    throw fault("nesting must not exceed \(Self.maximumDepth)")
                }
                open.append(kind)
                if kind == .object { try beginObject() } else { try beginArray() }
            }
        } while try advance(&open)
    }

    /// Moves to the next value inside the open objects and lists; `false` once all are closed.
    private mutating func advance(_ open: inout [Kind]) throws(JSONError) -> Bool {
        while let innermost = open.last {
            let hasMore = innermost == .object ? try skipName() : try nextElement()
            if hasMore { return true }
            open.removeLast()
        }
        return false
    }

    private mutating func skipName() throws(JSONError) -> Bool { try nextName() != nil }
}

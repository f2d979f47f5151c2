extension JSONScanner {
    /// Reads one of the words `true`, `false` and `null`; `nil` for the last.
    mutating func word() throws(JSONError) -> Bool? {
        let (word, value): (StaticString, Bool?) =
            switch byte {
            case UInt8(ascii: "t"): ("true", true)
            case UInt8(ascii: "f"): ("false", false)
            default: ("null", nil)
            }
        guard bytes[position...].starts(with: UnsafeBufferPointer(start: word.utf8Start, count: word.utf8CodeUnitCount))
        else { throw fault("a value") }
        position += word.utf8CodeUnitCount
        return value
    }

    /// Checks the next value, whatever it is, and passes over it.
    package mutating func skipValue() throws(JSONError) {
        // An explicit stack, for a value that nests deeply must not exhaust the thread's.
        var open: [Kind] = []
        repeat {
            let kind = try kind()
            switch kind {
            case .string: try skipString()
            case .number: _ = try digits()
            case .boolean, .null: _ = try word()
            case .object:
                try beginObject()
                open.append(kind)
            case .array:
                try beginArray()
                open.append(kind)
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

    private mutating func skipName() throws(JSONError) -> Bool {
        guard try hasName() else { return false }
        try skipString()
        try expect(UInt8(ascii: ":"))
        return true
    }
}

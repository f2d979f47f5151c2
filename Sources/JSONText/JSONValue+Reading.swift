extension JSONValue {
    /// The deepest nesting of a value that is read: building, walking and freeing a tree takes of a thread's stack.
    package static let maximumDepth = 64

    /// What becomes of an object that has a name twice.
    package enum RepeatedNames {
        /// It is refused, for readers would differ in which one they take.
        case refused
        /// The last one counts and stands where the first was, as Python and those who write by it have it.
        case lastTaken
        /// It is read with both, for a caller that refuses it in better words.
        case kept
    }

    /// Reads a value, nothing but space around it; memory is taken only as the bytes need it.
    package init(
        json bytes: UnsafeRawBufferPointer, repeatedNames: RepeatedNames = .refused
    ) throws(JSONError) {
        self = try JSONScanner.scan(bytes, deepest: Self.maximumDepth) { scanner throws(JSONError) in
            try scanner.value(repeatedNames)
        }
    }

    /// Reads a value, nothing but space around it; memory is taken only as the bytes need it.
    package init(json bytes: [UInt8], repeatedNames: RepeatedNames = .refused) throws(JSONError) {
        self = try JSONScanner.scan(bytes, deepest: Self.maximumDepth) { scanner throws(JSONError) in
            try scanner.value(repeatedNames)
        }
    }
}

extension JSONScanner {
    /// Reads the next value as a tree.
    fileprivate mutating func value(_ repeatedNames: JSONValue.RepeatedNames) throws(JSONError) -> JSONValue {
        switch try kind() {
        case .string: .string(try string())
        case .number: try numericValue()
        case .boolean, .null: try word().map(JSONValue.boolean) ?? .null
        case .array: .array(try elements(repeatedNames))
        case .object: .object(try members(repeatedNames))
        }
    }

    private mutating func elements(_ repeatedNames: JSONValue.RepeatedNames) throws(JSONError) -> [JSONValue] {
        var elements: [JSONValue] = []
        try beginArray()
        while try nextElement() { elements.append(try value(repeatedNames)) }
        return elements
    }

    private mutating func members(_ repeatedNames: JSONValue.RepeatedNames) throws(JSONError) -> [JSONValue.Member] {
        var members: [JSONValue.Member] = []
        var known = KnownNames()
        try beginObject()
        while try hasName() {
            let start = position
            let name = try string()
            try expect(UInt8(ascii: ":"))
            let earlier = repeatedNames == .kept ? nil : known.insert(name, after: members)
            guard let earlier else {
                members.append((name, try value(repeatedNames)))
                continue
            }
            guard repeatedNames == .lastTaken else { throw fault("each name once in an object", at: start) }
            members[earlier].value = try value(repeatedNames)
        }
        return members
    }

    private mutating func numericValue() throws(JSONError) -> JSONValue {
        let digits = try digits()
        if let magnitude = digits.magnitude {
            guard digits.isNegative else {
                return Int(exactly: magnitude).map(JSONValue.integer) ?? .unsigned(magnitude)
            }
            if magnitude <= Int.min.magnitude { return .integer(Int(truncatingIfNeeded: 0 &- magnitude)) }
        }
        let literal = String(decoding: bytes[digits.start..<position], as: UTF8.self)
        guard let value = Double(literal), value.isFinite else {
            throw fault("a number of 64 bits", at: digits.start)
        }
        return .number(value)
    }
}

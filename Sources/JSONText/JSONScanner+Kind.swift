extension JSONScanner {
    /// The kind of a value, told from its first byte.
    package enum Kind {
        case object, array, string, number, boolean, null

        /// The kind as messages name it.
        package var description: String {
            switch self {
            case .object: "an object"
            case .array: "a list"
            case .string: "a text"
            case .number: "a number"
            case .boolean: "true or false"
            case .null: "null"
            }
        }
    }

    /// The kind of the value that comes next.
    package mutating func kind() throws(JSONError) -> Kind {
        skipSpace()
        switch byte {
        case UInt8(ascii: "{"): return .object
        case UInt8(ascii: "["): return .array
        case UInt8(ascii: "\""): return .string
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return .number
        case UInt8(ascii: "t"), UInt8(ascii: "f"): return .boolean
        case UInt8(ascii: "n"): return .null
        default: throw fault("a value")
        }
    }
}

/// One value of a GGUF file's metadata.
public enum GGUFValue: Sendable, Hashable {
    /// An integer of any width.
    case integer(Int)
    /// An unsigned integer above `Int.max`.
    case unsigned(UInt64)
    /// A float of 32 or 64 bits.
    case number(Double)
    /// A truth value.
    case boolean(Bool)
    /// A text.
    case string(String)
    /// An array of integers.
    case integers([Int])
    /// An array of floats.
    case numbers([Double])
    /// An array of truth values.
    case booleans([Bool])
    /// An array of texts.
    case strings([String])
    /// An array of arrays, or of integers above `Int.max`.
    case values([GGUFValue])

    /// The integer, if it is one.
    public var integer: Int? { if case .integer(let value) = self { value } else { nil } }

    /// The number, if it is a float or an integer.
    public var number: Double? {
        switch self {
        case .number(let value): value
        case .integer(let value): Double(value)
        default: nil
        }
    }

    /// The truth value, if it is one.
    public var boolean: Bool? { if case .boolean(let value) = self { value } else { nil } }

    /// The text, if it is one.
    public var string: String? { if case .string(let value) = self { value } else { nil } }

    /// The integers, if it is an array of them.
    public var integers: [Int]? { if case .integers(let values) = self { values } else { nil } }

    /// The numbers, if it is an array of floats or integers.
    public var numbers: [Double]? {
        switch self {
        case .numbers(let values): values
        case .integers(let values): values.map { Double($0) }
        default: nil
        }
    }

    /// The truth values, if it is an array of them.
    public var booleans: [Bool]? { if case .booleans(let values) = self { values } else { nil } }

    /// The texts, if it is an array of them.
    public var strings: [String]? { if case .strings(let values) = self { values } else { nil } }
}

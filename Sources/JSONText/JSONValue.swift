/// A JSON value, read from bytes or to be written as text.
///
/// Members keep their order, and a name may come twice.
package enum JSONValue: Sendable {
    /// A member of an object.
    package typealias Member = (key: String, value: JSONValue)

    /// `null`.
    case null
    /// `true` or `false`.
    case boolean(Bool)
    /// A whole number that fits 64 bits with a sign.
    case integer(Int)
    /// A whole number of at least 0; only those that `integer` cannot hold are read as such.
    case unsigned(UInt64)
    /// Any other number; one that is not finite is written as `null`.
    case number(Double)
    /// A text.
    case string(String)
    /// A list.
    case array([JSONValue])
    /// Members in order.
    case object([Member])
    /// A text that is JSON already, to be written as it is; none is read.
    case embedded(EmbeddedJSON)

    /// A text, or `null`.
    package static func optional(_ text: String?) -> JSONValue { text.map(JSONValue.string) ?? .null }

    /// The text, if it is one.
    package var string: String? { if case .string(let value) = self { value } else { nil } }

    /// The integer, if it is one.
    package var integer: Int? { if case .integer(let value) = self { value } else { nil } }

    /// The truth value, if it is one.
    package var boolean: Bool? { if case .boolean(let value) = self { value } else { nil } }

    /// The elements, if it is a list.
    package var array: [JSONValue]? { if case .array(let values) = self { values } else { nil } }

    /// The members, if it is an object.
    package var object: [Member]? { if case .object(let members) = self { members } else { nil } }

    /// The first member of a name, if it is an object that has one.
    package subscript(_ key: String) -> JSONValue? { object?.first { $0.key == key }?.value }
}

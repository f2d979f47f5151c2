/// A JSON value as it is written: members keep their order, and a key may come twice, so that a reader can refuse it.
package enum JSONValue: Sendable {
    /// `null`.
    case null
    /// `true` or `false`.
    case boolean(Bool)
    /// A number written without fraction or exponent that fits 64 bits.
    case integer(Int)
    /// Any other number.
    case number(Double)
    /// A text.
    case string(String)
    /// An array.
    case array([JSONValue])
    /// An object's members.
    case object([(key: String, value: JSONValue)])

    /// The text, if it is one.
    package var string: String? { if case .string(let value) = self { value } else { nil } }

    /// The integer, if it is one.
    package var integer: Int? { if case .integer(let value) = self { value } else { nil } }

    /// The truth value, if it is one.
    package var boolean: Bool? { if case .boolean(let value) = self { value } else { nil } }

    /// The elements, if it is an array.
    package var array: [JSONValue]? { if case .array(let values) = self { values } else { nil } }

    /// The members, if it is an object.
    package var object: [(key: String, value: JSONValue)]? {
        if case .object(let members) = self { members } else { nil }
    }

    /// The first member of a name, if it is an object that has one.
    package subscript(_ key: String) -> JSONValue? { object?.first { $0.key == key }?.value }
}

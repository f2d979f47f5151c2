/// A JSON value whose text is always the same: members in the order given, on one line, without control characters.
package indirect enum JSONValue: Sendable {
    /// `null`.
    case null
    /// A whole number.
    case integer(Int64)
    /// A whole number of at least 0.
    case unsigned(UInt64)
    /// A number; one that is not finite is written as `null`.
    case number(Double)
    /// A text.
    case string(String)
    /// A list.
    case array([JSONValue])
    /// Members in order.
    case object([(String, JSONValue)])
    /// A text that is JSON already.
    case embedded(EmbeddedJSON)

    /// A text, or `null`.
    package static func optional(_ text: String?) -> JSONValue { text.map(JSONValue.string) ?? .null }

    /// An integer.
    package static func integer(_ value: Int) -> JSONValue { .integer(Int64(value)) }

    /// The value's text.
    package var text: String {
        var result = ""
        write(to: &result)
        return result
    }

    private func write(to result: inout String) {
        switch self {
        case .null: result += "null"
        case .integer(let value): result += String(value)
        case .unsigned(let value): result += String(value)
        case .number(let value): result += value.isFinite ? "\(value)" : "null"
        case .string(let value): JSONValue.writeQuoted(value, to: &result)
        case .embedded(let value): result += value.text
        case .array(let values):
            result += "["
            for (index, value) in values.enumerated() {
                if index > 0 { result += "," }
                value.write(to: &result)
            }
            result += "]"
        case .object(let members):
            result += "{"
            for (index, (key, value)) in members.enumerated() {
                if index > 0 { result += "," }
                JSONValue.writeQuoted(key, to: &result)
                result += ":"
                value.write(to: &result)
            }
            result += "}"
        }
    }

    /// Writes a string with everything escaped that a terminal or a JavaScript reader could take for a control.
    private static func writeQuoted(_ text: String, to result: inout String) {
        result += "\""
        if text.utf8.allSatisfy({ (0x20..<0x7f).contains($0) && $0 != 0x22 && $0 != 0x5c }) {
            result += text
            result += "\""
            return
        }
        for scalar in text.unicodeScalars {
            switch scalar.value {
            case 0x22: result += "\\\""
            case 0x5c: result += "\\\\"
            case 0x0a: result += "\\n"
            case 0x09: result += "\\t"
            case 0..<0x20, 0x7f..<0xa0, 0x2028, 0x2029, 0x202a...0x202e, 0x2066...0x2069:
                let digits = String(scalar.value, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: result.unicodeScalars.append(scalar)
            }
        }
        result += "\""
    }
}

extension JSONValue {
    /// The value as text, always the same: members in their order, on one line, without control characters.
    package var text: String {
        var result = ""
        write(to: &result)
        return result
    }

    private func write(to result: inout String) {
        switch self {
        case .null: result += "null"
        case .boolean(let value): result += value ? "true" : "false"
        case .integer(let value): result += String(value)
        case .unsigned(let value): result += String(value)
        case .number(let value): result += value.isFinite ? "\(value)" : "null"
        case .string(let value): Self.writeQuoted(value, to: &result)
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
            for (index, member) in members.enumerated() {
                if index > 0 { result += "," }
                Self.writeQuoted(member.key, to: &result)
                result += ":"
                member.value.write(to: &result)
            }
            result += "}"
        }
    }

    private static func writeQuoted(_ text: String, to result: inout String) {
        result += "\""
        if text.utf8.allSatisfy({ (0x20..<0x7f).contains($0) && $0 != 0x22 && $0 != 0x5c }) {
            result += text
            result += "\""
            return
        }
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\t": result += "\\t"
            case _ where scalar.couldControl: result += scalar.escape
            default: result.unicodeScalars.append(scalar)
            }
        }
        result += "\""
    }
}

extension Unicode.Scalar {
    /// Whether a terminal or a JavaScript reader could take it for a control.
    var couldControl: Bool {
        switch value {
        case 0..<0x20, 0x7f..<0xa0, 0x2028, 0x2029, 0x202a...0x202e, 0x2066...0x2069: true
        default: false
        }
    }

    /// The escape of a scalar below 2¹⁶.
    var escape: String {
        let digits = String(value, radix: 16)
        return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
    }
}

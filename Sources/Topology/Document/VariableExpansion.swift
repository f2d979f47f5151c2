/// Replaces `${NAME}` and `${NAME:-default}` in a text; `$$` becomes one `$`.
struct VariableExpansion {
    /// A fault of a reference.
    enum Fault: Equatable {
        /// The variable is not set and has no default.
        case unset(name: String)
        /// The reference is not well formed.
        case malformed(reference: String)
    }

    /// The text after replacement.
    private(set) var text = ""
    /// Whether any variable was replaced.
    private(set) var isExpanded = false
    /// The faults, in the order of the text.
    private(set) var faults: [Fault] = []

    init(of written: String, in environment: [String: String]) {
        guard written.utf8.contains(UInt8(ascii: "$")) else {
            text = written
            return
        }
        var rest = written[...]
        while let dollar = rest.firstIndex(of: "$") {
            text += rest[..<dollar]
            rest = rest[rest.index(after: dollar)...]
            if rest.first == "$" {
                text += "$"
                rest = rest.dropFirst()
            } else if rest.first == "{" {
                rest = rest.dropFirst()
                guard let close = rest.firstIndex(of: "}") else {
                    faults.append(.malformed(reference: "${" + rest))
                    return
                }
                replace(rest[..<close], in: environment)
                rest = rest[rest.index(after: close)...]
            } else {
                text += "$"
            }
        }
        text += rest
    }

    private mutating func replace(_ reference: Substring, in environment: [String: String]) {
        isExpanded = true
        let name = reference.prefix { $0 != ":" }
        let operation = reference[name.endIndex...]
        guard Self.isName(name), operation.isEmpty || operation.hasPrefix(":-"), !operation.contains("$") else {
            faults.append(.malformed(reference: "${\(reference)}"))
            return
        }
        let value = environment[String(name)]
        if operation.isEmpty {
            if let value { text += value } else { faults.append(.unset(name: String(name))) }
        } else {
            // As in a shell, `:-` takes an empty variable for one that is not set.
            text += value.flatMap { $0.isEmpty ? nil : $0 } ?? String(operation.dropFirst(2))
        }
    }

    /// Whether a text is the name of an environment variable: letters, digits and `_`, no digit first.
    static func isName(_ text: some StringProtocol) -> Bool {
        guard let first = text.utf8.first, !(0x30...0x39).contains(first) else { return false }
        return text.utf8.allSatisfy { $0.isASCIILetterOrDigit || $0 == UInt8(ascii: "_") }
    }
}

extension UInt8 {
    /// Whether the byte is an ASCII letter or digit.
    var isASCIILetterOrDigit: Bool {
        switch self {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
        default: false
        }
    }
}

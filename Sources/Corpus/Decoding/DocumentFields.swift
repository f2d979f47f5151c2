import Elements

/// What the value of a record says about its document.
struct DocumentFields {
    private(set) var id: String?
    private(set) var source: String?
    let content: Document.Content

    init(content: Document.Content) { self.content = content }

    /// Reads a JSON object with `text` or `tokens`; unknown fields are checked as JSON and ignored.
    ///
    /// A field that is `null` counts as absent, and of a repeated field the last one counts.
    init(json: [UInt8], tokens range: TokenRange) throws(Fault) {
        try UTF8Check.check(json)
        var scanner = JSONScanner(json)
        scanner.skipByteOrderMark()
        guard try scanner.kind() == .object else {
            let found = try scanner.kind()
            try scanner.skipValue()
            try scanner.expectEnd()
            throw Fault(.wrongShape, "Expected a JSON object, found \(found.description).")
        }
        var text: String?
        var tokens: [UInt32]?
        var fault: Fault?
        try scanner.beginObject()
        while let name = try scanner.nextName() {
            // A wrong field is reported only once the rest is known to be JSON: text that is cut off is not-json.
            do throws(Fault) {
                switch name {
                case "text": text = try scanner.text(named: "text")
                case "id": id = try scanner.text(named: "id")
                case "source": source = try scanner.text(named: "source")
                case "tokens": tokens = try scanner.tokens(in: range)
                default: try scanner.skipValue()
                }
            } catch {
                guard error.code != .notJSON else { throw error }
                fault = fault ?? error
            }
        }
        try scanner.expectEnd()
        if let fault { throw fault }
        content = try Self.content(text: text, tokens: tokens)
    }

    private static func content(text: String?, tokens: [UInt32]?) throws(Fault) -> Document.Content {
        switch (text, tokens) {
        case (.some, .some): throw Fault(.wrongShape, "The object has both \"text\" and \"tokens\"; give one.")
        case (nil, nil): throw Fault(.wrongShape, "The object has neither \"text\" nor \"tokens\".")
        case (let text?, nil):
            guard !text.isEmpty else { throw Fault(.empty, "The field \"text\" is empty.") }
            return .text(text)
        case (nil, let tokens?):
            guard !tokens.isEmpty else { throw Fault(.empty, "The field \"tokens\" is empty.") }
            return .tokens(tokens)
        }
    }
}

extension JSONScanner {
    /// The text of a field; `nil` where it is `null`.
    fileprivate mutating func text(named name: String) throws(Fault) -> String? {
        switch try kind() {
        case .string: return try string()
        case .null:
            try skipValue()
            return nil
        case let found:
            try skipValue()
            throw Fault(.wrongShape, "The field \"\(name)\" must be a text, found \(found.description).")
        }
    }

    /// The token ids of a field; `nil` where it is `null`.
    fileprivate mutating func tokens(in range: TokenRange) throws(Fault) -> [UInt32]? {
        let found = try kind()
        guard found == .array else {
            try skipValue()
            guard found != .null else { return nil }
            throw Fault(.wrongShape, "The field \"tokens\" must be a list of token ids, found \(found.description).")
        }
        var tokens: [UInt32] = []
        var fault: Fault?
        try beginArray()
        while try nextElement() {
            do throws(Fault) {
                tokens.append(try token(at: tokens.count, in: range))
            } catch {
                guard error.code != .notJSON else { throw error }
                fault = fault ?? error
            }
        }
        if let fault { throw fault }
        return tokens
    }

    private mutating func token(at index: Int, in range: TokenRange) throws(Fault) -> UInt32 {
        let found = try kind()
        guard found == .number else {
            try skipValue()
            throw Fault(
                .wrongShape,
                "The field \"tokens\" must hold whole numbers, found \(found.description) at index \(index).")
        }
        switch try number() {
        case .natural(let value): return try range.token(value, at: index)
        case .integer(let literal): throw range.outOfRange(literal, at: index)
        case .fraction(let literal):
            throw Fault(
                .wrongShape, "The field \"tokens\" must hold whole numbers, found \(literal) at index \(index).")
        }
    }
}

import Elements
import JSONText

/// The fields of a record's value that describe its document.
struct DocumentFields {
    let id: String?
    let source: String?
    let content: Document.Content

    init(content: Document.Content) {
        id = nil
        source = nil
        self.content = content
    }

    /// Reads a JSON object with `text` or `tokens`; unknown fields are checked as JSON and ignored.
    ///
    /// A field that is `null` counts as absent, and of a repeated field the last one counts.
    init(json: [UInt8], tokens range: TokenRange) throws(Fault) {
        try UTF8Check.check(json)
        let fields: Result<(text: String?, tokens: [UInt32]?, id: String?, source: String?), Fault>
        do throws(JSONError) {
            fields = try JSONScanner.scan(json) { scanner throws(JSONError) in
                try Self.fields(in: &scanner, tokens: range)
            }
        } catch {
            throw Fault(.notJSON, error.reason)
        }
        let found = try fields.get()
        id = found.id
        source = found.source
        content = try Self.content(text: found.text, tokens: found.tokens)
    }

    /// Reads the fields.
    ///
    /// Wrong fields are returned as faults rather than thrown: they are the fault only if the rest is valid JSON, and
    /// text that is cut off is `not-json`.
    private static func fields(
        in scanner: inout JSONScanner, tokens range: TokenRange
    ) throws(JSONError) -> Result<(text: String?, tokens: [UInt32]?, id: String?, source: String?), Fault> {
        scanner.skipByteOrderMark()
        let kind = try scanner.kind()
        guard kind == .object else {
            try scanner.skipValue()
            return .failure(Fault(.wrongShape, "Expected a JSON object, found \(kind.description)."))
        }
        var fields: (text: String?, tokens: [UInt32]?, id: String?, source: String?)
        var fault: Fault?
        func keep<Value>(_ value: Result<Value, Fault>, in field: inout Value) {
            switch value {
            case .success(let value): field = value
            case .failure(let found): fault = fault ?? found
            }
        }
        try scanner.beginObject()
        while let name = try scanner.nextName() {
            switch name {
            case "text": keep(try scanner.text(named: "text"), in: &fields.text)
            case "id": keep(try scanner.name(named: "id"), in: &fields.id)
            case "source": keep(try scanner.text(named: "source"), in: &fields.source)
            case "tokens": keep(try scanner.tokens(in: range), in: &fields.tokens)
            default: try scanner.skipValue()
            }
        }
        return fault.map { .failure($0) } ?? .success(fields)
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
    /// The text of a field; `nil` if it is `null`.
    fileprivate mutating func text(named name: String) throws(JSONError) -> Result<String?, Fault> {
        switch try kind() {
        case .string: return .success(try string())
        case .null:
            try skipValue()
            return .success(nil)
        case let found:
            try skipValue()
            return .failure(
                Fault(.wrongShape, "The field \"\(name)\" must be a text, found \(found.description)."))
        }
    }

    /// The text of a field, or its number as it is written: many corpora count their documents; `nil` if it is `null`.
    fileprivate mutating func name(named name: String) throws(JSONError) -> Result<String?, Fault> {
        guard try kind() == .number else { return try text(named: name) }
        switch try number() {
        case .natural(let value): return .success("\(value)")
        case .integer(let literal), .fraction(let literal): return .success(literal)
        }
    }

    /// The token ids of a field; `nil` if it is `null`.
    fileprivate mutating func tokens(in range: TokenRange) throws(JSONError) -> Result<[UInt32]?, Fault> {
        let found = try kind()
        guard found == .array else {
            try skipValue()
            guard found != .null else { return .success(nil) }
            return .failure(
                Fault(
                    .wrongShape, "The field \"tokens\" must be a list of token ids, found \(found.description)."))
        }
        var tokens: [UInt32] = []
        var fault: Fault?
        // After a fault the index of the next one does not matter: only the first is reported.
        try beginArray()
        while try nextElement() {
            switch try token(at: tokens.count, in: range) {
            case .success(let token): tokens.append(token)
            case .failure(let found): fault = fault ?? found
            }
        }
        return fault.map { .failure($0) } ?? .success(tokens)
    }

    private mutating func token(at index: Int, in range: TokenRange) throws(JSONError) -> Result<UInt32, Fault> {
        let found = try kind()
        guard found == .number else {
            try skipValue()
            return .failure(
                Fault(
                    .wrongShape,
                    "The field \"tokens\" must hold whole numbers, found \(found.description) at index \(index)."))
        }
        switch try number() {
        case .natural(let value): return range.token(value, at: index)
        case .integer(let literal): return .failure(range.outOfRange(literal, at: index))
        case .fraction(let literal):
            return .failure(
                Fault(
                    .wrongShape, "The field \"tokens\" must hold whole numbers, found \(literal) at index \(index)."))
        }
    }
}

/// One end of an edge: the output of a node that another reads.
public struct NodeReference: Sendable {
    /// The id of the node that is read.
    public let node: String
    /// The port that is read; `nil` for the node's main output.
    public let port: String?
    /// Where the reference stands.
    public let mark: SourceMark
    /// The reference for a message.
    let shown: String
}

/// A node of a checked topology.
///
/// The accessors read fields by name, defaults applied; they give `nil` where the field has no value or is of another type.
public struct Node: Sendable {
    /// The name under which it stands in the file, on which its state hangs.
    public let id: String
    /// Where in the file it stands.
    public let kind: NodeKind
    /// What it takes, gives and is set by.
    public let schema: NodeSchema
    /// What it reads, in the order of the file.
    public let inputs: [NodeReference]
    /// Where its id stands.
    public let mark: SourceMark
    let fields: [String: FieldValue]
    let marks: [String: [SourceMark]]

    /// Where a field's value stands; the node's own place where the field is not in the file.
    public func mark(of field: String) -> SourceMark { marks[field]?.first ?? mark }

    /// Where an element of a list stands, from 0; the field's place where there is no such element.
    public func mark(of field: String, element: Int) -> SourceMark {
        guard let marks = marks[field], element >= 0, element < marks.count - 1 else { return mark(of: field) }
        return marks[element + 1]
    }

    /// The value of a field that must have one: `try node.required("coder", Node.path)`.
    ///
    /// - Throws: `TopologyError.missingField` where it has none.
    public func required<Value>(
        _ field: String, _ accessor: (Node) -> (String) -> Value?
    ) throws(TopologyError) -> Value {
        guard let value = accessor(self)(field) else { throw .missingField(node: id, field: field) }
        return value
    }

    /// A text, a word, a path, a hookpoint or a model's name.
    public func string(_ field: String) -> String? { fields[field]?.text }

    /// A path as it is written.
    public func path(_ field: String) -> String? { fields[field]?.text }

    /// A whole number.
    public func integer(_ field: String) -> Int? {
        if case .integer(let value) = fields[field] { value } else { nil }
    }

    /// A number.
    public func number(_ field: String) -> Double? {
        if case .number(let value) = fields[field] { value } else { nil }
    }

    /// A truth value.
    public func boolean(_ field: String) -> Bool? {
        if case .boolean(let value) = fields[field] { value } else { nil }
    }

    /// A duration in milliseconds.
    public func milliseconds(_ field: String) -> Int? {
        if case .milliseconds(let value) = fields[field] { value } else { nil }
    }

    /// A size in bytes.
    public func bytes(_ field: String) -> Int? {
        if case .bytes(let value) = fields[field] { value } else { nil }
    }

    /// A list of texts, words, paths, hookpoints or models' names.
    public func list(_ field: String) -> [String]? { elements(of: field) { $0.text } }

    /// A list of whole numbers.
    public func integers(_ field: String) -> [Int]? {
        elements(of: field) { if case .integer(let value) = $0 { value } else { nil } }
    }

    /// A list of numbers.
    public func numbers(_ field: String) -> [Double]? {
        elements(of: field) { if case .number(let value) = $0 { value } else { nil } }
    }

    /// Free settings by name.
    public func settings(_ field: String) -> [String: SettingValue]? {
        if case .settings(let value) = fields[field] { value } else { nil }
    }

    /// A selection of latents.
    public func latents(_ field: String) -> LatentSelection? {
        if case .latents(let value) = fields[field] { value } else { nil }
    }

    private func elements<Value>(of field: String, _ read: (FieldValue) -> Value?) -> [Value]? {
        guard case .list(let elements) = fields[field] else { return nil }
        let values = elements.compactMap(read)
        return values.count == elements.count ? values : nil
    }
}

extension FieldValue {
    var text: String? {
        if case .text(let text) = self { text } else { nil }
    }
}

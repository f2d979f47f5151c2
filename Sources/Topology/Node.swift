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
/// Fields, defaults applied, are read by keys: see `Field`.
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
    func mark(of field: String) -> SourceMark { marks[field]?.first ?? mark }

    /// Where an element of a list stands, from 0; the field's place where there is no such element.
    func mark(of field: String, element: Int) -> SourceMark {
        guard let marks = marks[field], element >= 0, element < marks.count - 1 else { return mark(of: field) }
        return marks[element + 1]
    }
}

extension FieldValue {
    var text: String? {
        if case .text(let text) = self { text } else { nil }
    }
}

/// One end of an edge: the output of a node that another reads.
public struct NodeReference: Sendable {
    /// The id of the node that is read.
    public let node: String
    /// The port that is read; `nil` for the node's main output.
    public let port: String?
    /// The place of the reference in the file.
    public let mark: SourceMark
    /// The reference for a message.
    let shown: String
}

/// A node of a checked topology.
///
/// Fields, defaults applied, are read by keys: see `Field`.
public struct Node: Sendable {
    /// Its name in the file, under which its state is kept.
    public let id: String
    /// Its section in the file.
    public let kind: NodeKind
    /// Its inputs, outputs and fields.
    public let schema: NodeSchema
    /// The outputs it reads, in the order of the file.
    public let inputs: [NodeReference]
    /// The place of its id in the file.
    public let mark: SourceMark
    let fields: [String: FieldValue]
    let marks: [String: [SourceMark]]

    /// The place of a field's value; the node's own place if the field is not in the file.
    package func mark(of field: String) -> SourceMark { marks[field]?.first ?? mark }

    /// The place of an element of a list, counted from 0; the field's place if there is no such element.
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

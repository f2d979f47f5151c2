import Testing

@testable import Nodes
@testable import Topology

/// A node read by its schema alone, without a topology around it.
struct LoneNode {
    /// The node, with the fields that could be read.
    let node: Node
    /// The faults of its fields.
    let diagnostics: [Diagnostic]

    /// Reads a node of some kind from given fields; of others only those are given that must be.
    init(_ schema: NodeSchema, _ given: [String: String] = [:], without absent: String? = nil, id: String = "n") throws
    {
        let required = schema.fields.filter { $0.isRequired && given[$0.name] == nil && $0.name != absent }
        let texts =
            required.map { "\($0.name): \(Self.value(of: $0.type))" }
            + given.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }
        var findings = Findings(file: "t.yaml")
        let tree = try #require(
            DocumentParser(environment: nil).parse("{ \(texts.joined(separator: ", ")) }", into: &findings))
        let reader = FieldReader(environment: [:], reservedSetting: { _ in nil }, modelNames: ["m", "other"])
        let mark = SourceMark(line: 1, column: 1)
        let fields = reader.read(
            tree.entries ?? [], by: schema.fields, others: [], owner: FieldOwner(name: "`\(id)`", mark: mark),
            into: &findings)
        node = Node(
            id: id, kind: schema.kind, schema: schema, inputs: [], mark: mark, fields: fields.values,
            marks: fields.marks)
        diagnostics = findings.diagnostics
    }

    /// A value for a field that must be given.
    static func value(of type: FieldType) -> String {
        switch type {
        case .hookpoint: "layers.1"
        case .list(let element): "[\(value(of: element))]"
        case .integer(let range): "\(range.lowerBound)"
        default: "m"
        }
    }

    /// The definition of a node of some kind whose fields are sound.
    static func made<Kind: NodeDefinition>(
        _ kind: Kind.Type, _ given: [String: String] = [:], id: String = "n"
    ) throws -> Kind {
        let read = try LoneNode(kind.schema, given, id: id)
        try #require(read.diagnostics.isEmpty, "\(read.diagnostics)")
        return try kind.init(read.node)
    }

    /// The fields of a node of some kind.
    static func node(_ kind: any NodeDefinition.Type, _ given: [String: String] = [:]) throws -> Node {
        try made(kind, given).node
    }
}

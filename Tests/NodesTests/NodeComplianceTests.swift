import Testing

@testable import Nodes
@testable import Topology

/// What holds for every kind of node in the registry.
@Suite struct NodeComplianceTests {
    private static let mark = SourceMark(line: 1, column: 1)

    /// A node of a schema in which nothing is given that need not be.
    private static func minimal(_ schema: NodeSchema) throws -> Node {
        let read = try LoneNode(schema)
        #expect(read.diagnostics.isEmpty)
        return read.node
    }

    private static func node(_ schema: NodeSchema, _ fields: [String: FieldValue]) -> Node {
        Node(id: "n", kind: schema.kind, schema: schema, inputs: [], mark: mark, fields: fields, marks: [:])
    }

    @Test(arguments: NodeRegistry.schemas.indices) func aDefinitionIsMadeFromDefaultsAlone(index: Int) throws {
        let kind = NodeRegistry.all[index]
        let node = try Self.minimal(kind.schema)
        let definition = try NodeRegistry.definition(of: node)
        #expect(type(of: definition) == kind)
        #expect(definition.node.id == "n")
    }

    /// A field of another type than its schema's is refused by whoever reads it, so one that is accepted is not read.
    @Test(arguments: NodeRegistry.schemas.indices) func everyFieldIsRead(index: Int) throws {
        let kind = NodeRegistry.all[index]
        let sound = try Self.minimal(kind.schema)
        for field in kind.schema.fields {
            var fields = sound.fields
            fields[field.name] = field.type == .settings ? .boolean(true) : .settings([:])
            #expect(throws: TopologyError.missingField(node: "n", field: field.name)) {
                _ = try kind.init(Self.node(kind.schema, fields))
            }
        }
    }

    @Test(arguments: NodeRegistry.schemas.indices) func everyModelThatIsNamedIsUsed(index: Int) throws {
        let kind = NodeRegistry.all[index]
        let sound = try Self.minimal(kind.schema)
        var fields = sound.fields
        let names = kind.schema.fields.filter { $0.type == .model }.map(\.name)
        for name in names { fields[name] = .text("model of \(name)") }
        let definition = try kind.init(Self.node(kind.schema, fields))
        #expect(Set(definition.models.map(\.name)) == Set(names.map { "model of \($0)" }))
    }

    @Test func noTwoKindsAreSelectedByTheSameWords() {
        let words = NodeRegistry.schemas.map { "\($0.kind) \($0.type) \($0.variant?.value ?? "")" }
        #expect(Set(words).count == words.count)
    }
}

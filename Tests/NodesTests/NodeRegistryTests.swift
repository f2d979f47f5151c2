import Testing

@testable import Nodes
@testable import Topology

/// How a node finds its definition.
@Suite struct NodeRegistryTests {
    private func node(_ schema: NodeSchema) -> Node {
        Node(
            id: "n", kind: schema.kind, schema: schema, inputs: [], mark: SourceMark(line: 1, column: 1), fields: [:],
            marks: [:])
    }

    @Test func aSchemaOfNoKindIsRefused() {
        let unknown = NodeSchema(kind: .stage, type: "dream", output: .codes, documentation: "")
        #expect(throws: TopologyError.missingField(node: "n", field: "type")) {
            _ = try NodeRegistry.definition(of: node(unknown))
        }
    }

    /// Readers and registries of two versions must not be mixed: a schema that lost a field is another one.
    @Test func aSchemaThatIsOnlyAlikeIsRefused() {
        let known = TokenizeNode.schema
        let alike = NodeSchema(
            kind: known.kind, type: known.type, inputs: known.inputs, output: known.output,
            fields: Array(known.fields.dropLast()), documentation: known.documentation)
        #expect(throws: TopologyError.missingField(node: "n", field: "type")) {
            _ = try NodeRegistry.definition(of: node(alike))
        }
    }

    @Test func aGraphOfOtherSchemasIsNotMade() throws {
        let schema = NodeSchema(kind: .source, type: "file", output: .documents, documentation: "")
        let reader = TopologyReader(schemas: [schema], environment: [:], reservedSetting: { _ in nil })
        let read = reader.read(text: "version: 1\nname: t\nsources: { a: { type: file } }\n", file: "t.yaml")
        let topology = try #require(read.topology)
        #expect(throws: TopologyError.missingField(node: "a", field: "type")) { _ = try Graph(topology) }
    }

    @Test func kindsStandInTheOrderOfTheFlow() {
        let kinds = NodeRegistry.schemas.map(\.kind)
        #expect(kinds == kinds.filter { $0 == .source } + kinds.filter { $0 == .stage } + kinds.filter { $0 == .sink })
        // Every variant of a type is selected by the same field, or the type would be ambiguous.
        let variants = Dictionary(grouping: NodeRegistry.schemas) { "\($0.kind) \($0.type)" }
        #expect(variants.values.allSatisfy { Set($0.map { $0.variant?.field }).count == 1 })
    }

    @Test(arguments: NodeRegistry.schemas.indices) func everyFieldAndKindIsDescribed(kind: Int) {
        let schema = NodeRegistry.schemas[kind]
        #expect(schema.documentation.hasSuffix(".") && schema.fields.allSatisfy { $0.documentation.hasSuffix(".") })
        #expect(Set(schema.fields.map(\.name)).count == schema.fields.count)
        // The reader takes these for itself.
        let own: Set = ["type", "inputs", schema.variant?.field ?? ""]
        #expect(schema.fields.allSatisfy { !own.contains($0.name) })
    }
}

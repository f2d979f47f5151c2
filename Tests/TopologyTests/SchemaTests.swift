import Testing

@testable import Topology

@Suite struct SchemaTests {
    private static let header = "version: 1\nname: case\nsources: { a: { type: s } }\n"

    private func read(_ text: String, _ schemas: [NodeSchema]) -> (topology: Topology?, diagnostics: [Diagnostic]) {
        TopologyReader(schemas: schemas, environment: [:]).read(text: text, file: "s.yaml")
    }

    @Test(arguments: ["[", "yes", "{ a: b }", ""]) func aDefaultThatCannotBeReadIsReported(text: String) {
        let schema = NodeSchema(
            kind: .source, type: "s", output: .documents,
            fields: [.optional("n", .integer(0...9), default: text, "")], documentation: "")
        let result = read(Self.header, [schema])
        #expect(result.topology == nil)
        #expect(result.diagnostics.contains { $0.code == "E309" })
    }

    @Test func aVariantMayHaveAPlainSibling() throws {
        func schema(_ variant: String?) -> NodeSchema {
            NodeSchema(
                kind: .source, type: "s", variant: variant.map { .init(field: "form", value: $0) }, output: .documents,
                documentation: variant ?? "plain")
        }
        let schemas = [schema("x"), schema(nil)]
        #expect(read(Self.header, schemas).topology?.node("a")?.schema.documentation == "plain")
        let other = Self.header.replacing("type: s", with: "type: s, form: x")
        #expect(read(other, schemas).topology?.node("a")?.schema.documentation == "x")
        #expect(read(other, schemas).topology?.node("a")?.string("form") == "x")
    }

    @Test func aCycleOfMatchingTypesIsFoundOnceAndPrintsItsChain() {
        let schemas = [
            NodeSchema(kind: .source, type: "s", output: .scores, documentation: ""),
            NodeSchema(kind: .stage, type: "t", inputs: [.scores], output: .scores, documentation: ""),
        ]
        let text =
            Self.header
                + """
                stages:
                  one: { type: t, inputs: [a, three] }
                  two: { type: t, inputs: [one] }
                  three: { type: t, inputs: [two] }
                  after: { type: t, inputs: [three] }
                """
        let result = read(text, schemas)
        let cycle = result.diagnostics.filter { $0.severity == .error }
        #expect(cycle.map(\.message) == ["nodes feed each other in a circle: one -> two -> three -> one"])
        #expect(cycle.first?.mark == SourceMark(line: 5, column: 31))
    }

    @Test func listsOfNumbersKeepTheirElementsAndPlaces() throws {
        let schema = NodeSchema(
            kind: .source, type: "s", output: .documents,
            fields: [
                .required("whole", .list(.integer(0...9)), ""), .required("real", .list(.number(0...1)), ""),
                .optional("none", .list(.string), ""), .optional("empty", .list(.string), default: "[]", ""),
            ], documentation: "")
        let text = Self.header.replacing("type: s", with: "type: s, whole: [1, 2], real: [0.5, 1e-1]")
        let node = try #require(read(text, [schema]).topology?.node("a"))
        #expect(node.elements("whole")?.map(\.integer) == [1, 2])
        #expect(node.elements("real")?.map(\.number) == [0.5, 0.1])
        #expect(node.list("none") == nil)
        #expect(node.list("empty") == [])
        #expect(node.mark(of: "whole", element: 1) == SourceMark(line: 3, column: 37))
    }

    @Test func aVariableThatIsNotSetIsNotAlsoOfTheWrongType() {
        let schema = NodeSchema(
            kind: .source, type: "s", output: .documents, fields: [.required("n", .integer(0...9), "")],
            documentation: "")
        let result = read(Self.header.replacing("type: s", with: "type: s, n: \"${N}\""), [schema])
        #expect(result.diagnostics.filter { $0.severity == .error }.map(\.code) == ["E501"])
    }

    @Test func anEmptySetOfSchemasKnowsNoTypes() {
        #expect(read(Self.header, []).diagnostics.map(\.code) == ["E204"])
    }

    @Test func negativeMaximumInputsTakeNone() {
        let schemas = [
            NodeSchema(kind: .source, type: "s", output: .scores, documentation: ""),
            NodeSchema(kind: .sink, type: "t", inputs: [.scores], maximumInputs: -1, documentation: ""),
        ]
        let result = read(Self.header + "sinks: { b: { type: t, inputs: [a] } }\n", schemas)
        #expect(result.diagnostics.map(\.code) == ["E406"])
    }
}

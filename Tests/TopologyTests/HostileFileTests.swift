import Testing
import Topology

@Suite struct HostileFileTests {
    private func codes(_ text: String) -> Set<String> {
        Set(ExampleSchemas.reader().read(text: text, file: "hostile.yaml").diagnostics.map(\.code))
    }

    private static let header = "version: 1\nname: hostile\n"

    @Test(arguments: ["[", "{a: ", "? ", "- ", "!!seq [", "&a [", "{? "], [10, 40, 300, 990, 20_000])
    func deepNestingIsAnError(opening: String, depth: Int) {
        let text = String(repeating: opening, count: depth)
        #expect(!codes(text).isEmpty)
        #expect(!codes("state:\n  " + text).isEmpty)
    }

    @Test(arguments: [33, 500, 990]) func closedDeepNestingIsTooDeep(depth: Int) {
        let lists = String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
        let mappings = String(repeating: "{a: ", count: depth) + "1" + String(repeating: "}", count: depth)
        #expect(codes(Self.header + "state: " + lists).contains("E105"))
        #expect(codes(Self.header + "state: " + mappings).contains("E105"))
    }

    @Test func aliasesThatGrowWithoutBoundAreAnError() {
        var lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
        for level in 1..<30 {
            let uses = Array(repeating: "*a\(level - 1)", count: 9).joined(separator: ", ")
            lines.append("a\(level): &a\(level) [\(uses)]")
        }
        #expect(codes(lines.joined(separator: "\n")) == ["E106"])
        // Within the alias budget, stopped by the number of values.
        let wide = "a: &a [" + Array(repeating: "x", count: 1000).joined(separator: ", ") + "]\n"
        let uses = "b: [" + Array(repeating: "*a", count: 200).joined(separator: ", ") + "]\n"
        #expect(codes(wide + uses) == ["E106"])
    }

    @Test func aliasesInKeysDoNotHang() {
        var lines = ["a0: &a0 [x, x]"]
        for level in 1..<6 { lines.append("a\(level): &a\(level) [*a\(level - 1), *a\(level - 1)]") }
        lines.append("? *a5\n: 1")
        #expect(codes(lines.joined(separator: "\n")).contains("E107"))
    }

    @Test func aFileThatIsTooLargeIsRefused() {
        #expect(codes(Self.header + "# " + String(repeating: "x", count: 1 << 20)) == ["E106"])
    }

    @Test func aLongChainOfNodesIsReadWithoutRecursion() throws {
        let schemas = [
            NodeSchema(kind: .source, type: "s", output: .codes, documentation: ""),
            NodeSchema(kind: .stage, type: "t", inputs: [.codes], output: .codes, documentation: ""),
        ]
        var text = Self.header + "sources:\n  n0: { type: s }\nstages:\n"
        for index in (1...5000).reversed() { text += "  n\(index): { type: t, inputs: [n\(index - 1)] }\n" }
        let reader = TopologyReader(schemas: schemas, environment: [:])
        let result = reader.read(text: text, file: "chain.yaml")
        #expect(result.diagnostics.map(\.code) == ["W401"])
        #expect(result.topology?.topologicalOrder.map(\.id) == (0...5000).map { "n\($0)" })
        let circle = reader.read(text: text.replacing("[n0]", with: "[n5000]"), file: "circle.yaml")
        #expect(circle.diagnostics.map(\.code).sorted() == ["E404", "W401"])
    }

    @Test func moreDuplicatesThanAreToldApartAreStillAnError() {
        let keys = (0..<200).map { "k\($0 % 2): 1" }.joined(separator: "\n")
        #expect(codes(keys) == ["E104"])
    }

    @Test func lettersThatStandInForDuplicatesMayStandInTheFile() {
        let text = "\u{E000}: 1\n\u{E000}: 2\nab: 1\nab: 2\n\u{E001}b: 3\n\u{E000}b: 3\n"
        let result = ExampleSchemas.reader().read(text: text, file: "hostile.yaml")
        let duplicates = result.diagnostics.filter { $0.code == "E104" }
        #expect(
            duplicates.map(\.message) == [
                "the key `\u{E000}` is first defined at line 1", "the key `ab` is first defined at line 3",
            ])
    }
}

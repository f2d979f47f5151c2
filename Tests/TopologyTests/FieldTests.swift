import Testing

@testable import Topology

/// Fields as keys.
@Suite struct FieldTests {
    private enum Side: String, CaseIterable { case left, right }

    private static let count = Field.integer("count", 1...9, default: 3, "")
    private static let share = Field.number("share", 0...2, default: 1, "")
    private static let small = Field.number("small", 0...2, default: 0.05, "")
    private static let most = Field.optionalInteger("most", 1...9, "")
    private static let name = Field.required("name", .string, "")
    private static let side = Field.word("side", Side.allCases, default: .right, "")
    private static let sides = Field<Side>.words("sides", Side.allCases, default: [.left, .right], "")
    private static let other = Field<Side>.optionalWord("other", Side.allCases, "")
    private static let isLate = Field.choice("when", among: ["soon", "late"], default: "soon", "") { $0 == "late" }
    private static let size = Field.bytes("size", default: "2KiB", "")
    private static let latents = Field.latents("latents", "")
    private static let seed = Field.seed("")
    private static let schema = NodeSchema(
        kind: .source, type: "s", output: .documents,
        fields: [
            count.schema, share.schema, small.schema, most.schema, name.schema, side.schema, sides.schema,
            other.schema, isLate.schema, size.schema, latents.schema, seed.schema,
        ], documentation: "")

    private func node(_ fields: String) throws -> Node {
        let text = "version: 1\nname: t\nsources: { a: { type: s, \(fields) } }\n"
        let reader = TopologyReader(schemas: [Self.schema], environment: [:], reservedSetting: { _ in nil })
        return try #require(reader.read(text: text, file: "t.yaml").topology?.node("a"))
    }

    @Test func aKeyReadsItsDefault() throws {
        let node = try node("name: x")
        #expect(try node[Self.name] == "x")
        #expect(try node[Self.count] == 3)
        #expect(try node[Self.share] == 1 && node[Self.small] == 0.05)
        #expect(try node[Self.most] == nil && node[Self.other] == nil)
        #expect(try node[Self.side] == .right && node[Self.sides] == [.left, .right])
        #expect(try node[Self.isLate] == false)
        #expect(try node[Self.size] == 2048)
        #expect(try node[Self.latents] == .all && node[Self.seed] == 0)
    }

    @Test func aKeyReadsWhatIsGiven() throws {
        let node = try node(
            "name: x, count: 4, share: 0.5, most: 2, side: left, sides: [right], other: left, when: late, seed: 7")
        #expect(try node[Self.count] == 4 && node[Self.share] == 0.5 && node[Self.most] == 2)
        #expect(try node[Self.side] == .left && node[Self.sides] == [.right] && node[Self.other] == .left)
        #expect(try node[Self.isLate] && node[Self.seed] == 7)
        #expect(node.mark(of: Self.count) == SourceMark(line: 3, column: 42))
        #expect(node.mark(of: Self.small) == node.mark)
    }

    @Test func aKeyOfAnotherSchemaOrAValueOfAnotherTypeIsRefused() throws {
        let node = try node("name: x")
        #expect(throws: TopologyError.missingField(node: "a", field: "absent")) {
            _ = try node[Field.optionalInteger("absent", 1...2, "")]
        }
        #expect(throws: TopologyError.missingField(node: "a", field: "count")) {
            _ = try node[Field.optional("count", .string, "")]
        }
    }
}

import Corpus
import Testing
import Topology

@testable import Nodes

/// How a source reads its records.
@Suite struct RecordFieldsTests {
    private static let sources: [any NodeDefinition.Type] = [
        KafkaSourceNode.self, FileSourceNode.self, StandardInputNode.self,
    ]

    private func records(_ kind: Int, _ given: [String: String] = [:]) throws -> RecordFields {
        try RecordFields(LoneNode.node(Self.sources[kind], given), kind == 0 ? .messages : .lines)
    }

    @Test(arguments: sources.indices) func recordsAreJSONOfAtMostSixteenMebibytes(kind: Int) throws {
        let records = try records(kind)
        #expect(records.format == .json && records.maximumBytes == 16 << 20)
    }

    @Test(arguments: sources.indices) func formatAndSizeAreThoseGiven(kind: Int) throws {
        for (word, format) in [("json", RecordFormat.json), ("text", .text)] {
            #expect(try records(kind, ["format": word]).format == format)
        }
        for (size, bytes) in [("1KiB", 1024), ("1KB", 1000), ("7", 7)] {
            #expect(try records(kind, ["maximum_record": size]).maximumBytes == bytes)
        }
    }

    /// A line end may be among the bytes of packed ids, which would be cut there.
    @Test func packedTokenIdsAreReadFromMessagesOnly() throws {
        #expect(try records(0, ["format": "tokens"]).format == .tokens)
        for kind in [1, 2] {
            let read = try LoneNode(Self.sources[kind].schema, ["format": "tokens"])
            #expect(read.diagnostics.map(\.code) == ["E305"])
            #expect(read.diagnostics.allSatisfy { $0.message.contains("`format`") && $0.message.contains("tokens") })
        }
    }

    @Test(arguments: sources.indices, ["0", "-1", "1.5MiB", "many", "9223372036854775807GiB"])
    func aSizeThatIsNoneIsRefused(kind: Int, size: String) throws {
        let read = try LoneNode(Self.sources[kind].schema, ["maximum_record": size])
        #expect(read.diagnostics.map(\.code) == ["E304"])
        #expect(
            read.diagnostics.map(\.message) == [
                "`maximum_record` of `n` must be a size such as `4GiB`, `512MiB`, `10MB` or a number of bytes, "
                    + "not `\(size)`"
            ])
    }

    /// A source that gave no refused records would lose them without a word.
    @Test func everySourceHasThePortOfRefusedRecords() {
        let sources = NodeRegistry.schemas.filter { $0.kind == .source }
        #expect(sources.count == 8 && sources.allSatisfy { $0.ports == ["rejected": .deadLetters] })
        #expect(NodeRegistry.schemas.allSatisfy { $0.kind == .source || $0.ports.isEmpty })
    }
}

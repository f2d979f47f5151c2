import Testing

@testable import Topology

/// The settings under `shuffle`.
@Suite struct ShuffleFieldsTests {
    private func read(_ shuffle: String) throws -> (topology: Topology?, findings: [Diagnostic]) {
        let source = try GoldenTopologyTests.text("example.yaml") + "\nshuffle: \(shuffle)\n"
        let result = ExampleSchemas.reader(environment: [:]).read(text: source, file: "example.yaml")
        return (result.topology, result.diagnostics.filter { $0.severity == .error })
    }

    @Test func whatIsNotGivenHasItsDefault() throws {
        let shuffle = try read("{ brokers: \"b:1\", topic: told, shards: 8 }").topology?.shuffle
        #expect(shuffle?.brokers == "b:1" && shuffle?.topic == "told" && shuffle?.shards == 8)
        #expect(shuffle?.block == 256 && shuffle?.lag == 10_000 && shuffle?.settings.isEmpty == true)
    }

    @Test func itIsNoPartOfWhatDecidesResultsButOfWhatCannotChangeMeanwhile() throws {
        let with = try #require(try read("{ brokers: \"b:1\", topic: told, shards: 8, block: 4 }").topology)
        let other = try #require(try read("{ brokers: \"b:1\", topic: told, shards: 8, block: 5 }").topology)
        #expect(with.digest == other.digest)
        let changes = other.changes(from: with)
        #expect(changes.map(\.path) == ["shuffle.block"])
        #expect(with.with(stateDirectory: "elsewhere").changes(from: with).map(\.path) == ["state.directory"])
    }

    @Test(arguments: [
        "8", "{ topic: told, shards: 8 }", "{ brokers: \"b:1\", topic: told }",
        "{ brokers: \"b:1\", topic: told, shards: 0 }", "{ brokers: \"b:1\", topic: told, shards: 2000 }",
        "{ brokers: \"b:1\", topic: told, shards: 8, bloc: 4 }", "{ brokers: \"b:1\", topic: told, shards: 8, lag: 0 }",
        "{ brokers: \"b:1\", topic: told, shards: 8, librdkafka: [1] }",
    ]) func aFaultIsReportedAtItsPlace(shuffle: String) throws {
        let findings = try read(shuffle).findings
        #expect(findings.count == 1 && findings[0].mark != nil)
    }
}

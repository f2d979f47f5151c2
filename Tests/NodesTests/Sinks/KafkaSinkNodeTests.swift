import Kafka
import Running
import Store
import Testing
import Topology

@testable import Nodes

/// Kafka sinks in a graph; `KafkaResultSinkTests` sends by one.
@Suite(.timeLimit(.minutes(5))) struct KafkaSinkNodeTests {
    private func graph(_ sink: String, sources: String = "", environment: [String: String] = [:]) throws -> Graph {
        let text = """
            version: 1
            name: t
            models: { subject: { path: m, bos: none } }
            sources:
              corpus: { type: stdin }
            \(sources)
            stages:
              tokens: { type: tokenize, inputs: [corpus], model: subject }
            sinks:
              out: { type: kafka, inputs: [corpus.rejected], topic: results\(sink) }

            """
        return try TopologyText.graph(of: text, environment: environment)
    }

    private func sink(of graph: Graph) throws -> KafkaSinkNode {
        try #require(graph.all((any TakesResults).self).first as? KafkaSinkNode)
    }

    private let options = RunOptions(cores: 1, notice: { _, _ in })

    @Test func itsOwnBrokersGoBeforeThoseOfTheSource() throws {
        let source = "  texts: { type: kafka, brokers: \"source:1\", topics: [texts] }"
        for (field, brokers) in [("", "source:1"), (", brokers: \"own:1\"", "own:1")] {
            let graph = try graph(field, sources: source)
            #expect(try graph.kafkaSettings(of: sink(of: graph)).brokers == brokers)
        }
        let none = try graph("")
        let error = #expect(throws: DaemonError.self) {
            _ = try sink(of: none).open(in: none, options: options, outages: .silent)
        }
        #expect(
            error?.description
                == "out names no `brokers`, and there is no single Kafka source to take them from")
    }

    @Test func whatLibrdkafkaGetsIsWhatTheFileSaysAndPasswordsAreNotShown() throws {
        let graph = try graph(
            ", brokers: \"a:1\", librdkafka: { linger.ms: 7, ssl.key.password: !secret env:KEY }",
            environment: ["KEY": "xyzzy"])
        let node = try sink(of: graph)
        let settings = try graph.kafkaSettings(of: node)
        #expect(settings.settings == ["linger.ms": "7", "ssl.key.password": "xyzzy"] && node.topics == ["results"])
        var shown = "\(settings) \(node)"
        dump(node, to: &shown)
        dump(graph.kafkaNodes, to: &shown)
        #expect(shown.contains("linger.ms") && !shown.contains("xyzzy"))
    }

    @Test func settingsThatCannotBeUsedAreNamedWhenItIsOpened() throws {
        let unknown = try graph(", brokers: \"a:1\", librdkafka: { no.such.setting: 1 }")
        let error = #expect(throws: KafkaError.self) {
            _ = try sink(of: unknown).open(in: unknown, options: options, outages: .silent)
        }
        #expect(error.map { "\($0)" }?.contains("no.such.setting") == true)
        let gone = try graph(", brokers: \"a:1\", librdkafka: { sasl.password: !secret \"file:/nowhere/key\" }")
        #expect(
            throws: TopologyError.unreadableSecret(path: "/nowhere/key", reason: "the file cannot be opened")
        ) {
            _ = try sink(of: gone).open(in: gone, options: options, outages: .silent)
        }
    }

    /// It takes from the outbox, so that there is nothing of it to be run; its rows are those of its inputs.
    @Test func theOutboxHoldsForEachSinkWhatItsInputsMade() async throws {
        let planted = try PlantedGraph()
        let built = try planted.built(
            """
              words: { type: explain, explainer: lexical, inputs: [evidence], latents: [0, 1] }
              run: { type: score, method: execution, inputs: [words] }
            sinks:
              said: { type: kafka, brokers: "a:1", inputs: [words], topic: said }
              all: { type: kafka, brokers: "a:1", inputs: [words, run], topic: everything }
              refused: { type: kafka, brokers: "a:1", inputs: [cached.rejected], topic: refused }

            """)
        let pipeline = try await built.run()
        #expect(pipeline.tasks.map(\.node) == ["cached", "evidence", "words", "run"])
        #expect(pipeline.timers.map(\.type).filter { $0 == "kafka" }.count == 3)
        // Two explanations; these, two scores and two controls.
        let rows = try built.store.pendingOutbox(limit: 100)
        #expect(Dictionary(grouping: rows, by: \.sink).mapValues(\.count) == ["said": 2, "all": 6])
        #expect(Set(rows.map { "\($0.sink) \($0.topic)" }) == ["said said", "all everything"])
        #expect(Set(rows.map { "\($0.sink) \($0.dedupe)" }).count == 8)
        try await built.close()
    }
}

import Elements
import Kafka
import Observability
import Running
import StateFixtures
import StateNotes
import Store
import Testing
import Topology

@testable import Nodes

/// A Kafka source in a graph, against librdkafka's brokers in this process.
@Suite(.timeLimit(.minutes(5))) struct KafkaSourceNodeTests {
    private let cluster: MockCluster
    private let fixture: GraphFixture

    init() throws {
        cluster = try MockCluster(topics: ["texts": 1])
        fixture = try GraphFixture()
    }

    private func feed(_ texts: [String]) async throws {
        let producer = try KafkaProducer(KafkaSettings(brokers: cluster.brokers))
        try await producer.send(
            contentsOf: texts.map {
                KafkaMessage(topic: "texts", partition: 0, value: Array(#"{"text": "\#($0)"}"#.utf8))
            })
        await producer.close()
    }

    /// Reads until drained: a barrier comes at each tick, and each checkpoint gives the next tick.
    private func read(_ fields: String = "", acceptGap: Bool = false) async throws -> BuiltGraph {
        let graph = try fixture.graph(
            """
            sources: { corpus: { type: kafka, brokers: "\(cluster.brokers)", topics: [texts]\(fields) } }
            stages:
              tokens: { type: tokenize, inputs: [corpus], model: subject }

            """)
        let ticks = TickClock()
        let built = try BuiltGraph(graph, in: fixture.directory, clock: ticks) { options in
            options.untilDrained = true
            options.acceptGap = acceptGap
            // Ticks have one receiver, and a source that waits for its end asks for the time twice.
            options.clock = ContinuousClock()
        } whenCheckpointed: { _ in
            Task { try await ticks.tick() }
        }
        try await ticks.tick()
        return try await built.ran()
    }

    @Test func everyStartReadsWhatCameAfterTheLastFence() async throws {
        try await feed(["a", "b", "c"])
        let first = try await read()
        #expect(first.progress.reading.records == 3)
        #expect(first.heard.fences.map(\.next) == [3] && first.heard.fences.map(\.source) == ["corpus"])
        try await first.close()
        try await feed(["d", "e"])
        let second = try await read()
        #expect(second.progress.reading.records == 2 && second.heard.fences.map(\.next) == [5])
        try await second.close()
    }

    @Test func aSourceThatStartsAtTheEndReadsNothingOfWhatIsThere() async throws {
        try await feed(["a", "b", "c"])
        let latest = try await read(", start: latest")
        #expect(latest.progress.reading.records == 0)
        try await latest.close()
        try await feed(["d"])
        // Where it stood is its fence, though it read nothing.
        let second = try await read(", start: latest")
        #expect(second.progress.reading.records == 1 && second.heard.fences.map(\.next) == [4])
        try await second.close()
    }

    @Test func recordsThatAreMissingEndTheRunUnlessTheGapIsAccepted() async throws {
        let directory = fixture.directory
        let store = try Store(
            directory: directory.state,
            topology: try fixture.graph(
                """
                sources: { corpus: { type: stdin } }
                stages: { tokens: { type: tokenize, inputs: [corpus], model: subject } }

                """
            ).storeIdentity())
        let fence = Fence(source: "corpus", topic: "texts", partition: 0, next: 9, last: nil)
        try store.commit(
            CheckpointCommit(epoch: 1, segments: [], fences: [fence], deadLetters: [], deadLetterTargets: [:]))
        try store.close()
        try await feed(["a", "b"])
        let error = await #expect(throws: DaemonError.self) { _ = try await read() }
        #expect(error?.kind == .fence && error?.description.contains("Start with --accept-gap") == true)
        let accepted = try await read(acceptGap: true)
        #expect(try EvidenceFlags.isExact.read(in: accepted.store) == false)
        let gap = "corpus: texts/0: the last checkpoint stands at offset 9, but the topic ends at 2: "
        #expect(accepted.heard.notices.count { $0.hasPrefix(gap) } == 1 && accepted.progress.reading.records == 2)
        try await accepted.close()
    }

    @Test func whatLibrdkafkaGetsIsWhatTheFileSaysAndPasswordsAreNotShown() throws {
        let text = """
            version: 1
            name: t
            models: { subject: { path: m, bos: none } }
            sources:
              corpus:
                type: kafka
                brokers: "a:1,b:2"
                topics: [one, two]
                librdkafka: { client.id: gloss-7, fetch.min.bytes: 10, sasl.password: !secret env:PASSWORD }
            stages: { tokens: { type: tokenize, inputs: [corpus], model: subject } }

            """
        let graph = try TopologyText.graph(of: text, environment: ["PASSWORD": "xyzzy"])
        let node = try #require(graph.all((any ReachesKafka).self).first)
        let settings = try graph.kafkaSettings(of: node)
        #expect(settings.brokers == "a:1,b:2" && node.topics == ["one", "two"])
        #expect(
            settings.settings == ["client.id": "gloss-7", "fetch.min.bytes": "10", "sasl.password": "xyzzy"])
        var shown = "\(settings) \(node)"
        dump(settings, to: &shown)
        dump(node, to: &shown)
        #expect(shown.contains("gloss-7") && !shown.contains("xyzzy"))
    }
}

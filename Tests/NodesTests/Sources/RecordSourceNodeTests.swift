import Elements
import Evidence
import Kafka
import Observability
import Records
import Running
import SparseCoders
import StateFixtures
import Store
import Testing
import Topology

@testable import Nodes

/// Activations and codes that were computed elsewhere, from a file or a topic to evidence.
@Suite(.timeLimit(.minutes(5))) struct RecordSourceNodeTests {
    private let recorded: RecordedGraph
    private let texts = FileGraph.texts(0..<60)
    private var directory: TemporaryDirectory { recorded.files.fixture.directory }

    init() throws { recorded = try RecordedGraph() }

    private func evidence(_ graph: Graph) async throws -> (digest: String, totals: StreamTotals) {
        let other = try TemporaryDirectory()
        let built = try await BuiltGraph(graph, in: other).ran()
        let view = try built.view("codes")
        #expect(try built.store.deadLetters(limit: 9).isEmpty)
        try await built.close()
        return ("\(view.digest)", view.totals)
    }

    @Test func activationsAndCodesFromElsewhereGiveTheEvidenceOfOnesOwnForwardPass() async throws {
        try recorded.files.append(texts: texts)
        let own = try await evidence(recorded.files.graph(context: RecordedGraph.length))
        #expect(own.totals.tokens > 1500)
        let activations = try recorded.write(
            recorded.records(of: texts, codes: false), to: "activations.records")
        let fromActivations = try await evidence(
            recorded.graph(
                source: "type: activations, from: file, path: \(activations), \(RecordedGraph.subject), width: 64",
                givesCodes: false))
        #expect(fromActivations.digest == own.digest && fromActivations.totals.tokens == own.totals.tokens)
        let codes = try recorded.write(recorded.records(of: texts, codes: true), to: "codes.records")
        let fromCodes = try await evidence(
            recorded.graph(
                source:
                    "type: codes, from: file, path: \(codes), \(RecordedGraph.codesFields), coder: \(TinyModel.coder)",
                givesCodes: true))
        #expect(fromCodes.digest == own.digest && fromCodes.totals.tokens == own.totals.tokens)
    }

    private func kafkaGraph(_ cluster: MockCluster) throws -> Graph {
        try recorded.graph(
            source:
                "type: codes, from: kafka, brokers: \"\(cluster.brokers)\", topics: [codes], \(RecordedGraph.codesFields), maximum_record: 256KiB",
            givesCodes: true)
    }

    private func read(_ cluster: MockCluster) async throws -> BuiltGraph {
        let ticks = TickClock()
        let built = try BuiltGraph(kafkaGraph(cluster), in: directory, clock: ticks) { options in
            options.untilDrained = true
            // Ticks have one receiver, and a source that waits for its end asks for the time twice.
            options.clock = ContinuousClock()
        } whenCheckpointed: { _ in
            Task { try await ticks.tick() }
        }
        try await ticks.tick()
        return try await built.ran()
    }

    @Test func whatIsWrongInATopicIsADeadLetterAndEveryStartGoesOnAfterTheLastFence() async throws {
        let cluster = try MockCluster(topics: ["codes": 1])
        let records = try recorded.records(of: Array(texts.prefix(20)), codes: true, values: .f16)
        let activations = try recorded.records(of: [texts[0]], codes: false)[0]
        var damaged = records[3]
        damaged[damaged.count / 2] ^= 4
        let values: [[UInt8]?] =
            records.map { $0 } + [
                nil, damaged, activations, Array(records[5].dropLast(7)), [UInt8](repeating: 1, count: 300_000),
                Array(#"{"text": "a"}"#.utf8),
            ]
        func feed(_ values: [[UInt8]?]) async throws {
            let producer = try KafkaProducer(KafkaSettings(brokers: cluster.brokers))
            try await producer.send(
                contentsOf: values.map { KafkaMessage(topic: "codes", partition: 0, value: $0) })
            await producer.close()
        }
        try await feed(values)
        let first = try await read(cluster)
        let letters = try first.store.deadLetters(limit: 99).map(\.letter)
        #expect(
            letters.map(\.code).sorted()
                == ["cut-off", "damaged", "foreign", "not-a-record", "null-value", "too-large"])
        #expect(letters.map(\.position.offset).sorted() == [20, 21, 22, 23, 24, 25])
        #expect(first.progress.reading.records == 26)
        #expect(first.progress.reading.rejected.values.reduce(0, +) == 6)
        let tokens = try first.view("codes").totals.tokens
        #expect(tokens > 400 && first.heard.fences.map(\.next) == [26])
        let digest = try first.view("codes").digest
        try await first.close()
        let second = try await read(cluster)
        #expect(second.progress.reading.records == 0)
        #expect(try second.view("codes").digest == digest)
        try await second.close()
        try await feed([try recorded.records(of: [texts[30]], codes: true)[0], damaged])
        let third = try await read(cluster)
        #expect(third.progress.reading.records == 2)
        #expect(try third.view("codes").totals.tokens > tokens && third.store.deadLetters(limit: 99).count == 7)
        try await third.close()
    }

    @Test func withoutACoderItActsAsOneWhoseDirectionsAreNotKnown() throws {
        let path = try recorded.write([], to: "codes.records")
        func node(_ fields: String) throws -> (any GivesCodes, Graph) {
            let graph = try recorded.graph(
                source: "type: codes, from: file, path: \(path), \(RecordedGraph.codesFields)\(fields)",
                givesCodes: true)
            return (try #require(graph.all((any GivesCodes).self).first), graph)
        }
        let (bare, graph) = try node("")
        #expect(!bare.hasDirections && bare.place == path && bare.hookpoint == "layers.1")
        #expect(throws: DaemonError.self) { try bare.coder(in: graph) }
        let shape = try bare.shape(in: graph)
        #expect(shape.latents == 256 && shape.usualActive == 64)
        let digest = String(repeating: "0f", count: 16)
        let (named, namedGraph) = try node(", coder_digest: \(digest), k: 32")
        #expect(try "\(named.shape(in: namedGraph).digest)" == digest)
        #expect(try named.shape(in: namedGraph).usualActive == 32)
        let (whole, wholeGraph) = try node(", coder: \(TinyModel.coder)")
        #expect(try whole.shape(in: wholeGraph).digest == whole.coder(in: wholeGraph).digest && whole.hasDirections)
    }
}

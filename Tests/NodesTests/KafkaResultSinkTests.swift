import Dataflow
import Kafka
import Running
import Sinks
import Store
import Synchronization
import Testing
import Topology

@testable import Nodes

@Suite(.timeLimit(.minutes(5))) struct KafkaResultSinkTests {
    private let cluster: MockCluster

    init() throws { cluster = try MockCluster(topics: ["results": 1]) }

    private func topology() throws -> Topology {
        let text = """
            version: 1
            name: tiny
            state: { directory: ./state }
            models:
              subject: { path: ./model }
            sources:
              corpus: { type: file, path: ./corpus.ndjson }
            stages:
              tokens: { type: tokenize, inputs: [corpus], model: subject }
            sinks:
              refused: { type: kafka, brokers: "\(cluster.brokers)", inputs: [corpus.rejected], topic: results }

            """
        return try TopologyText.topology(of: text)
    }

    @Test func aMessageIsARecordWithItsKeyItsValueAndWhatMakesItOne() async throws {
        let graph = try Graph(topology())
        let nodes = graph.all((any TakesResults).self)
        #expect(nodes.map(\.id) == ["refused"])
        let options = RunOptions(cores: 1, notice: { _, _ in })
        let sink = try #require(try nodes.first?.open(in: graph, options: options, outages: .silent))
        let target = OutboxTarget(sink: "refused", topic: "results")
        let delivered = Mutex(0)
        try await sink.send(
            contentsOf: [
                OutboxMessage(target: target, key: [1], value: [2, 3], dedupe: "refused/1"),
                OutboxMessage(target: target, key: [4], value: [], dedupe: "refused/2"),
            ], onDelivered: { delivered.withLock { $0 += 1 } })
        await sink.close()
        #expect(delivered.withLock { $0 } == 2)

        let consumer = try KafkaConsumer(KafkaSettings(brokers: cluster.brokers), group: nil)
        try consumer.assign([TopicPartition(topic: "results", partition: 0): 0])
        var records: [KafkaRecord] = []
        for try await batch in consumer.batches {
            records += batch.records
            if records.count >= 2 { break }
        }
        #expect(records.map(\.key) == [[1], [4]])
        #expect(records.map(\.value) == [[2, 3], []])
        #expect(
            records.map(\.headers)
                == ["refused/1", "refused/2"].map {
                    [KafkaHeader(name: "gloss-dedupe", value: Array($0.utf8))]
                })
        await consumer.close()
    }
}

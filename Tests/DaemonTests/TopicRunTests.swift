import Elements
import Kafka
import Nodes
import Observability
import Running
import StateFixtures
import Store
import Testing

/// Runs over a topic, which never ends by itself.
@Suite(.timeLimit(.minutes(5))) struct TopicRunTests {
    private let fixture: DaemonFixture
    private let cluster: MockCluster

    init() throws {
        fixture = try DaemonFixture()
        cluster = try MockCluster(topics: ["texts": 1])
    }

    private func graph() throws -> Graph {
        try fixture.graph(
            source: "{ type: kafka, brokers: \"\(cluster.brokers)\", topics: [texts], format: text }",
            stages: DaemonFixture.reading)
    }

    private func feed(_ texts: [String]) async throws {
        let producer = try KafkaProducer(KafkaSettings(brokers: cluster.brokers))
        try await producer.send(
            contentsOf: texts.map { KafkaMessage(topic: "texts", partition: 0, value: Array($0.utf8)) })
        await producer.close()
    }

    @Test func everyTickIsACheckpointAndAStopWaitsForNone() async throws {
        try await feed(["one red fox", "two red foxes", "three"])
        let (checkpoints, told) = AsyncStream.makeStream(of: (epoch: UInt64, read: Int64).self)
        let graph = try graph()
        let running = Task { [fixture] in
            try await fixture.run(graph) { options in
                options.checkpointed = { told.yield(($0, $1.reduce(0) { $0 + $1.next })) }
            }
        }
        // The coordinator, the heartbeat and the watch over the topic sleep; nothing is written before the clock moves.
        await fixture.clock.sleepers(3)
        #expect(fixture.progress.reading.checkpoints == 0)
        fixture.clock.advance(by: .seconds(7))
        var last: UInt64 = 0
        for await checkpoint in checkpoints {
            #expect(checkpoint.epoch == last + 1)
            last = checkpoint.epoch
            if checkpoint.read == 3 { break }
            await fixture.clock.sleepers(2)
            fixture.clock.advance(by: .seconds(7))
        }
        // The clock stands still from now on.
        fixture.stop.raise()
        try await running.value
        let stored = try #require(try fixture.openState(graph) { try $0.latestCheckpoint() })
        #expect(stored.epoch == last + 1 && stored.fences.map(\.next) == [3])
    }

    @Test func theNextStartReadsOnAfterTheLastCheckpoint() async throws {
        try await feed(["one red fox", "two red foxes"])
        let graph = try graph()
        try await fixture.run(graph) { options in
            options.untilDrained = true
            options.clock = ContinuousClock()
        }
        #expect(fixture.progress.reading.records == 2)
        try await feed(["three"])
        let next = try fixture.next()
        try await next.run(try self.graph()) { options in
            options.untilDrained = true
            options.clock = ContinuousClock()
        }
        #expect(next.progress.reading.records == 1)
        let stored = try #require(try next.openState(graph) { try $0.latestCheckpoint() })
        #expect(stored.fences.map(\.next) == [3])
    }
}

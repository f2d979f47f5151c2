import Kafka
import Running
import Shuffle
import StateFixtures
import Synchronization
import Testing

@testable import Nodes

/// The shuffle topic as processes write it that read the corpus, against librdkafka's brokers in this process.
@Suite(.timeLimit(.minutes(5))) struct KafkaShuffleTransportTests {
    private final class Told: Sendable {
        private let list = Mutex<[String]>([])
        var lines: [String] { list.withLock { $0 } }
        func add(_ line: String) { list.withLock { $0.append(line) } }
    }

    private let cluster: MockCluster
    private let stop = StopSignal()
    private let clock = ManualClock()
    private let told = Told()

    init() throws { cluster = try MockCluster(topics: ["told": 2]) }

    private func transport(shards: Int = 2, patience: Duration? = nil) throws -> KafkaShuffleTransport {
        try KafkaShuffleTransport(
            settings: KafkaSettings(brokers: cluster.brokers), topic: "told", shards: shards, group: "owners",
            most: 2, patience: patience, stop: stop, clock: clock, onNotice: { _ in }, notice: told.add)
    }

    private func messages(_ count: Int, to shard: Int) -> [ShuffleMessage] {
        (0..<count).map { ShuffleMessage(shard: shard, bytes: [UInt8(shard), UInt8($0)]) }
    }

    @Test func eachShardIsAPartitionThatHoldsWhatWasSentInItsOrder() async throws {
        let transport = try transport()
        try await transport.send(messages(3, to: 1) + messages(1, to: 0))
        try await transport.send([])
        await transport.close(within: .seconds(10))
        let starts = (0..<2).map { (TopicPartition(topic: "told", partition: $0), Int64(0)) }
        let records = try await KafkaConsumer.records(
            from: Dictionary(uniqueKeysWithValues: starts), settings: KafkaSettings(brokers: cluster.brokers)
        ) { _ in true }
        #expect(records.filter { $0.partition == 0 }.map(\.value) == [[0, 0]])
        #expect(records.filter { $0.partition == 1 }.map(\.value) == [[1, 0], [1, 1], [1, 2]])
    }

    @Test func aTopicWithAnotherNumberOfPartitionsIsRefused() async throws {
        let transport = try transport(shards: 3)
        let error = await #expect(throws: DaemonError.self) { try await transport.send(messages(1, to: 0)) }
        #expect(error?.kind == .configuration && error?.description.contains("has 2 partitions") == true)
        await transport.close(within: .seconds(10))
    }

    @Test func aTopicThatIsNotThereIsWaitedForAsLongAsIsAsked() async throws {
        cluster.setError(ofTopic: "told", code: 3)
        let transport = try transport(patience: .seconds(3))
        let waiting = Task { try await transport.send(messages(1, to: 0)) }
        for _ in 1...3 {
            await clock.sleepers(1)
            clock.advance(by: .seconds(1))
        }
        let error = await #expect(throws: DaemonError.self) { try await waiting.value }
        #expect(error?.kind == .unavailable && error?.description.contains("gave up after 3 s") == true)
        #expect(told.lines.count == 1 && told.lines.first?.contains("waits for the topic told") == true)
        await transport.close(within: .seconds(10))
    }

    @Test func ownersThatAreFarBehindAreWaitedFor() async throws {
        let transport = try transport()
        try await transport.waitForOwners()
        try await transport.send(messages(2, to: 0) + messages(3, to: 1))
        let waiting = Task { try await transport.waitForOwners() }
        await clock.sleepers(1)
        #expect(told.lines.count == 1 && told.lines.first?.contains("shard 1 has 3 records before it") == true)
        let owner = try KafkaConsumer(KafkaSettings(brokers: cluster.brokers), group: "owners")
        owner.commit([TopicPartition(topic: "told", partition: 1): 1])
        await owner.close(within: .seconds(10))
        let moving = Task { [clock] in
            while !Task.isCancelled {
                clock.advance(by: .seconds(1))
                await Task.yield()
            }
        }
        defer { moving.cancel() }
        try await waiting.value
        #expect(told.lines.count == 2 && told.lines.last?.contains("goes on") == true)
        await transport.close(within: .seconds(10))
    }

    @Test func aStopWaitsForNobody() async throws {
        let transport = try transport()
        try await transport.send(messages(3, to: 1))
        let waiting = Task { try await transport.waitForOwners() }
        await clock.sleepers(1)
        stop.raise()
        clock.advance(by: .seconds(1))
        try await waiting.value
        #expect(told.lines.count == 1)
        try await transport.waitForOwners()
        await transport.close(within: .seconds(10))
    }
}

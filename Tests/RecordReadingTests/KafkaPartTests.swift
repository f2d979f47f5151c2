import Corpus
import Elements
import Kafka
import Running
import Synchronization
import Testing

@testable import RecordReading

/// A source of which other processes read other partitions.
@Suite(.timeLimit(.minutes(5))) struct KafkaPartTests {
    private let cluster: MockCluster

    init() throws { cluster = try MockCluster(topics: ["texts": 3]) }

    private func source(_ part: KafkaPart, acceptsGap: Bool = false) throws -> KafkaRecordSource {
        try KafkaRecordSource(
            node: "corpus", settings: KafkaSettings(brokers: cluster.brokers), topics: ["texts"], group: "readers",
            startsLatest: false, acceptsGap: acceptsGap, patience: nil, answerTime: .seconds(20), part: part,
            onGap: { _ in }, onNotice: { _ in })
    }

    private func feed(_ texts: [String], to partition: Int32) async throws {
        let producer = try KafkaProducer(KafkaSettings(brokers: cluster.brokers))
        try await producer.send(
            contentsOf: texts.map { KafkaMessage(topic: "texts", partition: partition, value: Array($0.utf8)) })
        await producer.close()
    }

    private func read(_ count: Int, from source: KafkaRecordSource) async throws -> [String] {
        var texts: [String] = []
        for try await batch in source.batches {
            texts += batch.records.map { String(decoding: $0.value ?? [], as: UTF8.self) }
            if texts.count >= count { break }
        }
        return texts
    }

    @Test func itReadsItsPartitionsAloneAndGoesOnFromWhatTheGroupHasCommitted() async throws {
        try await feed(["a", "b", "c"], to: 0)
        try await feed(["x"], to: 1)
        try await feed(["p", "q"], to: 2)
        let starts = Mutex<[KafkaPart.Start]>([])
        let part = KafkaPart(
            takes: { $0 % 2 == 0 }, goesOnFromCommitted: true, onStart: { new in starts.withLock { $0 = new } })
        let first = try source(part)
        let fences = try #require(try await first.start(after: [], until: StopSignal()))
        // Each has a fence, so that what is told of it begins where reading does.
        #expect(fences.map(\.partition) == [0, 2] && fences.allSatisfy { $0.next == 0 })
        #expect(starts.withLock { $0.allSatisfy { !$0.isCommitted && $0.offset == 0 } && $0.count == 2 })
        #expect(try await Set(read(5, from: first)) == ["a", "b", "c", "p", "q"])
        await first.checkpointed([
            Fence(source: "corpus", topic: "texts", partition: 0, next: 2, last: nil)
        ])
        await first.close()

        let second = try source(part)
        let committed = try #require(try await second.start(after: [], until: StopSignal()))
        #expect(committed.map(\.next) == [2, 0])
        let told = starts.withLock { $0 }.sorted { $0.partition.partition < $1.partition.partition }
        #expect(told.map(\.isCommitted) == [true, false] && told.map(\.offset) == [2, 0])
        #expect(try await Set(read(3, from: second)) == ["c", "p", "q"])
        await second.close()
    }

    @Test func whatEndsBeforeTheCommittedOffsetIsRefusedEvenIfGapsAreAccepted() async throws {
        try await feed(["a", "b", "c"], to: 0)
        let labelling = try KafkaConsumer(KafkaSettings(brokers: cluster.brokers), group: "readers")
        labelling.commit([TopicPartition(topic: "texts", partition: 0): 4])
        await labelling.close()
        let source = try source(KafkaPart(goesOnFromCommitted: true), acceptsGap: true)
        let error = await #expect(throws: DaemonError.self) {
            _ = try await source.start(after: [], until: StopSignal())
        }
        #expect(error?.kind == .fence && error?.description.contains("Name another topic under `shuffle`") == true)
        await source.close()
    }

    @Test func aTopicOfAnotherSizeAndAProcessTooManyAreRefused() async throws {
        for part in [KafkaPart(count: 4), KafkaPart(takes: { $0 == 3 })] {
            let source = try source(part)
            let error = await #expect(throws: DaemonError.self) {
                _ = try await source.start(after: [], until: StopSignal())
            }
            #expect(error?.kind == .configuration && error?.description.contains("has 3 partitions") == true)
            await source.close()
        }
    }
}

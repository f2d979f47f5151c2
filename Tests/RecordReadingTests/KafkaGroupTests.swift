import Corpus
import Elements
import Kafka
import Running
import Testing

@testable import RecordReading

/// Sources that are members of one group, on librdkafka's own brokers.
@Suite(.timeLimit(.minutes(5))) struct KafkaGroupTests {
    private let cluster: MockCluster

    init() throws { cluster = try MockCluster(topics: ["texts": 2]) }

    private func source() throws -> KafkaRecordSource {
        try KafkaRecordSource(
            node: "corpus",
            settings: KafkaSettings(
                brokers: cluster.brokers,
                settings: ["session.timeout.ms": "6000", "heartbeat.interval.ms": "500"]),
            topics: ["texts"], group: "readers", startsLatest: false, acceptsGap: false, patience: nil,
            answerTime: .seconds(20),
            part: KafkaPart(isDealtByGroup: true, goesOnFromCommitted: true), onGap: { _ in }, onNotice: { _ in })
    }

    private func feed(_ texts: [String], to partition: Int32) async throws {
        let producer = try KafkaProducer(KafkaSettings(brokers: cluster.brokers))
        try await producer.send(
            contentsOf: texts.map { KafkaMessage(topic: "texts", partition: partition, value: Array($0.utf8)) })
        await producer.close()
    }

    @Test func oneMemberReadsAllAndWhoeverFollowsGoesOnFromWhatItCommitted() async throws {
        try await feed(["a", "b", "c"], to: 0)
        try await feed(["x"], to: 1)
        let first = try source()
        #expect(try #require(try await first.start(after: [], until: StopSignal())).isEmpty)
        #expect(await !first.isCaughtUp(with: [:]))
        var (texts, starts, next) = ([String](), [Fence](), [PartitionKey: Int64]())
        for try await batch in first.batches {
            starts += batch.begun
            texts += batch.records.map { String(decoding: $0.value ?? [], as: UTF8.self) }
            for record in batch.records { next[PartitionKey(of: record)] = record.next }
            if !batch.begun.isEmpty {
                // Nobody has heard yet that partitions begin.
                #expect(await !first.isCaughtUp(with: next))
                first.moved()
            }
            #expect(
                batch.records.allSatisfy { record in
                    starts.contains { $0.partition == record.position.partition && $0.reading == record.reading }
                })
            if texts.count == 4 { break }
        }
        #expect(Set(texts) == ["a", "b", "c", "x"] && Set(starts.map(\.reading)) == [1, 2])
        #expect(await first.isCaughtUp(with: next))
        // It stays a member until it has been told of the last checkpoint.
        await first.close()
        await first.checkpointed([Fence(source: "corpus", topic: "texts", partition: 0, next: 2, last: nil)])
        await first.release()

        let second = try source()
        _ = try await second.start(after: [], until: StopSignal())
        var left: [String] = []
        for try await batch in second.batches {
            if !batch.begun.isEmpty { #expect(Set(batch.begun.map(\.next)) == [2, 0]) }
            left += batch.records.map { String(decoding: $0.value ?? [], as: UTF8.self) }
            if left.count == 2 { break }
        }
        #expect(Set(left) == ["c", "x"])
        await second.close()
        await second.release()
    }
}

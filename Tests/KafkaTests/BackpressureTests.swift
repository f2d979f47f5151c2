internal import Kafka
internal import Testing

@Suite(.timeLimit(.minutes(5))) struct BackpressureTests {
    @Test func aSlowReaderPausesPartitionsAndLosesNothing() async throws {
        let broker = try await TestBroker(partitions: 3)
        let perPartition = 600
        let value = [UInt8](repeating: 7, count: 1000)
        for partition in 0..<Int32(3) {
            try await broker.feed(Array(repeating: value, count: perPartition), to: partition)
        }
        let notices = NoticeStream()
        let bound = 100_000
        let consumer = try broker.consumer(
            maximumBufferedBytes: bound, maximumBatchBytes: 10_000, onNotice: notices.hook)
        try consumer.assign(Dictionary(uniqueKeysWithValues: (0..<3).map { (broker.partition($0), 0) }))

        var offsets: [Int32: [Int64]] = [:]
        var records = 0
        var heaviest = 0
        var pauses = 0
        for try await batch in consumer.batches {
            // The reader stands still until the poll thread has had to pause.
            if pauses < 3, records < 1000, await notices.next(.paused) != nil { pauses += 1 }
            heaviest = max(heaviest, consumer.bufferedBytes)
            for record in batch.records { offsets[record.partition, default: []].append(record.offset) }
            records += batch.records.count
            if records >= 3 * perPartition { break }
        }
        #expect(pauses == 3)
        for partition in 0..<Int32(3) { #expect(offsets[partition] == Array(0..<Int64(perPartition))) }
        // A poll takes in at most a batch, and each partition may deliver once more before it is paused.
        #expect(heaviest >= bound / 4)
        #expect(heaviest <= bound + 4 * (10_000 + 1160))
        #expect(await notices.next(.resumed) != nil)
        await consumer.close()
    }
}

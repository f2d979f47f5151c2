import Corpus
import Elements
import Kafka
import Running
import StateFixtures
import Testing

@testable import RecordReading

/// Against librdkafka's brokers in this process.
@Suite(.timeLimit(.minutes(5))) struct KafkaRecordSourceTests {
    private let cluster: MockCluster
    private let first = PartitionKey(topic: "texts", partition: 0)

    init() throws { cluster = try MockCluster(topics: ["texts": 2, "more": 1]) }

    private func feed(_ texts: [String], to partition: Int32 = 0) async throws {
        let producer = try KafkaProducer(KafkaSettings(brokers: cluster.brokers))
        try await producer.send(
            contentsOf: texts.map { KafkaMessage(topic: "texts", partition: partition, value: Array($0.utf8)) })
        await producer.close()
    }

    private func source(
        startsLatest: Bool = false, acceptsGap: Bool = false, patience: Duration? = nil,
        answerTime: Duration = .seconds(20), group: String? = nil, clock: any Clock<Duration> = ContinuousClock(),
        onGap: @escaping @Sendable (String) throws -> Void = { _ in },
        onNotice: @escaping @Sendable (KafkaNotice) -> Void = { _ in }
    ) throws -> KafkaRecordSource {
        try KafkaRecordSource(
            node: "corpus", settings: KafkaSettings(brokers: cluster.brokers), topics: ["texts"], group: group,
            startsLatest: startsLatest, acceptsGap: acceptsGap, patience: patience, answerTime: answerTime,
            clock: clock, onGap: onGap, onNotice: onNotice)
    }

    /// Reads some records.
    private func read(_ count: Int, from source: KafkaRecordSource) async throws -> [RawRecord] {
        var records: [RawRecord] = []
        for try await batch in source.batches {
            records += batch.records
            if records.count >= count { break }
        }
        return records
    }

    private func texts(_ records: [RawRecord]) -> [String] {
        records.map { String(decoding: $0.value ?? [], as: UTF8.self) }
    }

    private func fence(next: Int64, last text: String? = nil) -> Fence {
        Fixture.fence(
            next: next,
            last: text.map { Fence.LastRecord(offset: next - 1, hash: Fixture.record(next - 1, $0).valueHash) })
    }

    @Test func withoutFencesItStartsAtTheOldestRecords() async throws {
        try await feed(["a", "b"])
        let source = try source()
        #expect(try await source.start(after: [], until: StopSignal()) == [])
        #expect(try await texts(read(2, from: source)) == ["a", "b"])
        await source.close()
    }

    /// What has been read is worked on after that.
    @Test func howFarItHasReadIsToldAfterItWasClosed() async throws {
        try await feed(["a", "b"])
        let source = try source()
        _ = try await source.start(after: [], until: StopSignal())
        _ = try await read(2, from: source)
        let extent = try #require(source.extent)
        await source.close()
        #expect(source.extent == extent)
    }

    @Test func itStartsAfterItsFencesAndAtTheEndOfPartitionsWithoutOneIfTheLatestAreWanted() async throws {
        try await feed(["a", "b", "c"])
        try await feed(["old"], to: 1)
        let source = try source(startsLatest: true)
        let fence = fence(next: 2, last: "b")
        let end = Fixture.fence(partition: 1, next: 1)
        #expect(try await source.start(after: [fence], until: StopSignal()) == [fence, end])
        try await feed(["new"], to: 1)
        #expect(try await Set(texts(read(2, from: source))) == ["c", "new"])
        await source.close()
    }

    @Test func whatComesAfterAStartAtTheEndIsReadByTheNextOneThoughNothingWasReadBetween() async throws {
        try await feed(["old"])
        let idle = try source(startsLatest: true)
        let fences = try #require(try await idle.start(after: [], until: StopSignal()))
        #expect(fences == [Fixture.fence(next: 1), Fixture.fence(partition: 1, next: 0)])
        await idle.close()
        try await feed(["new"])
        let next = try source(startsLatest: true)
        #expect(try await next.start(after: fences, until: StopSignal()) == fences)
        #expect(try await texts(read(1, from: next)) == ["new"])
        await next.close()
    }

    @Test func itIsCaughtUpOnceItStandsAtTheEndOfEveryPartition() async throws {
        try await feed(["a", "b"])
        let source = try source()
        #expect(await !source.isCaughtUp(with: [:]))
        _ = try await source.start(after: [], until: StopSignal())
        #expect(await !source.isCaughtUp(with: [first: 1]))
        #expect(await source.isCaughtUp(with: [first: 2]))
        await source.close()
    }

    @Test func aFenceBeyondTheEndIsRefusedAndIfAcceptedTheTopicIsReadFromItsStart() async throws {
        try await feed(["a"])
        let refusing = try source()
        let error = try await #require(throws: DaemonError.self) {
            _ = try await refusing.start(after: [fence(next: 5)], until: StopSignal())
        }
        #expect(error.kind == .fence && error.description.contains("the topic ends at 1"))
        await refusing.close()

        let told = Told()
        let accepting = try source(acceptsGap: true, onGap: { told.add($0) })
        #expect(try await accepting.start(after: [fence(next: 5)], until: StopSignal()) == [fence(next: 0)])
        #expect(try await texts(read(1, from: accepting)) == ["a"])
        #expect(told.lines.map { $0.hasPrefix("texts/0: the last checkpoint stands at offset 5") } == [true])
        await accepting.close()
    }

    @Test func anotherRecordInTheLastOnesPlaceIsRefused() async throws {
        try await feed(["a", "b"])
        let source = try source()
        let error = try await #require(throws: DaemonError.self) {
            _ = try await source.start(after: [fence(next: 1, last: "z")], until: StopSignal())
        }
        #expect(error.description.contains("the record at offset 0 is not the one"))
        await source.close()
    }

    @Test func aFenceOfATopicThatIsNotReadIsKept() async throws {
        let source = try source()
        let other = Fence(source: "corpus", topic: "more", partition: 0, next: 77, last: nil)
        #expect(try await source.start(after: [other], until: StopSignal()) == [other])
        await source.close()
    }

    @Test func aGapThatCannotBeNotedEndsTheStart() async throws {
        let source = try source(acceptsGap: true, onGap: { _ in throw Mishap() })
        await #expect(throws: Mishap.self) {
            _ = try await source.start(after: [fence(next: 5)], until: StopSignal())
        }
        await source.close()
    }

    @Test func brokersThatDoNotAnswerAreGivenUpAfterThePatience() async throws {
        cluster.setDown(true)
        let source = try source(patience: .zero, answerTime: .milliseconds(200))
        let error = try await #require(throws: DaemonError.self) {
            _ = try await source.start(after: [], until: StopSignal())
        }
        #expect(error.kind == .unavailable)
        #expect(error.description.hasPrefix("corpus: gave up after 0 s, since --until-drained waits no longer: "))
        await source.close()
    }

    @Test func aStopEndsTheWaitForBrokersThatDoNotAnswer() async throws {
        cluster.setDown(true)
        let (source, stop) = (try source(answerTime: .milliseconds(200)), StopSignal())
        stop.raise()
        #expect(try await source.start(after: [], until: stop) == nil)
        await source.close()
    }

    private static let unknownTopic: Int32 = 3
    private static let offsetOutOfRange: Int32 = 1
    private static let fetch: Int16 = 1

    @Test func aTopicThatIsNotThereYetIsWaitedFor() async throws {
        cluster.setError(ofTopic: "texts", code: Self.unknownTopic)
        let (notices, clock) = (Told(), ManualClock())
        let source = try source(clock: clock, onNotice: { notices.add("\($0.kind) \($0.description)") })
        let starting = Task { try await source.start(after: [], until: StopSignal()) }
        for _ in 1...2 {
            await clock.sleepers(1)
            clock.advance(by: .seconds(1))
        }
        await clock.sleepers(1)
        cluster.setError(ofTopic: "texts", code: 0)
        clock.advance(by: .seconds(1))
        #expect(try await starting.value == [])
        let missing = notices.lines.filter { $0.hasPrefix("topicMissing") }
        #expect(missing.count == 3 && Set(missing).count == 1)
        #expect(missing.first?.contains("'texts'") == true && missing.first?.contains(cluster.brokers) == true)
        #expect(notices.lines.last { !$0.hasPrefix("log ") } == "recovered there is texts")
        try await feed(["a"])
        #expect(try await texts(read(1, from: source)) == ["a"])
        await source.close()
    }

    @Test func aRunUntilDrainedGivesUpOnATopicAsOnABrokerAndAStopEndsTheWait() async throws {
        cluster.setError(ofTopic: "texts", code: Self.unknownTopic)
        let impatient = try source(patience: .zero)
        let error = try await #require(throws: DaemonError.self) {
            _ = try await impatient.start(after: [], until: StopSignal())
        }
        #expect(error.kind == .unavailable && error.description.contains("look up topic 'texts'"))
        #expect(error.description.hasPrefix("corpus: gave up after 0 s, since --until-drained waits no longer: "))
        await impatient.close()
        let (stopped, stop) = (try source(), StopSignal())
        stop.raise()
        #expect(try await stopped.start(after: [], until: stop) == nil)
        await stopped.close()
    }

    @Test func aTopicMadeAnewUnderTheReaderIsNoticed() async throws {
        try await feed(["a", "b", "c"])
        let (source, clock) = (try source(), TickClock())
        _ = try await source.start(after: [], until: StopSignal())
        #expect(try await texts(read(3, from: source)) == ["a", "b", "c"])
        await source.checkpointed([fence(next: 2, last: "b")])
        let watching = Task { try await source.watch(clock: clock) }
        for _ in 0..<3 { try await clock.tick() }
        // As if the records were those of another topic of the same name.
        await source.checkpointed([fence(next: 2, last: "z")])
        for _ in 0..<3 { try await clock.tick() }
        let error = try await #require(throws: DaemonError.self) { try await watching.value }
        #expect(error.kind == .fence)
        #expect(error.description.contains("the record at offset 1 is not the one that the last checkpoint counted"))
        #expect(error.description.contains("Start with --accept-gap"))
        await source.close()
    }

    @Test func anOffsetThatTheBrokerRefusesEndsReadingWithTheRefusalOfAStart() async throws {
        try await feed(["a"])
        let source = try source()
        _ = try await source.start(after: [], until: StopSignal())
        #expect(try await texts(read(1, from: source)) == ["a"])
        cluster.failNext(request: Self.fetch, codes: [Self.offsetOutOfRange])
        let error = try await #require(throws: DaemonError.self) { _ = try await read(2, from: source) }
        #expect(error.kind == .fence)
        #expect(error.description.hasPrefix("topic texts, partition "))
        #expect(error.description.contains("Start with --accept-gap to go on with what it holds"))
        await source.close()
    }

    @Test func theLastCheckpointIsLabelledThoughTheSourceHasBeenClosed() async throws {
        try await feed(["a", "b"])
        let source = try source(group: "readers")
        _ = try await source.start(after: [], until: StopSignal())
        #expect(try await texts(read(2, from: source)) == ["a", "b"])
        await source.checkpointed([fence(next: 1)])
        await source.close()
        await source.checkpointed([fence(next: 2)])
        let asking = try KafkaConsumer(KafkaSettings(brokers: cluster.brokers), group: "readers")
        #expect(try await asking.committed([first.topicPartition]) == [first.topicPartition: 2])
        await asking.close()
    }
}

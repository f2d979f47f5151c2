import Elements
import Foundation
import Kafka
import Store
import TestSupport
import Testing

/// Records that were refused, and sent to their topic again once their cause is mended.
@Suite(.serialized, .timeLimit(.minutes(5))) struct DeadLetterTests {
    private struct Letter: Decodable {
        let number: Int64
        let code, topic, replay: String
        let offset: Int64
        let replays: Int
        let replay_offset: Int64?
    }

    private let subject: TinySubject

    init() throws { subject = try TinySubject() }

    /// Ten documents, one of which is longer than 2 KiB, and a line that is no JSON.
    private func feed(_ program: GlossProgram, _ address: String) throws {
        var lines = (0..<10).map {
            "{\"id\": \"d\($0)\", \"text\": \"The river carries the stone and answers \($0).\"}"
        }
        lines[4] = "{\"id\": \"d4\", \"text\": \"\(String(repeating: "The bird hides the letter. ", count: 100))\"}"
        lines.insert("half a record", at: 7)
        let corpus = try subject.folder.write(lines.joined(separator: "\n") + "\n", to: "some.ndjson")
        try program.feed(corpus, at: address, partitions: 2)
    }

    private func topology(_ name: String, _ address: String, largest: String) throws -> String {
        try subject.topology(
            name,
            source: "{ type: kafka, brokers: \"\(address)\", topics: [corpus], maximum_record: \(largest) }",
            state: "run")
    }

    private func letters(_ program: GlossProgram, _ arguments: String...) throws -> [Letter] {
        let outcome = try program.run(["dead-letters", "list", subject.state("run"), "--json"] + arguments)
        try #require(outcome.status == 0, "\(outcome.errors)")
        return try outcome.lines(as: Letter.self)
    }

    private func run(_ program: GlossProgram, _ topology: String) throws -> UInt64 {
        let outcome = try program.run(["run", topology, "--until-drained", "--quiet"])
        try #require(outcome.status == 0, "\(outcome.errors)")
        return try ReportReading(subject.state("run"), program: program).evidence.first?.tokens ?? 0
    }

    private func replay(_ program: GlossProgram, _ topology: String, _ arguments: String...) throws -> String {
        let outcome = try program.run(
            ["dead-letters", "replay", subject.state("run"), "--topology", topology] + arguments)
        try #require(outcome.status == 0, "\(outcome.errors)")
        return outcome.output
    }

    private func whatIsMendedIsReadAndWhatIsNotIsLeft(_ broker: BrokerProcess) throws {
        let program = GlossProgram(environment: broker.environment)
        try feed(program, broker.address)
        let narrow = try topology("narrow", broker.address, largest: "2KiB")
        let wide = try topology("wide", broker.address, largest: "1MiB")
        let before = try run(program, narrow)
        #expect(try Set(letters(program).map(\.code)) == ["too-large", "not-json"])
        let long = try #require(try letters(program, "--code", "too-large").first)
        #expect(long.topic == "corpus" && long.replay == "none")
        let listed = try program.run(["dead-letters", "list", subject.state("run")])
        #expect(listed.output.contains("too-large: ") && listed.output.contains("half a record"))

        // By the topology that it was refused by it would be refused again.
        #expect(try replay(program, narrow).contains("0 sent again, 2 left"))
        let planned = try replay(program, wide, "--dry-run")
        #expect(planned.contains("1 would be sent, 1 left") && planned.contains("not-json"), "\(planned)")
        #expect(try letters(program).allSatisfy { $0.replay == "none" })

        #expect(try replay(program, wide).contains("1 sent again, 1 left"))
        let sent = try #require(try letters(program, "--code", "too-large").first)
        #expect(sent.replay == "sent" && sent.replay_offset ?? -1 > long.offset)
        #expect(try replay(program, wide).contains("0 sent again, 1 left"))

        // A daemon whose cause is not mended refuses it again, and it is not sent in a circle.
        #expect(try run(program, narrow) == before)
        let refused = try letters(program, "--code", "too-large")
        #expect(refused.map(\.replays) == [0, 1] && refused.last?.offset == sent.replay_offset)
        let left = try replay(program, wide)
        #expect(left.contains("0 sent again, 2 left") && left.contains("--again"), "\(left)")
        #expect(try replay(program, wide, "--again").contains("1 sent again, 1 left"))
        let after = try run(program, wide)
        #expect(after > before + 400, "the long document was not read")
        #expect(try letters(program, "--code", "too-large").count == 2)
    }

    @Test func whatIsMendedIsReadThroughTheMockBroker() throws {
        try whatIsMendedIsReadAndWhatIsNotIsLeft(BrokerProcess(mockTopics: ["corpus": 2]))
    }

    @Test func whatIsMendedIsReadThroughARealBroker() throws {
        try whatIsMendedIsReadAndWhatIsNotIsLeft(BrokerProcess())
    }

    @Test func aReplayThatWasKilledAfterSendingIsSettledByTheNextOne() async throws {
        let broker = try BrokerProcess(mockTopics: ["corpus": 2])
        let program = GlossProgram()
        try feed(program, broker.address)
        let wide = try topology("wide", broker.address, largest: "1MiB")
        _ = try run(program, try topology("narrow", broker.address, largest: "2KiB"))
        let reader = try Store.reader(directory: subject.state("run"))
        let long = try #require(try reader.deadLetters(limit: 9, code: "too-large").first)
        let position = long.letter.position
        let partition = TopicPartition(topic: "corpus", partition: position.partition)
        let settings = KafkaSettings(brokers: broker.address)
        let consumer = try KafkaConsumer(settings, group: nil)
        let end = try await consumer.watermarks(of: partition).high
        await consumer.close()

        try begin(BegunReplay(letter: long.sequence, position: position, start: end, count: 1), program, wide)
        try await send(long.letter, to: partition, settings)
        try await settled(program, wide, partition, settings, end: end)
    }

    /// What a replay does before it sends; its lock is gone when this returns.
    private func begin(_ replay: BegunReplay, _ program: GlossProgram, _ topology: String) throws {
        let ledger = try ReplayLedger(directory: subject.state("run"))
        try ledger.begin([replay])
        let other = try program.run(["dead-letters", "replay", subject.state("run"), "--topology", topology])
        #expect(other.status == 75 && other.errors.contains("another process"), "\(other.errors)")
        withExtendedLifetime(ledger) {}
    }

    private func send(_ letter: DeadLetter, to partition: TopicPartition, _ settings: KafkaSettings) async throws {
        let position = letter.position
        let place = "\(position.source)/\(position.topic)/\(position.partition)/\(position.offset)"
        let producer = try KafkaProducer(settings)
        try await producer.send(
            topic: "corpus", partition: partition.partition, value: letter.value,
            headers: [("gloss-replay-of", Array(place.utf8)), ("gloss-replays", Array("1".utf8))])
        await producer.close()
    }

    private func settled(
        _ program: GlossProgram, _ topology: String, _ partition: TopicPartition, _ settings: KafkaSettings, end: Int64
    ) async throws {
        let output = try replay(program, topology, "--code", "too-large")
        #expect(output.contains("0 sent again") && output.contains("1 more had been sent"), "\(output)")
        #expect(try letters(program, "--code", "too-large").first?.replay_offset == end)
        let consumer = try KafkaConsumer(settings, group: nil)
        #expect(try await consumer.watermarks(of: partition).high == end + 1)
        await consumer.close()
    }

    @Test func lettersOfAFileAreListedByTheirPathAndNeverSent() throws {
        let program = GlossProgram()
        let corpus = try subject.folder.write("{\"text\": \"The river answers.\"}\nhalf\n", to: "two.ndjson")
        let topology = try subject.topology("file", source: "{ type: file, path: \"\(corpus)\" }", state: "run")
        _ = try run(program, topology)
        let listed = try program.run(["dead-letters", "list", subject.state("run")])
        #expect(listed.output.contains("\(corpus) at byte 31 not-json"), "\(listed.output)")
        // Without --topology the one by which the state was worked on is taken.
        let outcome = try program.run(["dead-letters", "replay", subject.state("run")])
        #expect(outcome.status == 0, "\(outcome.errors)")
        #expect(outcome.output.contains("0 sent again, 1 left") && outcome.output.contains("file"), "\(outcome.output)")
    }
}

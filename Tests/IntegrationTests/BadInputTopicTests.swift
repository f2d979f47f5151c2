import Foundation
import Kafka
import TestSupport
import Testing

/// Topics that no longer hold what the last checkpoint counted.
@Suite(.serialized, .timeLimit(.minutes(5))) struct BadInputTopicTests {
    private let subject: TinySubject
    private let program = GlossProgram()

    init() throws { subject = try TinySubject() }

    /// A broker with documents in its topic `corpus`.
    private func cluster(documents: Int, partitions: Int = 1, sentences: Int = 3) throws -> BrokerProcess {
        let broker = try BrokerProcess(mockTopics: ["corpus": partitions])
        let corpus = try subject.corpus(documents: documents, sentences: sentences)
        try program.feed(corpus, at: broker.address, partitions: partitions)
        return broker
    }

    private func run(_ broker: BrokerProcess, _ flags: [String] = []) throws -> GlossProgram.Outcome {
        let source = "{ type: kafka, brokers: \"\(broker.address)\", topics: [corpus] }"
        return try program.run(
            ["run", try subject.topology("run", source: source), "--until-drained", "--quiet"] + flags)
    }

    private func report() throws -> ReportReading { try ReportReading(subject.state("run"), program: program) }

    /// Halts with the words; goes on with the flag; and afterwards without it.
    private func haltsUnlessAccepted(_ broker: BrokerProcess, _ words: [String], documents: [Int32: Int64]) throws {
        let before = try report()
        #expect(before.exact)
        let halted = try run(broker)
        #expect(halted.status == 65)
        for word in words + ["topic corpus, partition ", "--accept-gap"] {
            #expect(halted.errors.contains(word), "\(halted.errors)")
        }
        #expect(try report().next == before.next)
        let accepted = try run(broker, ["--accept-gap"])
        #expect(accepted.status == 0, "\(accepted.errors)")
        #expect(accepted.errors.contains("going on, the evidence is inexact from now on"))
        let after = try report()
        #expect(!after.exact)
        #expect(after.next == documents)
        #expect(try run(broker).status == 0)
        #expect(try !report().exact)
    }

    @Test func aTopicMadeAnewWithFewerRecordsHaltsTheRun() throws {
        let first = try cluster(documents: 30)
        try #require(try run(first).status == 0)
        let tokens = try report().evidence.first?.tokens ?? 0
        let second = try cluster(documents: 10, sentences: 5)
        try haltsUnlessAccepted(
            second, ["stands at offset 30, but the topic ends at 10: it was recreated or truncated", "from offset 0"],
            documents: [0: 10])
        #expect(try report().evidence.first?.tokens ?? 0 > tokens, "the new records were not read")
    }

    @Test func aTopicMadeAnewWithOtherRecordsHaltsTheRun() throws {
        let first = try cluster(documents: 30)
        try #require(try run(first).status == 0)
        let second = try cluster(documents: 40, sentences: 5)
        try haltsUnlessAccepted(
            second, ["the record at offset 29 is not the one that the last checkpoint counted", "from offset 30"],
            documents: [0: 40])
    }

    @Test func aTopicMadeAnewWithFewerPartitionsHaltsTheRun() throws {
        let first = try BrokerProcess(mockTopics: ["corpus": 2])
        let one = try subject.folder.write("{\"id\": \"a\", \"text\": \"one\"}\n", to: "one.ndjson")
        for _ in 0..<2 { try program.feed(one, at: first.address, partitions: 2) }
        let many = try subject.folder.write(
            (0..<40).map { "{\"id\": \"\($0)\", \"text\": \"many\"}\n" }.joined(), to: "many.ndjson")
        try program.feed(many, at: first.address, partitions: 2)
        try #require(try run(first).status == 0)
        let second = try BrokerProcess(mockTopics: ["corpus": 1])
        for _ in 0..<3 { try program.feed(many, at: second.address, partitions: 1) }
        let halted = try run(second)
        #expect(halted.status == 65)
        #expect(halted.errors.contains("--accept-gap"))
        let accepted = try run(second, ["--accept-gap"])
        #expect(accepted.status == 0, "\(accepted.errors)")
        #expect(
            accepted.errors.contains("corpus/1: the topic was recreated with fewer partitions, and this one is gone"))
        #expect(try !report().exact)
        #expect(try report().next[0] == 120)
    }

    @Test func recordsDeletedUnreadHaltTheRun() async throws {
        let broker = try cluster(documents: 30)
        try #require(try run(broker).status == 0)
        // The mock drops the head of a partition above 5 MB, as retention would.
        let producer = try KafkaProducer(KafkaSettings(brokers: broker.address))
        // Bytes that no compression makes fewer.
        var state: UInt64 = 1
        let large = (0..<1_000_000).map { _ -> UInt8 in
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return UInt8(truncatingIfNeeded: state >> 56)
        }
        for _ in 0..<12 { try await producer.send(topic: "corpus", partition: 0, key: nil, value: large) }
        await producer.close()
        try haltsUnlessAccepted(
            broker, ["stands at offset 30, but the oldest record kept is ", "have been deleted unread"],
            documents: [0: 42])
        #expect(try report().dead_letters["not-utf8"] ?? 0 > 0)
    }
}

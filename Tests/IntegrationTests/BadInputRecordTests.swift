import Foundation
import Kafka
import Testing

/// Records that are no documents, over Kafka.
@Suite(.timeLimit(.minutes(5))) struct BadInputRecordTests {
    private struct Letter: Decodable {
        let code: String
        let reason: String
        let topic: String
        let partition: Int32
        let offset: Int64
    }

    private static let good = Array(
        "{\"text\": \"The river carries the stone and the letter follows the garden.\"}".utf8)

    /// By the code expected, in the order of their offsets.
    private static let bad: [(code: String, value: [UInt8]?)] = [
        ("null-value", nil), ("empty", []),
        ("not-utf8", Array("{\"text\": \"".utf8) + [0xff, 0xfe] + Array("\"}".utf8)),
        ("not-json", Array("not json".utf8)), ("not-json", Array("{\"text\": \"half".utf8)),
        ("wrong-shape", Array("[1, 2]".utf8)), ("wrong-shape", Array("{\"text\": 5}".utf8)),
        ("wrong-shape", Array("{\"id\": \"without a text\"}".utf8)),
        ("token-out-of-range", Array("{\"tokens\": [1, 2, 999999]}".utf8)),
        ("token-out-of-range", Array("{\"tokens\": [1, -2]}".utf8)),
        ("empty", Array("{\"text\": \"\"}".utf8)),
    ]

    @Test func eachBecomesADeadLetterAndNothingElseIsLost() async throws {
        let subject = try TinySubject()
        let program = GlossProgram()
        let broker = try BrokerProcess(mockTopics: ["corpus": 2, "dead": 1])
        let settings = KafkaSettings(brokers: broker.address)
        let producer = try KafkaProducer(settings)
        for (_, value) in Self.bad {
            try await producer.send(topic: "corpus", partition: 0, value: value)
            try await producer.send(topic: "corpus", partition: 0, value: Self.good)
        }
        let large = Array("{\"text\": \"".utf8) + [UInt8](repeating: 0x61, count: 10 << 20) + Array("\"}".utf8)
        try await producer.send(topic: "corpus", partition: 1, value: large)
        await producer.close()

        let topology = try subject.topology(
            "run",
            source: "{ type: kafka, brokers: \"\(broker.address)\", topics: [corpus], maximum_record: 8MiB }",
            sinks: "{ rejected: { type: kafka, inputs: [corpus.rejected], topic: dead } }")
        let outcome = try program.run(["run", topology, "--until-drained", "--quiet"])
        try #require(outcome.status == 0, "\(outcome.errors)")

        let report = try ReportReading(subject.state("run"), program: program)
        var expected = Dictionary(grouping: Self.bad, by: \.code).mapValues(\.count)
        expected["too-large"] = 1
        #expect(report.dead_letters == expected)
        #expect(report.next == [0: 22, 1: 1])
        #expect(report.evidence.first?.tokens ?? 0 > 11 * 10)

        let letters = try await Self.letters(settings, count: Self.bad.count + 1)
        let small = letters.filter { $0.partition == 0 }.sorted { $0.offset < $1.offset }
        #expect(small.map(\.code) == Self.bad.map(\.code))
        #expect(small.map(\.offset) == Self.bad.indices.map { Int64($0 * 2) })
        #expect(letters.filter { $0.partition == 1 }.map(\.code) == ["too-large"])
        #expect(letters.allSatisfy { $0.topic == "corpus" && !$0.reason.isEmpty })
    }

    private static func letters(_ settings: KafkaSettings, count: Int) async throws -> [Letter] {
        let consumer = try KafkaConsumer(settings, group: nil)
        let partition = TopicPartition(topic: "dead", partition: 0)
        let marks = try await consumer.watermarks(of: partition)
        #expect(marks.high - marks.low == Int64(count))
        try consumer.assign([partition: marks.low])
        var letters: [Letter] = []
        for try await batch in consumer.batches {
            letters += try batch.records.map {
                try JSONDecoder().decode(Letter.self, from: Data($0.value ?? []))
            }
            if (batch.positions[partition] ?? 0) >= marks.high { break }
        }
        await consumer.close()
        return letters
    }
}

import Elements
import Foundation
import Store
import Testing

/// What `gloss report --json` says, as far as tests ask.
struct ReportReading: Decodable {
    struct Offset: Decodable {
        let partition: Int32
        let next: Int64
    }

    struct Evidence: Decodable {
        let evidence_digest: String
        let counts_digest: String
        let tokens: UInt64
    }

    let exact: Bool
    let dead_letters: [String: Int]
    let offsets: [Offset]
    let evidence: [Evidence]
    let explanations: [String: Int]

    init(_ state: String, program: GlossProgram, _ arguments: [String] = []) throws {
        let outcome = try program.run(["report", state, "--json"] + arguments)
        try #require(outcome.status == 0, "\(outcome.errors)")
        self = try JSONDecoder().decode(Self.self, from: Data(outcome.output.utf8))
    }

    var next: [Int32: Int64] { Dictionary(offsets.map { ($0.partition, $0.next) }, uniquingKeysWith: { $1 }) }
}

/// The values of a topic's records, read by a run to which each is a bad record: this process may have a librdkafka that
/// cannot talk to the broker.
func values(
    of topic: String, at address: String, subject: TinySubject, program: GlossProgram
) throws -> [String] {
    let source = "{ type: kafka, brokers: \"\(address)\", topics: [\(topic)] }"
    let reading = try subject.topology("values-of-\(topic)", source: source)
    let outcome = try program.run(["run", reading, "--until-drained", "--quiet"])
    try #require(outcome.status == 0, "\(outcome.errors)")
    let reader = try Store.reader(directory: subject.state("values-of-\(topic)"))
    return try reader.deadLetters(limit: 100_000).map { String(decoding: $0.letter.value, as: UTF8.self) }
}

/// The time that a block takes.
func timed(_ body: () throws -> Void) rethrows -> Duration {
    let start = ContinuousClock.now
    try body()
    return ContinuousClock.now - start
}

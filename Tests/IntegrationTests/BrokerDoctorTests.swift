import Foundation
import RuleJudgeServer
import TestSupport
import Testing

/// What `gloss doctor` says of brokers.
@Suite(.timeLimit(.minutes(5))) struct BrokerDoctorTests {
    private let subject: TinySubject
    private let program = GlossProgram()
    /// Where no broker is.
    private let nobody: HeldPort

    init() throws { (subject, nobody) = (try TinySubject(), try HeldPort()) }

    private func report(_ topology: String) throws -> DoctorReading {
        try DoctorReading(program, [topology])
    }

    private func topology(_ address: String) throws -> String {
        try subject.topology(
            "sick", source: "{ type: kafka, brokers: \"\(address)\", topics: [corpus] }",
            sinks: """
                { out: { type: kafka, inputs: [lexical], topic: results },
                  copies: { type: kafka, inputs: [lexical], topic: results } }
                """)
    }

    @Test func aBrokerThatIsDownIsAskedOnceAndToldAtEveryNode() throws {
        let address = nobody.address
        let report = try report(topology(address))
        #expect(!report.sound)
        let findings = ["source corpus", "sink out", "sink copies"].flatMap(report.of)
        #expect(findings.map(\.status) == ["FAIL", "FAIL", "FAIL"])
        #expect(Set(findings.map(\.message)).count == 1, "each was asked by itself")
        #expect(findings.allSatisfy { $0.message.contains(address) })
    }

    @Test func brokersAreLookedAtAlthoughAModelIsMissing() throws {
        let broker = try BrokerProcess(mockTopics: ["corpus": 3])
        let topology = try topology(broker.address)
        let text = try String(contentsOfFile: topology, encoding: .utf8)
            .replacingOccurrences(of: subject.folder.file("model"), with: subject.folder.file("nowhere"))
        try subject.folder.write(text, to: "sick.yaml")
        let report = try report(topology)
        #expect(!report.sound)
        #expect(report.of("topology").contains { $0.status == "FAIL" && $0.message.contains("nowhere") })
        #expect(
            report.of("source corpus").map(\.message) == [
                "\(broker.address): 1 brokers answer", "topic corpus: 3 partitions",
            ])
        #expect(report.of("sink out").map(\.status) == ["ok", "warn"])
        #expect(report.of("state").map(\.status) == ["ok"])
        #expect(report.of("model judge, subject").map(\.status) == ["FAIL"])
    }
}

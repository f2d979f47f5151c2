import Foundation
import Testing

/// TLS and passwords between Gloss and its brokers.
@Suite(.serialized, .timeLimit(.minutes(5))) struct BrokerSecurityTests {
    private static let password = "hush-hush-4711"

    private let subject: TinySubject
    private let certificates: Certificates
    private let broker: ProxiedBroker
    private var program: GlossProgram

    init() throws {
        subject = try TinySubject()
        certificates = try Certificates(in: subject.folder)
        broker = try ProxiedBroker(
            ["--tls", certificates.certificate, certificates.key, "--password", "reader", Self.password])
        program = GlossProgram(
            environment: broker.environment.merging(["TEST_PASSWORD": Self.password]) { $1 })
    }

    private func settings(authority: String, protocol name: String = "sasl_ssl") -> String {
        """
        { security.protocol: \(name), ssl.ca.location: "\(authority)", sasl.mechanisms: PLAIN, \
        sasl.username: reader, sasl.password: !secret env:TEST_PASSWORD }
        """
    }

    private func topology(_ settings: String) throws -> String {
        try subject.topology(
            "secure",
            source: "{ type: kafka, brokers: \"\(broker.address)\", topics: [corpus], librdkafka: \(settings) }",
            sinks: "{ out: { type: kafka, inputs: [executed], topic: results, librdkafka: \(settings) } }")
    }

    private func run(_ topology: String, _ password: String = password) throws -> GlossProgram.Outcome {
        var program = program
        program.environment["TEST_PASSWORD"] = password
        return try program.run(["run", topology, "--until-drained", "--quiet"])
    }

    @Test func aCorpusPassesThroughTLSWithAPassword() throws {
        let options = [
            "security.protocol=sasl_ssl", "ssl.ca.location=\(certificates.authority)", "sasl.mechanisms=PLAIN",
            "sasl.username=reader", "sasl.password=\(Self.password)",
        ]
        for (file, topic) in [(try subject.corpus(documents: 100), "corpus"), ("/dev/null", "results")] {
            try program.feed(
                file, to: topic, at: broker.address, partitions: 2, options: options.flatMap { ["--setting", $0] })
        }
        let outcome = try run(topology(settings(authority: certificates.authority)))
        try #require(outcome.status == 0, "\(outcome.errors)")
        #expect(!outcome.errors.contains("outbox"), "\(outcome.errors)")
        #expect(!(outcome.errors + outcome.output).contains(Self.password))
        let report = try ReportReading(subject.state("secure"), program: program)
        #expect(report.offsets.reduce(0) { $0 + $1.next } == 100)
    }

    @Test func aCertificateOfAnotherAuthorityIsRefused() throws {
        let outcome = try run(topology(settings(authority: certificates.otherAuthority)))
        #expect(outcome.status == 78)
        #expect(outcome.errors.contains("ssl.ca.location"), "\(outcome.errors)")
        #expect(outcome.errors.contains("[gloss]"))
    }

    @Test func aWrongPasswordIsToldAndNeverShown() throws {
        let outcome = try run(topology(settings(authority: certificates.authority)), "wrong-password-0815")
        #expect(outcome.status == 78)
        #expect(outcome.errors.contains("check the 'sasl.*' settings"), "\(outcome.errors)")
        #expect(!outcome.errors.contains("wrong-password-0815"))
    }

    @Test func aClientWithoutTLSIsToldThatThePortMaySpeakIt() throws {
        let outcome = try run(topology("{ security.protocol: plaintext }"))
        #expect(outcome.status == 75)
        #expect(outcome.errors.contains("security.protocol"), "\(outcome.errors)")
    }
}

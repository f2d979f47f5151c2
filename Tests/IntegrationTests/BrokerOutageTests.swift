import Foundation
import RuleJudgeServer
import TestSupport
import Testing

/// Brokers that are not there at the start, go away and come back.
@Suite(.serialized, .timeLimit(.minutes(5))) struct BrokerOutageTests {
    /// Where no broker is.
    private let nobody: HeldPort

    init() throws { nobody = try HeldPort() }

    @Test func aDaemonWaitsForItsBrokerAndCanBeStoppedMeanwhile() throws {
        let subject = try TinySubject()
        let address = nobody.address
        let topology = try subject.topology(
            "waiting", source: "{ type: kafka, brokers: \"\(address)\", topics: [corpus] }",
            sinks: "{ out: { type: kafka, inputs: [lexical], topic: results } }")
        let daemon = try RunningGloss(GlossProgram(), ["run", topology, "--quiet"])
        try #require(daemon.says("[corpus] could not reach any broker, still trying"))
        let taken = timed {
            daemon.signal(SIGTERM)
            let (status, errors) = daemon.end()
            #expect(status == 0, "\(errors)")
            #expect(errors.contains("[corpus] could not reach"))
            #expect(errors.contains(address))
            #expect(errors.contains("check that a broker listens there"))
        }
        #expect(taken < .seconds(30))
    }

    @Test func aRunUntilDrainedGivesUpAfterTheTimeItNames() throws {
        let subject = try TinySubject()
        let address = nobody.address
        let topology = try subject.topology(
            "never", source: "{ type: kafka, brokers: \"\(address)\", topics: [corpus] }")
        let outcome = try GlossProgram().run(["run", topology, "--until-drained", "--quiet"])
        #expect(outcome.status == 75)
        #expect(outcome.errors.contains("[gloss] corpus: gave up after 30 s"))
        #expect(outcome.errors.contains(address))
    }

    @Test func aRunWhoseConnectionsWereCutEndsAsAnUninterruptedOne() throws {
        let subject = try TinySubject()
        let broker = try ProxiedBroker()
        let program = GlossProgram(environment: broker.environment)
        let corpus = try subject.corpus(documents: 1500)
        try program.feed(corpus, at: broker.address, partitions: 3)
        let empty = try subject.folder.write("", to: "empty.ndjson")
        func topology(_ name: String) throws -> String {
            try program.feed(empty, to: name, at: broker.address, partitions: 1)
            return try subject.topology(
                name, source: "{ type: kafka, brokers: \"\(broker.address)\", topics: [corpus] }",
                sinks: "{ out: { type: kafka, inputs: [lexical, executed, detected], topic: \(name) } }")
        }
        let whole = try program.run(["run", topology("whole"), "--until-drained", "--quiet"])
        try #require(whole.status == 0, "\(whole.errors)")

        let cut = try topology("cut")
        try broker.proxy.perform("cut")
        let run = try RunningGloss(program, ["run", cut, "--until-drained", "--verbose"])
        #expect(run.says("still trying"))
        try broker.proxy.perform("restore")
        for checkpoints in [1, 3] {
            #expect(run.says("[checkpoint]", times: checkpoints))
            try broker.proxy.perform("cut")
            try broker.proxy.perform("restore")
        }
        let (status, errors) = run.end()
        try #require(status == 0, "\(errors)")

        let expected = try RunContent(subject.state("whole"), program: program)
        #expect(expected.tokens > 100_000)
        #expect(try RunContent(subject.state("cut"), program: program) == expected)
        for name in ["whole", "cut"] {
            let jobs = try values(of: name, at: broker.address, subject: subject, program: program).map(Self.job)
            #expect(jobs.count == expected.results.count, "\(name)")
            #expect(Set(jobs) == Set(expected.results.keys), "\(name)")
        }
    }

    private static func job(of result: String) throws -> String {
        struct Result: Decodable { let job: String }
        return try JSONDecoder().decode(Result.self, from: Data(result.utf8)).job
    }
}

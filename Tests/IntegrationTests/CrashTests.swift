import Foundation
import Testing

/// `kill -9` in the middle of a corpus, through a broker.
@Suite(.serialized, .timeLimit(.minutes(5))) struct CrashTests {
    private static let documents = 1500

    private func killedRunEqualsUninterruptedRun(_ broker: BrokerProcess, sinks: String) throws {
        let subject = try TinySubject()
        let program = GlossProgram(environment: broker.environment)
        let corpus = try subject.corpus(documents: Self.documents)
        try program.feed(corpus, at: broker.address, partitions: 3)

        let source = "{ type: kafka, brokers: \"\(broker.address)\", topics: [corpus], group: tiny }"
        let whole = try subject.topology("whole", source: source, sinks: sinks)
        let uninterrupted = try program.run(["run", whole, "--until-drained", "--quiet"])
        try #require(uninterrupted.status == 0, "\(uninterrupted.errors)")

        let killed = try subject.topology("killed", source: source, sinks: sinks)
        var kills = 0
        for checkpoints in [1, 2, 1, 3] {
            let arguments = ["run", killed, "--until-drained", "--verbose"]
            if try program.runAndKill(arguments, afterCheckpoints: checkpoints) { kills += 1 }
        }
        #expect(kills >= 2, "the corpus is too small to be interrupted")
        let last = try program.run(["run", killed, "--until-drained", "--quiet"])
        try #require(last.status == 0, "\(last.errors)")

        let expected = try RunContent(subject.state("whole"), program: program)
        let found = try RunContent(subject.state("killed"), program: program)
        #expect(expected.tokens > 100_000)
        #expect(expected.results.count > 100)
        #expect(expected.unfinished.isEmpty)
        #expect(found == expected)
    }

    @Test func aKilledRunEndsAsAnUninterruptedOneThroughTheMockBroker() async throws {
        let broker = try BrokerProcess(mockTopics: ["corpus": 3, "results": 1, "dead": 1])
        let sinks = "{ out: { type: kafka, inputs: [lexical, executed, detected], topic: results } }"
        try killedRunEqualsUninterruptedRun(broker, sinks: sinks)

        // Both runs published their results, and a repeated publication carries the same key.
        let keys = try await PublishedKeys.read("results", at: broker.address)
        #expect(keys.count > 100)
        #expect(keys.keys.allSatisfy { $0.count == 32 })
        #expect(keys.values.allSatisfy { $0 >= 2 })
    }

    @Test func aKilledRunEndsAsAnUninterruptedOneThroughARealBroker() throws {
        let sinks = "{ out: { type: kafka, inputs: [lexical, executed, detected], topic: corpus-results } }"
        try killedRunEqualsUninterruptedRun(BrokerProcess(), sinks: sinks)
    }
}

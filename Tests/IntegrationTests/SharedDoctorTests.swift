import Foundation
import TestSupport
import Testing

/// What `gloss doctor` and `gloss validate` say of one process among several.
@Suite(.timeLimit(.minutes(5))) struct SharedDoctorTests {
    private let subject: TinySubject
    private let broker: BrokerProcess
    private let program = GlossProgram()
    private static let owner = ["--role", "evidence", "--ordinal", "0", "--of", "2"]
    private static let reader = ["--role", "ingest", "--ordinal", "0", "--of", "1"]

    init() throws {
        subject = try TinySubject()
        broker = try BrokerProcess(mockTopics: ["corpus": 2, "told": 4, "narrow": 3])
    }

    private func topology(
        _ name: String, shuffle topic: String, source: String? = nil, window: Int = 16
    ) throws -> String {
        try subject.topology(
            name, source: source ?? "{ type: kafka, brokers: \"\(broker.address)\", topics: [corpus] }",
            sinks: "{ out: { type: kafka, brokers: \"\(broker.address)\", inputs: [lexical], topic: results } }",
            window: window,
            header: "shuffle: { brokers: \"\(broker.address)\", topic: \(topic), shards: 4, block: 16 }")
    }

    private func report(_ arguments: [String]) throws -> DoctorReading {
        try DoctorReading(program, arguments)
    }

    @Test func aTopicThatIsMissingOrHasOtherPartitionsFailsForAProcessWithARole() throws {
        let (missing, narrow) = (try topology("a", shuffle: "nowhere"), try topology("b", shuffle: "narrow"))
        for arguments in [Self.owner, Self.reader] {
            let first = try report([missing] + arguments).of("shuffle")
            #expect(first.map(\.status) == ["FAIL"] && first[0].message.contains("retention.ms=-1"), "\(first)")
            let second = try report([narrow] + arguments).of("shuffle")
            #expect(second.map(\.status) == ["FAIL"])
            #expect(
                second.first?.message == "topic narrow: 3 partitions, but `shards` is 4: make another topic, with 4")
        }
        // One that does all does not use it.
        #expect(try report([missing]).of("shuffle").map(\.status) == ["warn"])
    }

    @Test func itSaysWhatProcessesMustAgreeOnAndHowFarThoseThatDoHaveRead() throws {
        let (shared, other) = (try topology("a", shuffle: "told"), try topology("b", shuffle: "told", window: 8))
        let corpus = try subject.corpus(documents: 40)
        try program.feed(corpus, at: broker.address, partitions: 2)
        let reading = try program.run(["run", shared, "--until-drained", "--quiet"] + Self.reader)
        try #require(reading.status == 0, "\(reading.errors)")
        let before = try report([shared] + Self.owner).of("shuffle")
        #expect(before.map(\.status) == ["ok", "ok", "ok", "ok"])
        #expect(before.contains { $0.message == "topic told: 4 partitions, one for each shard" })
        #expect(
            before.contains { $0.message.contains("evidence.window 16") && $0.message.contains("shuffle.block 16") })
        #expect(before.last?.message.hasPrefix("no owner that agrees has read anything yet; ") == true)
        #expect(before.last?.message.contains(" 0 records") == false)

        let owning = try program.run(["run", shared, "--until-drained", "--quiet"] + Self.owner)
        try #require(owning.status == 0, "\(owning.errors)")
        let after = try report([shared] + Self.owner).of("shuffle")
        #expect(after.last?.message.hasSuffix("; nobody has read shard 1, 3") == true, "\(after)")
        let stranger = try report([other] + Self.reader).of("shuffle")
        #expect(stranger.last?.message.hasPrefix("no owner that agrees has read anything yet; ") == true)
        #expect(stranger.contains { $0.message.contains("evidence.window 8") })
    }

    @Test func howLongTheTopicKeepsItsRecordsIsSaidToBeUnknownWhereTheBrokerDoesNotTell() throws {
        let mock = try report([try topology("a", shuffle: "told")] + Self.owner).of("shuffle")
        let real = try RoleCluster(documents: 2, shuffle: ["told"], isReal: true)
        let topology = try real.topology("a", shuffle: "told", title: "a")
        let told = try DoctorReading(real.program, [topology] + Self.owner).of("shuffle")
        for (findings, reason) in [(mock, "controller"), (told, "the broker does not tell it")] {
            let found = findings.filter { $0.message.contains("retention.ms=-1") }
            #expect(found.map(\.status) == ["ok"], "\(findings)")
            #expect(found.first?.message.hasPrefix("topic told: its retention, ") == true)
            #expect(found.first?.message.contains(reason) == true)
        }
    }

    @Test func aProcessIsLookedAtByWhatItReaches() throws {
        let shared = try topology("a", shuffle: "told")
        let reader = try report([shared] + Self.reader)
        #expect(reader.of("source corpus").map(\.status) == ["ok", "ok"] && reader.of("sink out").isEmpty)
        #expect(reader.of("state").isEmpty && reader.of("memory").isEmpty)
        let owner = try report([shared] + Self.owner)
        #expect(owner.of("source corpus").isEmpty && !owner.of("sink out").isEmpty && owner.of("fit codes").isEmpty)
        #expect(owner.of("state").first?.message.contains("shards-0-of-2") == true)
    }

    @Test func whatARunWouldRefuseIsRefusedAtItsPlace() throws {
        let corpus = try subject.corpus(documents: 2)
        let file = try topology("files", shuffle: "told", source: "{ type: file, path: \"\(corpus)\" }")
        let uneven = ["--role", "evidence", "--ordinal", "0", "--of", "3"]
        #expect(try program.run(["validate", file]).status == 0)
        for (arguments, text) in [(Self.reader, "is no Kafka topic"), (uneven, "divides 4")] {
            let validated = try program.run(["validate", file] + arguments)
            let run = try program.run(["run", file] + arguments)
            #expect(validated.status == 78 && validated.errors.contains("E620"), "\(validated.errors)")
            #expect(validated.errors.contains(text) && run.status == 78 && run.errors == validated.errors)
            let examined = try report([file] + arguments)
            #expect(!examined.sound)
            #expect(examined.of("topology").contains { $0.status == "FAIL" && $0.message.contains(text) })
        }
        #expect(try program.run(["doctor"] + Self.reader).status == 64)
        let sound = try program.run(["validate", try topology("a", shuffle: "told")] + Self.owner)
        #expect(sound.status == 0 && sound.output.hasSuffix("nodes, for --role evidence\n"), "\(sound.output)")
    }
}

import Elements
import Evidence
import Foundation
import StateNotes
import Store
import TestSupport
import Testing

/// One topology in several processes, through a shuffle topic.
@Suite(.serialized, .timeLimit(.minutes(10))) struct RolesTests {
    private static let shards = 4

    private struct Cluster {
        let broker: BrokerProcess
        let subject: TinySubject
        let program: GlossProgram
        let source: String

        init(documents: Int, shuffle: [String]) throws {
            var topics = ["corpus": 4]
            for name in shuffle { topics[name] = RolesTests.shards }
            broker = try BrokerProcess(mockTopics: topics)
            subject = try TinySubject()
            program = GlossProgram(environment: broker.environment)
            let corpus = try subject.corpus(documents: documents)
            let fed = try program.run(
                ["feed", corpus, "--brokers", broker.address, "--topic", "corpus", "--partitions", "4"])
            try #require(fed.status == 0, "\(fed.errors)")
            source = "{ type: kafka, brokers: \"\(broker.address)\", topics: [corpus] }"
        }

        func topology(_ name: String, shuffle topic: String, title: String, block: Int = 16) throws -> String {
            try subject.topology(
                name, source: source, title: title,
                header: "shuffle: { brokers: \"\(broker.address)\", topic: \(topic), shards: \(RolesTests.shards), "
                    + "block: \(block) }")
        }

        func role(_ role: String, _ ordinal: Int, of count: Int) -> [String] {
            ["--role", role, "--ordinal", "\(ordinal)", "--of", "\(count)"]
        }

        func run(_ topology: String, _ arguments: [String]) throws {
            let outcome = try program.run(["run", topology, "--until-drained", "--quiet"] + arguments)
            try #require(outcome.status == 0, "\(arguments): \(outcome.errors)")
        }
    }

    @Test(arguments: [(1, 1), (2, 2), (4, 4), (2, 4)])
    func anyNumberOfProcessesHoldsWhatOneHolds(ingest: Int, evidence: Int) throws {
        let cluster = try Cluster(documents: 120, shuffle: ["shuffle"])
        let shared = try cluster.topology("shared", shuffle: "shuffle", title: "tiny")
        for ordinal in 0..<ingest { try cluster.run(shared, cluster.role("ingest", ordinal, of: ingest)) }
        for ordinal in 0..<evidence { try cluster.run(shared, cluster.role("evidence", ordinal, of: evidence)) }
        try compare(cluster, evidence)
    }

    @Test func killsLeaveNoTrace() throws {
        let cluster = try Cluster(documents: 600, shuffle: ["shuffle"])
        let shared = try cluster.topology("shared", shuffle: "shuffle", title: "tiny")
        var kills = 0
        for checkpoints in [1, 2, 4] {
            for ordinal in 0..<2 {
                let arguments =
                    ["run", shared, "--until-drained", "--verbose"] + cluster.role("ingest", ordinal, of: 2)
                if try cluster.program.runAndKill(arguments, afterCheckpoints: checkpoints) { kills += 1 }
            }
        }
        #expect(kills >= 3, "the corpus is too small to be interrupted")
        for ordinal in 0..<2 { try cluster.run(shared, cluster.role("ingest", ordinal, of: 2)) }
        for ordinal in 0..<2 {
            let arguments = ["run", shared, "--until-drained", "--verbose"] + cluster.role("evidence", ordinal, of: 2)
            _ = try cluster.program.runAndKill(arguments, afterCheckpoints: 1)
            try cluster.run(shared, cluster.role("evidence", ordinal, of: 2))
        }
        try compare(cluster, 2)
    }

    /// Compares with one process that runs the same file without a role.
    private func compare(_ cluster: Cluster, _ count: Int) throws {
        let shared = cluster.subject.folder.file("shared.yaml")
        let joined = try joined(cluster, shared)
        let alone = try cluster.program.run(["run", shared, "--until-drained", "--quiet"])
        try #require(alone.status == 0, "\(alone.errors)")
        let whole = try RunContent(cluster.subject.state("shared"), program: cluster.program)
        var union: Reservoir?
        var results: [String: String] = [:]
        var written = 0
        for ordinal in 0..<count {
            let state = cluster.subject.state("shared") + "/shards-\(ordinal)-of-\(count)"
            let reader = try Store.reader(directory: state)
            let coder = try #require(
                try Store.reader(directory: cluster.subject.state("shared")).coderIdentities().first)
            var reservoir = Reservoir(
                settings: try ReservoirSettings(window: 16, sample: 32, top: 4, pool: 512, seed: 7), coder: coder)
            for segment in try reader.segments(of: "evidence") { try reservoir.merge(segment: segment.bytes) }
            for explanation in try reader.explanations() {
                results["\(explanation.job)"] = explanation.text
                written += 1
            }
            #expect(try reader.jobs(in: .open).isEmpty && reader.jobs(in: .failed).isEmpty)
            if union == nil { union = reservoir } else { try union?.merge(share: reservoir) }
        }
        let note = EvidenceNote(node: "evidence", view: try #require(union).view(), epoch: 1)
        #expect(note.digest == whole.evidenceDigest)
        #expect(note.countsDigest == whole.countsDigest)
        #expect(note.totals.tokens == whole.tokens && whole.tokens > 10_000)
        let explained = try Dictionary(
            uniqueKeysWithValues: Store.reader(directory: cluster.subject.state("shared")).explanations()
                .map { ("\($0.job)", $0.text) })
        #expect(results == explained && written == explained.count && explained.count > 50)
        #expect(joined.report.evidence.map(\.evidence_digest) == [whole.evidenceDigest])
        #expect(joined.report.evidence.map(\.counts_digest) == [whole.countsDigest])
        #expect(joined.report.evidence.map(\.tokens) == [whole.tokens] && joined.report.exact)
        #expect(joined.report.explanations == ["lexical": explained.count])
        #expect(joined.exported == explained.values.count { !$0.isEmpty })
        #expect(joined.told == explained.count)
    }

    /// What is read of all shares while there is no state of one process beside them.
    private func joined(
        _ cluster: Cluster, _ topology: String
    ) throws -> (report: ReportReading, exported: Int, told: Int) {
        let state = cluster.subject.state("shared")
        let report = try ReportReading(state, program: cluster.program, ["--topology", topology])
        let named = try cluster.program.run(["report", "--topology", topology, "--best", "1"])
        #expect(named.status == 0 && named.output.contains("shares"), "\(named.errors)")
        let export = try cluster.program.run(["export", state, "--format", "neuronpedia", "--model-id", "tiny"])
        #expect(export.status == 0, "\(export.errors)")
        let tail = ["--json", "--explain", "--since-cursor", "0", "--end"]
        let told = try cluster.program.run(["tail", state] + tail)
        #expect(told.status == 0, "\(told.errors)")
        #expect(try cluster.program.run(["tail", "--topology", topology] + tail).output == told.output)
        let top = try cluster.program.run(["top", "--topology", topology, "--json"])
        let graph = try cluster.program.run(["graph", "--live", state])
        #expect(top.status == 0 && graph.status == 0, "\(top.errors) \(graph.errors)")
        #expect(try totals(top.output).allSatisfy { $0 > 0 })
        try served(cluster, topology, alike: (told.output, try totals(top.output)), tail)
        let lines = told.output.split(separator: "\n").count
        return (report, export.output.split(separator: "\n").count, lines)
    }

    /// What is served of all shares is what is read of them.
    private func served(
        _ cluster: Cluster, _ topology: String, alike read: (tail: String, totals: [Int]), _ tail: [String]
    ) throws {
        let address = "127.0.0.1:\(try Ports.free())"
        let serving = try RunningGloss(
            cluster.program, ["serve", "--topology", topology, "--address", address])
        #expect(serving.says("the pages are at"))
        #expect(try cluster.program.run(["tail", "http://\(address)"] + tail).output == read.tail)
        #expect(try totals(cluster.program.run(["top", "http://\(address)", "--json"]).output) == read.totals)
        serving.signal(SIGTERM)
        _ = serving.end()
    }

    /// All latents, and those that are found, as `gloss top --json` tells.
    private func totals(_ json: String) throws -> [Int] {
        let object = try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any]
        return try ["total", "found"].map { try #require(object?[$0] as? Int) }
    }

    @Test func aProcessWithAnotherFileIsNamedAndMergesNothing() throws {
        let cluster = try Cluster(documents: 40, shuffle: ["shuffle"])
        let shared = try cluster.topology("shared", shuffle: "shuffle", title: "tiny")
        let other = try cluster.topology("other", shuffle: "shuffle", title: "tiny", block: 32)
        try cluster.run(other, cluster.role("ingest", 0, of: 1))
        try cluster.run(shared, cluster.role("ingest", 0, of: 1))
        try cluster.run(shared, cluster.role("evidence", 0, of: 1))
        let report = try ReportReading(
            cluster.subject.state("shared") + "/shards-0-of-1", program: cluster.program)
        #expect(report.dead_letters["foreign", default: 0] > 0 && report.exact)
        try compare(cluster, 1)
    }

    @Test func anotherTopicIsToldEverythingAnew() throws {
        let cluster = try Cluster(documents: 120, shuffle: ["first", "second"])
        let first = try cluster.topology("first", shuffle: "first", title: "tiny")
        try cluster.run(first, cluster.role("ingest", 0, of: 1))
        let shared = try cluster.topology("shared", shuffle: "second", title: "tiny")
        try cluster.run(shared, cluster.role("ingest", 0, of: 1))
        try cluster.run(shared, cluster.role("evidence", 0, of: 1))
        try compare(cluster, 1)
    }

    @Test func aTopologyThatCannotBeSharedIsRefusedAtItsPlace() throws {
        let subject = try TinySubject()
        let corpus = try subject.corpus(documents: 2)
        let file = try subject.topology("file", source: "{ type: file, path: \"\(corpus)\" }")
        let program = GlossProgram()
        let without = try program.run(["run", file, "--role", "evidence", "--ordinal", "0", "--of", "1"])
        #expect(without.status == 78 && without.errors.contains("file.yaml:2:7: E620"), "\(without.errors)")
        let shared = try subject.topology(
            "files", source: "{ type: file, path: \"\(corpus)\" }",
            header: "shuffle: { brokers: \"127.0.0.1:9\", topic: t, shards: 4 }")
        let unshared = try program.run(["run", shared, "--role", "ingest", "--ordinal", "0", "--of", "1"])
        #expect(unshared.status == 78 && unshared.errors.contains("is no Kafka topic"), "\(unshared.errors)")
        let uneven = try program.run(["run", shared, "--role", "evidence", "--ordinal", "0", "--of", "3"])
        #expect(uneven.status == 78 && uneven.errors.contains("divides 4"), "\(uneven.errors)")
        #expect(try program.run(["run", file, "--role", "ingest"]).status == 64)
    }
}

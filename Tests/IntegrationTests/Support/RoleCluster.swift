import Elements
import Evidence
import Foundation
import StateNotes
import Store
import TestSupport
import Testing

/// A broker, a tiny subject and a corpus of four partitions, for a topology that runs in several processes.
struct RoleCluster {
    static let shards = 4
    /// The topic that results are published to.
    private static let results = "results"

    let broker: BrokerProcess
    let subject: TinySubject
    let program: GlossProgram
    /// Whether it is a real broker, and not the mock cluster.
    let isReal: Bool
    private let brokers: String

    /// - Parameters:
    ///   - shuffle: The shuffle topics.
    ///   - isReal: Whether it is a real broker, and not the mock cluster.
    init(documents: Int, shuffle: [String], isReal: Bool = false) throws {
        self.isReal = isReal
        var topics = ["corpus": 4, Self.results: 1]
        for name in shuffle { topics[name] = Self.shards }
        broker = try isReal ? BrokerProcess() : BrokerProcess(mockTopics: topics)
        subject = try TinySubject()
        program = GlossProgram(environment: broker.environment)
        brokers = broker.address
        try program.feed(try subject.corpus(documents: documents), at: brokers, partitions: 4)
        if isReal {
            // Feeding nothing makes the topic.
            try subject.folder.write("", to: "nothing.ndjson")
            for (name, partitions) in topics where name != "corpus" {
                try program.feed(subject.folder.file("nothing.ndjson"), to: name, at: brokers, partitions: partitions)
            }
        }
    }

    /// - Parameter client: Settings of librdkafka, as a YAML flow mapping.
    func topology(
        _ name: String, shuffle topic: String, title: String, block: Int = 16, client: String = "{}"
    ) throws -> String {
        try subject.topology(
            name, source: "{ type: kafka, brokers: \"\(brokers)\", topics: [corpus], librdkafka: \(client) }",
            sinks: "{ out: { type: kafka, inputs: [lexical, executed, detected], topic: \(Self.results) } }",
            title: title,
            header: "shuffle: { brokers: \"\(brokers)\", topic: \(topic), shards: \(Self.shards), block: \(block) }")
    }

    func role(_ role: String, _ ordinal: Int, of count: Int) -> [String] {
        ["--role", role, "--ordinal", "\(ordinal)", "--of", "\(count)"]
    }

    func run(_ topology: String, _ arguments: [String]) throws {
        let outcome = try program.run(["run", topology, "--until-drained", "--quiet"] + arguments)
        try #require(outcome.status == 0, "\(arguments): \(outcome.errors)")
    }

    /// Compares with one process that runs the same file without a role.
    ///
    /// - Parameter isKilled: Whether an owner was killed, so that what it had published may have come again.
    func compare(owners count: Int, isKilled: Bool = false) async throws {
        let shared = subject.folder.file("shared.yaml")
        // Our own client is Debian's, which cannot talk to the real broker.
        let published = isReal ? nil : try await PublishedKeys.read(Self.results, at: brokers)
        let joined = try joined(shared)
        let alone = try program.run(["run", shared, "--until-drained", "--quiet"])
        try #require(alone.status == 0, "\(alone.errors)")
        let whole = try RunContent(subject.state("shared"), program: program)
        var union: Reservoir?
        var results: [String: String] = [:]
        var scores: [String: [Estimate?]] = [:]
        var written = 0
        var done: [String: Int] = [:]
        for ordinal in 0..<count {
            let state = subject.state("shared") + "/shards-\(ordinal)-of-\(count)"
            let reader = try Store.reader(directory: state)
            let coder = try #require(
                try Store.reader(directory: subject.state("shared")).coderIdentities().first)
            var reservoir = Reservoir(
                settings: try ReservoirSettings(window: 16, sample: 32, top: 4, pool: 512, seed: 7), coder: coder)
            for segment in try reader.segments(of: "evidence") { try reservoir.merge(segment: segment.bytes) }
            for explanation in try reader.explanations() {
                results["\(explanation.job)"] = explanation.text
                written += 1
            }
            try scores.merge(Self.scores(reader)) { first, second in first + second }
            #expect(try reader.jobs(in: .open).isEmpty && reader.jobs(in: .failed).isEmpty)
            for job in try reader.jobs(in: .done) { done["\(job.job.id)", default: 0] += 1 }
            #expect(try reader.unsentMessages().isEmpty)
            if union == nil { union = reservoir } else { try union?.merge(share: reservoir) }
        }
        // A job has one owner, and its result one message.
        #expect(done.values.allSatisfy { $0 == 1 } && done.count > 100)
        if let published {
            #expect(Set(published.keys) == Set(done.keys))
            #expect(isKilled || published == done)
        }
        let note = EvidenceNote(node: "evidence", view: try #require(union).view(), epoch: 1)
        #expect(note.digest == whole.evidenceDigest)
        #expect(note.countsDigest == whole.countsDigest)
        #expect(note.totals.tokens == whole.tokens && whole.tokens > 10_000)
        let explained = try Dictionary(
            uniqueKeysWithValues: Store.reader(directory: subject.state("shared")).explanations()
                .map { ("\($0.job)", $0.text) })
        #expect(try scores == Self.scores(Store.reader(directory: subject.state("shared"))) && scores.count > 50)
        #expect(results == explained && written == explained.count && explained.count > 50)
        #expect(joined.report.evidence.map(\.evidence_digest) == [whole.evidenceDigest])
        #expect(joined.report.evidence.map(\.counts_digest) == [whole.countsDigest])
        #expect(joined.report.evidence.map(\.tokens) == [whole.tokens] && joined.report.exact)
        #expect(joined.report.explanations == ["lexical": explained.count])
        #expect(joined.exported == explained.values.count { !$0.isEmpty })
        #expect(joined.told == explained.count)
    }

    /// The headlines of scores by job, without controls, which are drawn from an owner's own latents.
    private static func scores(_ reader: StoreReader) throws -> [String: [Estimate?]] {
        Dictionary(grouping: try reader.scores().filter { $0.control == nil }) { "\($0.job)" }
            .mapValues { $0.map(\.headline) }
    }

    /// What is read of all shares while there is no state of one process beside them.
    private func joined(
        _ topology: String
    ) throws -> (report: ReportReading, exported: Int, told: Int) {
        let state = subject.state("shared")
        let report = try ReportReading(state, program: program, ["--topology", topology])
        let named = try program.run(["report", "--topology", topology, "--best", "1"])
        #expect(named.status == 0 && named.output.contains("shares"), "\(named.errors)")
        let export = try program.run(["export", state, "--format", "neuronpedia", "--model-id", "tiny"])
        #expect(export.status == 0, "\(export.errors)")
        let tail = ["--json", "--explain", "--since-cursor", "0", "--end"]
        let told = try program.run(["tail", state] + tail)
        #expect(told.status == 0, "\(told.errors)")
        #expect(try program.run(["tail", "--topology", topology] + tail).output == told.output)
        let top = try program.run(["top", "--topology", topology, "--json"])
        let graph = try program.run(["graph", "--live", state])
        #expect(top.status == 0 && graph.status == 0, "\(top.errors) \(graph.errors)")
        #expect(try totals(top.output).allSatisfy { $0 > 0 })
        try served(topology, alike: (told.output, try totals(top.output)), tail)
        let lines = told.output.split(separator: "\n").count
        return (report, export.output.split(separator: "\n").count, lines)
    }

    /// What is served of all shares is what is read of them.
    private func served(
        _ topology: String, alike read: (tail: String, totals: [Int]), _ tail: [String]
    ) throws {
        let address = "127.0.0.1:\(try Ports.free())"
        let serving = try RunningGloss(
            program, ["serve", "--topology", topology, "--address", address])
        #expect(serving.says("the pages are at"))
        #expect(try program.run(["tail", "http://\(address)"] + tail).output == read.tail)
        #expect(try totals(program.run(["top", "http://\(address)", "--json"]).output) == read.totals)
        serving.signal(SIGTERM)
        _ = serving.end()
    }

    /// All latents, and those that are found, as `gloss top --json` tells.
    private func totals(_ json: String) throws -> [Int] {
        let object = try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any]
        return try ["total", "found"].map { try #require(object?[$0] as? Int) }
    }
}

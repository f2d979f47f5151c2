import Elements
import Kafka
import Nodes
import Observability
import Running
import Shuffle
import StateFixtures
import StateNotes
import Store
import Testing

/// One topology in several processes, one after the other.
@Suite(.timeLimit(.minutes(5))) struct SharedRunTests {
    private let fixture: DaemonFixture
    private let cluster: MockCluster

    init() throws {
        fixture = try DaemonFixture()
        cluster = try MockCluster(topics: ["texts": 2, "told": 2])
    }

    private func graph() throws -> Graph {
        try fixture.graph(
            ["shuffle: { brokers: \"\(cluster.brokers)\", topic: told, shards: 2, block: 3 }"],
            source: "{ type: kafka, brokers: \"\(cluster.brokers)\", topics: [texts], format: text }",
            stages: DaemonFixture.reading + ["people: { type: explain, explainer: written, inputs: [evidence] }"])
    }

    private func feed(_ numbers: Range<Int>) async throws {
        let words = ["one", "red", "fox", "two", "runs", "far", "and", "sleeps"]
        let producer = try KafkaProducer(KafkaSettings(brokers: cluster.brokers))
        try await producer.send(
            contentsOf: numbers.map { number in
                let text = (0..<6).map { words[(number * 5 + $0 * $0) % 8] }.joined(separator: " ")
                return KafkaMessage(topic: "texts", partition: Int32(number % 2), value: Array(text.utf8))
            })
        await producer.close()
    }

    /// Runs a process until it is drained; gives what it was.
    @discardableResult
    private func run(_ role: Role) async throws -> DaemonFixture {
        let next = try fixture.next()
        let graph = try Graph(role.part(of: graph().topology))
        try await next.run(graph) { options in
            options.untilDrained = true
            options.clock = ContinuousClock()
            options.role = role
        }
        return next
    }

    private func note(in state: String) throws -> EvidenceNote {
        try #require(try EvidenceNote.notes.read(of: "evidence", in: Store.reader(directory: state)))
    }

    private static func ingest(_ ordinal: Int, of count: Int) -> Role {
        .ingest(OwnedShards(ordinal: ordinal, of: count))
    }

    private static func evidence(_ ordinal: Int, of count: Int) -> Role {
        .evidence(OwnedShards(ordinal: ordinal, of: count))
    }

    @Test func anOwnerOfAllSharesHoldsWhatOneProcessHolds() async throws {
        try await feed(0..<20)
        for ordinal in 0..<2 { try await run(Self.ingest(ordinal, of: 2)) }
        try await run(Self.evidence(0, of: 1))
        // What comes later is read from the committed offsets on, and merged into what is kept.
        try await feed(20..<31)
        let reader = try await run(Self.ingest(0, of: 1))
        #expect(reader.progress.reading.records < 31)
        try await run(Self.evidence(0, of: 1))
        try await run(.whole)
        let state = fixture.directory.state
        let (alone, shared) = (try note(in: state), try note(in: state + "/shards-0-of-1"))
        #expect(alone.digest == shared.digest && alone.countsDigest == shared.countsDigest)
        #expect(alone.totals == shared.totals && alone.totals.contexts >= 31)
    }

    @Test func anOwnerTakesNoLabelOfALatentThatAnotherOwns() async throws {
        try await feed(0..<4)
        try await run(Self.ingest(0, of: 1))
        try await run(Self.evidence(0, of: 2))
        let coder = try #require(try graph().coders().first)
        let map = ShardMap(coder: coder, shards: 2)
        let own = try #require((0..<coder.latents).first { map.shard(of: $0) == 0 })
        let other = try #require((0..<coder.latents).first { map.shard(of: $0) == 1 })
        let state = fixture.directory.state + "/shards-0-of-2"
        for latent in [own, other] {
            try LatentRequests.add(LatentWish(.label, latents: [latent], text: "some word"), directory: state)
        }
        let next = try await run(Self.evidence(0, of: 2))
        let reader = try Store.reader(directory: state)
        #expect(try reader.explanations(of: "people").map(\.latent) == [own])
        #expect(try reader.latentRequests().isEmpty)
        let told = next.notices.of("people")
        #expect(told.count == 1 && told.first?.contains("another process owns the latent") == true, "\(told)")
    }

    @Test func aProcessThatReadsTheCorpusTakesNoChangeWhileItRuns() async throws {
        let graph = try graph()
        let running = Task { [fixture] in
            try await fixture.outcome(of: graph) { options in
                options.clock = ContinuousClock()
                options.role = Self.ingest(0, of: 1)
            }
        }
        let outcome = await fixture.reloads.ask("a test")
        fixture.stop.raise()
        #expect(try await running.value.isStopped)
        guard case .failed(let reason) = outcome else {
            Issue.record("\(outcome)")
            return
        }
        #expect(reason.contains("at its next start"))
    }
}

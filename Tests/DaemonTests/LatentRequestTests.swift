import Elements
import Nodes
import RuleJudgeServer
import Running
import StateFixtures
import Store
import Synchronization
import Testing

/// What persons ask for about latents, done by a daemon.
@Suite(.timeLimit(.minutes(5))) struct LatentRequestTests {
    private static let stages =
        Array(DaemonFixture.scored.dropLast()) + [
            "people: { type: explain, explainer: written, inputs: [evidence] }",
            "run: { type: score, method: execution, inputs: [words], latents: [0, 1] }",
            "said: { type: score, method: detection, model: far, inputs: [people], examples: 4 }",
        ]

    private func graph(_ fixture: DaemonFixture, _ server: RuleJudgeServer) throws -> Graph {
        try fixture.graph(stages: Self.stages, judge: server.endpoint)
    }

    /// Starts a daemon on what is there, until all is done; returns the state.
    private func start(_ fixture: DaemonFixture, _ server: RuleJudgeServer) async throws -> StoreReader {
        let next = try fixture.next()
        try await next.run(try graph(next, server))
        return try Store.reader(directory: fixture.directory.state)
    }

    @Test func aLabelIsScoredReplacedByANewerOneAndPinned() async throws {
        let server = try await RuleJudgeServer.start()
        let fixture = try DaemonFixture()
        try await fixture.run(try graph(fixture, server))
        let state = fixture.directory.state
        let first = try LatentRequests.add(LatentWish(.label, latents: [0], text: "  every  31st "), directory: state)
        #expect(first.nodes == ["people"])

        var reader = try await start(fixture, server)
        let label = try #require(try reader.explanations(of: "people").first)
        #expect(label.text == "every 31st" && label.latent == 0 && label.provenance.explainer == "written")
        #expect(label.provenance.origin == "human" && label.provenance.again == nil)
        #expect(try reader.latentRequests().isEmpty)
        #expect(try reader.scores(of: "said").filter { $0.control == nil }.map(\.explanation) == [label.job])
        #expect(try reader.events(after: 0, limit: 1000).contains { $0.json.contains("\"origin\":\"human\"") })

        for text in ["👩\u{200d}🔬 multiples", "multiples of 31"] {
            try LatentRequests.add(LatentWish(.label, latents: [0], text: text), directory: state)
        }
        reader = try await start(fixture, server)
        let labels = try reader.explanations(of: "people")
        let newest = try #require(labels.first { $0.text == "multiples of 31" })
        #expect(labels.count == 3)
        // Compared by scalars, and so with the joiner.
        #expect(labels.contains { Array($0.text.unicodeScalars) == Array("👩\u{200d}🔬 multiples".unicodeScalars) })
        let choices = try reader.choices(of: "people").map(\.choice)
        #expect(choices.count == 2 && choices.allSatisfy { $0.outcome == .replaced && $0.reason == .labelled })
        #expect(choices.contains { $0.challenger == newest.job })
        #expect(try reader.scores(of: "said").contains { $0.explanation == newest.job })

        try LatentRequests.add(LatentWish(.pin, latents: [0], job: "\(newest.job)"), directory: state)
        reader = try await start(fixture, server)
        #expect(try reader.pins(of: "people") == [newest.job] && reader.latentRequests().isEmpty)
        #expect(throws: WishRefusal.self) {
            try LatentRequests.add(LatentWish(.label, latents: [0], text: "other"), directory: state)
        }
        try LatentRequests.add(LatentWish(.unpin, latents: [0]), directory: state)
        reader = try await start(fixture, server)
        #expect(try reader.pins(of: "people").isEmpty && reader.explanations(of: "people").count == 3)
        await server.stop()
    }

    /// There is no evidence that they were not made of: the same jobs, and no result twice.
    @Test func onTheSameEvidenceARequestIsDoneAndComesToNothing() async throws {
        let server = try await RuleJudgeServer.start()
        let fixture = try DaemonFixture()
        try await fixture.run(try graph(fixture, server))
        let state = fixture.directory.state
        func jobs(_ reader: StoreReader) throws -> [JobID] {
            try reader.explanations(of: "words").map(\.job) + reader.scores(of: "run").map(\.job)
        }
        let before = try jobs(try Store.reader(directory: state))
        let taken = try LatentRequests.add(LatentWish(.rescore, node: "run", latents: [0]), directory: state)
        #expect(taken.requests == 1 && taken.nodes == ["run"])
        try LatentRequests.add(LatentWish(.explain, node: "words", latents: [0, 2]), directory: state)
        let next = try fixture.next()
        try await next.run(try graph(next, server))
        let reader = try Store.reader(directory: state)
        #expect(try reader.latentRequests().isEmpty)
        #expect(try jobs(reader) == before && !before.isEmpty)
        // The one was explained from this evidence already, and no score node takes the other.
        let told = next.notices.of("words").filter { $0.contains("came to nothing") }
        #expect(told.count == 2)
        for latent in [0, 2] { #expect(told.contains { $0.contains("/\(latent) at words)") }) }
        await server.stop()
    }

    @Test func aRunningDaemonTakesRequestsWithinSeconds() async throws {
        let server = try await RuleJudgeServer.start()
        let fixture = try DaemonFixture()
        try await fixture.run(try graph(fixture, server))
        let next = try fixture.next()
        let asked = Mutex<Double?>(nil)
        let outcome = try await next.outcomeInTime(
            of: try graph(next, server), patience: .seconds(600), untilDrained: false
        ) { seconds in
            // Every node has had evidence by then.
            guard seconds >= 20 else { return }
            let state = next.directory.state
            guard asked.withLock({ $0 }) != nil else {
                try LatentRequests.add(LatentWish(.label, latents: [1], text: "every 41st"), directory: state)
                asked.withLock { $0 = seconds }
                return
            }
            if try !Store.reader(directory: state).explanations(of: "people").isEmpty { next.stop.raise() }
        }
        #expect(outcome.isStopped && asked.withLock { $0 } != nil)
        let reader = try Store.reader(directory: fixture.directory.state)
        #expect(try reader.explanations(of: "people").map(\.text) == ["every 41st"])
        #expect(try reader.latentRequests().isEmpty)
        await server.stop()
    }
}

import Elements
import Evidence
import LatentSheets
import Observability
import StateFixtures
import Store
import Testing

@testable import Serving

/// What is read anew of a state that has many latents, and when.
@Suite struct ServedSheetsTests {
    private static func explained(_ summary: StateSummary) -> Int {
        summary.coders.flatMap(\.states).first { $0.state == .unscored }?.count ?? 0
    }

    @Test func metricsAreToldWithoutAnIndex() async throws {
        try await RunningServer.with { server async throws in
            try server.store.record(explanations: [Fixture.explanation(7, latent: 3, node: "prose")])
            let sheets = try #require(server.services.state.served?.sheets)
            let page = try PrometheusPage(try await server.get("/metrics").body)
            let latents = try #require(page["gloss_latents"])
            #expect(latents.value(["coder": "codes", "state": "unscored"]) == 1)
            #expect(latents.samples.reduce(0) { $0 + $1.value } == Double(Fixture.coder.latents))
            #expect(!sheets.isIndexed)
            #expect(try await server.get("/api/v1/overview").status == 200)
            #expect(sheets.isIndexed)
        }
    }

    @Test func aSummaryHasWhatHasBeenStoredSinceTheOneBefore() async throws {
        try await RunningServer.with { server async throws in
            let sheets = try #require(server.services.state.served?.sheets)
            #expect(try Self.explained(sheets.summary()) == 0)
            try server.store.record(explanations: [Fixture.explanation(7, latent: 3)])
            for _ in 0..<2 { #expect(try Self.explained(sheets.summary()) == 1) }
            try server.store.record(explanations: [Fixture.explanation(8, latent: 4)])
            #expect(try Self.explained(sheets.summary()) == 2)
            // Jobs come without an event, and are asked for each time.
            _ = try server.store.insertJobs([Fixture.job(1)])
            let queued = try sheets.summary().coders.flatMap(\.states).first { $0.state == .queued }
            #expect(queued?.count == 1)
            #expect(try sheets.summary().coders == sheets.overview().coders)
        }
    }

    @Test func anOlderIndexIsShownWhileOneThatTakesLongIsMade() async throws {
        try await RunningServer.with { server async throws in
            let reader = try Store.reader(directory: server.directory.state)
            let sheets = ServedSheets(
                store: reader, coders: try #require(server.services.state.served?.sheets).reader.coders,
                patience: .zero, longestWait: .zero
            ) { _ in nil }
            func explained() throws -> Int { try sheets.index().stored.count }
            #expect(try explained() == 0)
            try server.store.record(explanations: [Fixture.explanation(7, latent: 3)])
            #expect(try explained() == 0)
            sheets.settled()
            #expect(try explained() == 1)
        }
    }

    @Test func anIndexThatIsMadeFastIsWaitedFor() async throws {
        try await RunningServer.with { server async throws in
            let reader = try Store.reader(directory: server.directory.state)
            let sheets = ServedSheets(
                store: reader, coders: try #require(server.services.state.served?.sheets).reader.coders,
                patience: .zero, longestWait: .seconds(3600)
            ) { _ in nil }
            #expect(try sheets.index().stored.isEmpty)
            try server.store.record(explanations: [Fixture.explanation(7, latent: 3)])
            #expect(try sheets.index().stored.count == 1)
        }
    }

    @Test func anIndexIsMadeOnceTheEvidenceOfAllCodersHasCome() async throws {
        try await RunningServer.with { server async throws in
            let sheets = try #require(server.services.state.served?.sheets)
            sheets.evidenceCame()
            sheets.settled()
            #expect(!sheets.isIndexed)
            let settings = try ReservoirSettings(window: 8, sample: 4, top: 2, pool: 4, seed: 1)
            for coder in sheets.reader.coders {
                let reservoir = Reservoir(settings: settings, coder: coder.identity)
                server.services.latestEvidence.put(
                    EvidenceUpdate(view: reservoir.view(), epoch: 1, isCaughtUp: true))
            }
            sheets.settled()
            #expect(sheets.isIndexed)
        }
    }
}

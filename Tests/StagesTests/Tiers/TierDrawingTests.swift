import Dataflow
import Elements
import Evidence
import Running
import Scoring
import SparseCoders
import StateFixtures
import Testing

@testable import Stages

@Suite struct TierDrawingTests {
    private let compute = ComputePool<Void>(name: "compute", threads: 1)
    private let stop = StopSignal()

    /// Latent 1 points where latent 0 does, latent 2 away from it, latent 3 to the side.
    private let coder = SparseCoder.directions([[1, 0], [2, 0.1], [-1, 0], [0, 1]])

    private func drawing(
        _ tiers: Set<NegativeTier>, encoder: EmbeddingSource? = nil
    ) -> TierDrawing {
        TierDrawing(
            tiers: tiers, count: 12, overlap: .drop, seed: 7,
            cache: NegativeTierCache(coder: coder, neighbours: 2, compute: compute, stop: stop),
            pools: PoolCache(compute: compute), encoder: encoder, tokenDecoder: PlantedWords(), compute: compute,
            width: 1,
            timers: StageTimers(node: "drawn"))
    }

    /// Windows 0 to 19 hold the word that the latent fires at, 20 to 39 are its neighbour's, the rest nobody's.
    private let view = CountedView(
        (0..<60).map { number in
            Fixture.pooled([number < 20 ? 5 : 300, 100 + number], latents: 20..<40 ~= number ? [1] : [])
        },
        examples: [
            0: LatentEvidence(
                latent: 0,
                statistics: LatentStatistics(
                    tokensFired: 9, windowsFired: 9, sum: 18, sumOfSquares: 36, maximum: 2, histogram: []),
                train: (0..<6).map { Fixture.example([200 + $0, 5]) }, top: [],
                test: (0..<6).map { Fixture.example([220 + $0, 5]) }, recent: [])
        ])

    private var update: EvidenceUpdate { EvidenceUpdate(view: view, epoch: 1, isCaughtUp: true) }
    private var subject: TierDrawing.Subject {
        (Fixture.explanation(1, latent: 0), HeldOutSet(positives: view.evidence(of: 0).test, negatives: []))
    }

    @Test func eachTierIsDrawnFromTheWindowsThatItIsNamedAfter() async throws {
        let sets = try #require(try await drawing([.lexical, .neighbour]).filled([subject], on: update))
        let tiers = try #require(sets.first?.tiers)
        #expect(sets.count == 1 && Set(tiers.keys) == [.lexical, .neighbour])
        #expect(tiers[.lexical]?.windows.count == 12)
        #expect(tiers[.lexical]?.windows.allSatisfy { $0.window.tokens.first == 5 } == true)
        #expect(tiers[.neighbour]?.windows.count == 12)
        #expect(tiers[.neighbour]?.windows.allSatisfy { $0.latents == [1] } == true)
        #expect(view.timesDecoded == 1)
    }

    @Test func theSemanticTierIsDrawnByMeaningAndEachWindowIsEmbeddedOnce() async throws {
        let embedder = LetterEmbedder()
        let drawing = drawing([.semantic], encoder: EmbeddingSource(embedder: embedder))
        let first = try #require(try await drawing.filled([subject, subject], on: update))
        #expect(first.count == 2 && first[0].tiers == first[1].tiers)
        #expect((first[0].tiers[.semantic]?.windows.count ?? 0) >= NegativeTier.fewest)
        // The pool and the latent's own windows.
        #expect(embedder.asked.count == 66 && Set(embedder.asked).count == 66)
        #expect(try await drawing.filled([subject], on: update)?.first?.tiers == first[0].tiers)
        #expect(embedder.asked.count == 66)
    }

    @Test func withoutAnEncoderThereIsNoSemanticTier() async throws {
        #expect(try await drawing([.semantic]).filled([subject], on: update)?.first?.tiers.isEmpty == true)
    }

    @Test func aStopBeforeAllMeaningsAreKnownDrawsNothing() async throws {
        stop.raise()
        let embedder = LetterEmbedder()
        let drawing = drawing([.semantic], encoder: EmbeddingSource(embedder: embedder))
        #expect(try await drawing.filled([subject], on: update) == nil)
        #expect(embedder.asked.isEmpty)
    }

    @Test func anEncoderThatFailsIsAskedAgainTheNextTime() async throws {
        let embedder = LetterEmbedder(failures: [Mishap()])
        let drawing = drawing([.semantic], encoder: EmbeddingSource(embedder: embedder))
        await #expect(throws: Mishap.self) { try await drawing.filled([subject], on: update) }
        #expect(try await drawing.filled([subject], on: update)?.count == 1)
    }

    @Test func setsStayAsTheyAreIfOnlyRandomNegativesAreAskedFor() async throws {
        let none: TierDrawing? = nil
        #expect(try await none.filled([subject.explanation], [subject.set], on: update) == [subject.set])
        #expect(try await drawing([.lexical]).filled([], on: update)?.isEmpty == true && view.timesDecoded == 0)
    }

    @Test(arguments: [([], [], []), ([1, 2], [3], [1, 3, 2]), ([1], [1, 2, 3], [1, 2, 3]), ([4, 4], [4], [4])])
    func neighboursOfBothKindsAreTakenInTurnEachOnce(first: [Int], second: [Int], expected: [Int]) {
        #expect(TierDrawing.inTurn(first, second) == expected)
    }

    @Test func theLeasesAreThoseOfWhatIsDrawnFrom() async throws {
        let source = EmbeddingSource(embedder: LetterEmbedder())
        let drawing = drawing([.semantic], encoder: source)
        let leases = drawing.leases()
        #expect(leases.count == 2 && self.drawing([.lexical]).leases().count == 1)
        _ = try await drawing.filled([subject], on: update)
        #expect(source.cache.byteCount > 0)
        for lease in leases { await lease.end() }
        #expect(source.cache.byteCount == 0)
    }
}

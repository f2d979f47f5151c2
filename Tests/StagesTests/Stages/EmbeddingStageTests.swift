import Elements
import Hashing
import Inference
import Observability
import Running
import Scoring
import StateFixtures
import Store
import Testing

@testable import Stages

@Suite(.timeLimit(.minutes(5))) struct EmbeddingStageTests {
    private let directory: TemporaryDirectory
    private let update: EvidenceUpdate
    /// Latent 0 fires at planted tokens, latent 1 never.
    private let explanations = [
        Fixture.explanation(1, latent: 0, text: "w5 w6"), Fixture.explanation(2, latent: 1, text: "w9"),
    ]

    init() throws {
        directory = try TemporaryDirectory()
        var stream = try PlantedStream()
        update = try stream.read(800, day: 0, planted: [5, 6, 7])
    }

    private var given: ExplanationBatch { .explanations(explanations, update) }

    @Test func aLatentThatCannotBeScoredIsPassedOverAndToldOnce() async throws {
        let embedder = LetterEmbedder()
        let session = try HeldOutSession(directory)
        let told = try await session.embed(
            [given, .settled(epoch: 1, by: "lexical"), .evidence(update, by: "lexical")], by: embedder)
        #expect(told.scores.map(\.explanation) == [Fixture.hash(1)])
        #expect(told.considered.sorted() == [Fixture.hash(1), Fixture.hash(2)].sorted())
        let score = try #require(try session.store.scores().first)
        #expect(score.method == "embedding" && score.judged == 16 && score.headline != nil)
        // Every text is embedded once, and all that was read is charged to the score.
        #expect(Set(embedder.asked).count == embedder.asked.count && embedder.asked.contains("w5 w6"))
        #expect(score.tokensIn == embedder.asked.reduce(0) { $0 + $1.utf8.count })
        #expect(try session.store.jobs(of: "scored").map(\.state) == [.done])
        try session.store.close()
    }

    @Test func twoExplanationsOfALatentShareWhatIsEmbedded() async throws {
        let embedder = LetterEmbedder()
        let session = try HeldOutSession(directory)
        let both = [explanations[0], Fixture.explanation(3, latent: 0, text: "w6 w7")]
        let scores = try await session.embed([.explanations(both, update)], by: embedder).scores
        #expect(scores.count == 2 && Set(embedder.asked).count == embedder.asked.count)
        #expect(scores.reduce(0) { $0 + $1.tokensIn } == embedder.asked.reduce(0) { $0 + $1.utf8.count })
        #expect(scores.map(\.tokensIn).min() == 5)
        try session.store.close()
    }

    @Test func aFailingEmbedderFailsTheJobsWhichTheNextStartTriesAgain() async throws {
        let first = try HeldOutSession(directory)
        let broken = LetterEmbedder(failures: [InferenceError(.refused, "no such model")])
        #expect(try await first.embed([given], by: broken).scores.isEmpty)
        #expect(try first.store.jobs(of: "scored").map(\.state) == [.failed])
        #expect(first.progress.reading.lastFailures["scored"] == "refused: no such model")
        try first.store.close()

        let second = try HeldOutSession(directory)
        #expect(try await second.embed([given], by: LetterEmbedder()).scores.count == 1)
        #expect(try second.store.jobs(of: "scored").map(\.state) == [.done])
        try second.store.close()

        let third = try HeldOutSession(directory)
        let idle = LetterEmbedder()
        #expect(try await third.embed([given], by: idle).scores.isEmpty && !idle.asked.contains("w5 w6"))
        try third.store.close()
    }

    @Test func anErrorThatIsNoneOfTheModelsEndsTheRun() async throws {
        let session = try HeldOutSession(directory)
        await #expect(throws: Mishap.self) {
            try await session.embed([given], by: LetterEmbedder(failures: [Mishap()]))
        }
        #expect(try session.store.jobs(of: "scored").isEmpty)
        try session.store.close()
    }

    /// An embedder whose server goes away when the process is told to stop.
    private struct Interrupted: TextEmbedder {
        let stop: StopSignal
        var name: String { "interrupted" }
        var digest: Hash128 { Fixture.hash(21) }

        func embed(_ texts: [String]) async throws -> [TextEmbedding] {
            stop.raise()
            throw InferenceError(.unreachable, "connection reset")
        }
    }

    @Test func whatAStopInterruptsIsLeftAndNotCalledAFailure() async throws {
        let session = try HeldOutSession(directory)
        let told = try await session.embed([given], by: Interrupted(stop: session.stop))
        #expect(told.scores.isEmpty && told.considered.isEmpty)
        #expect(try session.store.jobs(of: "scored").isEmpty && session.progress.reading.failures.isEmpty)
        try session.store.close()
    }

    @Test func theNodesLeasesEndWithItsInput() async throws {
        let cleared = EmbeddingSource(embedder: LetterEmbedder())
        _ = try await cleared.embeddings(of: ["kept"])
        let session = try HeldOutSession(directory, leases: [cleared.lease()])
        _ = try await session.embed([], by: LetterEmbedder())
        #expect(cleared.cache.byteCount == 0)
        try session.store.close()
    }
}

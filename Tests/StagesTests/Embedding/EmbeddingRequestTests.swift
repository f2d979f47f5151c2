import Elements
import Hashing
import Scoring
import StateFixtures
import Testing

@testable import Stages

@Suite struct EmbeddingRequestTests {
    /// A round outside any comparison, one in a comparison, and none.
    private static let rounds = [
        ScoringRound(epoch: 3, windowsFired: 40, recent: []),
        ScoringRound(epoch: 3, windowsFired: 40, recent: [], contest: Fixture.hash(9)), nil,
    ]

    @Test(arguments: rounds) func aFailureIsFiledUnderTheNameThatTheScoreWouldHave(round: ScoringRound?) throws {
        var stream = try PlantedStream()
        let view = try stream.read(800, day: 0, planted: [5, 6, 7]).view
        let silent = view.pool.filter { !$0.latents.contains(0) }
        let task = try EmbeddingTask(
            ScoreSubject(node: "scored", explanation: Fixture.explanation(1, latent: 0, text: "w5"), seed: 7),
            heldOut: HeldOutSet(positives: view.evidence(of: 0).test, negatives: silent), examples: 8,
            tokenDecoder: PlantedWords())
        let vector = TextEmbedding(vector: [1, 0], tokens: 1)
        let score = try EmbeddingScorer.score(
            task, embeddings: task.texts.map { _ in vector }, embedder: Fixture.hash(21), tokensIn: 4)
        let stored = round.map { score.noted(in: $0) } ?? score
        #expect(EmbeddingRequest(task: task, round: round).job(embedder: Fixture.hash(21)) == stored.job)
    }
}

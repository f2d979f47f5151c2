import Elements
import Hashing
import Inference
import Lineage
import Testing

@testable import Scoring

/// Embeds a text as the words it holds: one axis for each of ` w0` … ` w79`, and one for all others.
private struct BagOfWords: TextEmbedder {
    let name = "bag"
    let digest = Hash128(high: 3, low: 4)

    func embed(_ texts: [String]) async throws -> [TextEmbedding] {
        texts.map { text in
            var counts = [Float](repeating: 0, count: 81)
            let words = text.split { !$0.isLetter && !$0.isNumber }
            for word in words { counts[Int(word.dropFirst()).flatMap { $0 < 80 ? $0 : nil } ?? 80] += 1 }
            let length = counts.reduce(0) { $0 + $1 * $1 }.squareRoot()
            return TextEmbedding(vector: counts.map { $0 / length }, tokens: words.count)
        }
    }
}

@Suite struct EmbeddingScorerTests {
    private let text = ToyVocabulary(words: 80)
    private let corpus = PlantedCorpus(latents: 12, vocabulary: 80, windows: 1500, seed: 3)

    private func score(_ latent: Int, as explanation: Explanation, control: String? = nil) async throws -> Score {
        let task = try EmbeddingTask(
            ScoreSubject(node: "embedded", explanation: explanation, latent: latent, control: control, seed: 7),
            heldOut: corpus.heldOut(latent), examples: 50, tokenDecoder: text)
        let embedder = BagOfWords()
        return try EmbeddingScorer.score(
            task, embeddings: try await embedder.embed(task.texts), embedder: embedder.digest,
            tokensIn: 9)
    }

    @Test func trueExplanationsScoreHighAndShuffledOnesAHalf() async throws {
        var shuffled: [Double] = []
        let explanations = (0..<12).map { corpus.explanation($0, text: "w\($0)") }
        for explanation in explanations {
            let headline = try #require(try await score(explanation.latent, as: explanation).headline)
            #expect(headline.value > 0.95 && headline.lower > 0.9 && headline.upper <= 1)
        }
        for pair in ControlPair.shuffled(explanations, seed: 1) {
            let control = try await score(pair.own.latent, as: pair.other, control: Shuffle.name)
            #expect(control.control == "shuffled" && control.latent == pair.own.latent)
            #expect(control.explanation == pair.other.job)
            shuffled.append(try #require(control.headline).value)
        }
        #expect(shuffled.count == 12)
        #expect(abs(shuffled.reduce(0, +) / 12 - 0.5) < 0.05)
    }

    @Test func theHeadlineIsTheShareOfPairsInTheRightOrder() async throws {
        let explanation = corpus.explanation(2, text: "w2 and w5")
        let task = try EmbeddingTask(
            ScoreSubject(node: "embedded", explanation: explanation, seed: 7), heldOut: corpus.heldOut(2), examples: 50,
            tokenDecoder: text)
        let embeddings = try await BagOfWords().embed(task.texts)
        var (wins, pairs) = (0.0, 0.0)
        for (positive, one) in zip(task.questions, embeddings.dropFirst()) where positive.isPositive {
            for (negative, other) in zip(task.questions, embeddings.dropFirst()) where !negative.isPositive {
                let (a, b) = (embeddings[0].cosine(one), embeddings[0].cosine(other))
                wins += a > b ? 1 : a == b ? 0.5 : 0
                pairs += 1
            }
        }
        let score = try await score(2, as: explanation)
        #expect(abs(try #require(score.headline).value - wins / pairs) < 1e-12)
        #expect(score.details["auroc"] == score.headline)
        #expect(score.judged == 100 && score.failed == 0 && score.tokensIn == 9 && score.method == "embedding")
    }

    @Test func theWindowsAreThoseOfDetection() throws {
        let explanation = corpus.explanation(4)
        let task = try EmbeddingTask(
            ScoreSubject(node: "embedded", explanation: explanation, seed: 7), heldOut: corpus.heldOut(4), examples: 20,
            tokenDecoder: text)
        var settings = JudgedSettings(method: .detection)
        (settings.positives, settings.negatives) = (20, 20)
        let plan = try corpus.plan(4, settings: settings, judge: RuleJudge(), tokenDecoder: text)
        #expect(task.questions == plan.questions)
        #expect(task.texts.count == 41 && Set(task.keys).count == Set(task.texts).count)
    }

    @Test func eachJobHasItsOwnNameAndTheSameJobTheSame() async throws {
        let (own, other) = (corpus.explanation(1, text: "w1"), corpus.explanation(2, text: "w2"))
        let jobs = [
            try await score(1, as: own).job, try await score(2, as: other).job,
            try await score(1, as: other, control: "shuffled").job,
        ]
        #expect(Set(jobs).count == 3)
        #expect(try await score(1, as: own).job == jobs[0])
    }

    @Test func withoutOneOfTheClassesThereIsNoScore() {
        let empty = HeldOutSet(positives: corpus.test[1], negatives: [])
        #expect(throws: ScoringError.self) {
            try EmbeddingTask(
                ScoreSubject(node: "embedded", explanation: corpus.explanation(1), seed: 1), heldOut: empty,
                examples: 5, tokenDecoder: text)
        }
    }

    @Test func vectorsThatDoNotMatchTheTextsAreRefused() throws {
        let task = try EmbeddingTask(
            ScoreSubject(node: "embedded", explanation: corpus.explanation(1), seed: 1), heldOut: corpus.heldOut(1),
            examples: 5, tokenDecoder: text)
        #expect(throws: ScoringError.self) {
            try EmbeddingScorer.score(
                task, embeddings: [], embedder: Hash128(high: 0, low: 0), tokensIn: 0)
        }
    }
}

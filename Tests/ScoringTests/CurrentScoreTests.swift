import Elements
import Hashing
import Testing

@testable import Scoring

/// What the recent windows of a latent do to its scores.
@Suite struct CurrentScoreTests {
    private static let text = ToyVocabulary(words: 80)
    private static let corpus = PlantedCorpus(latents: 12, vocabulary: 80, windows: 1500, seed: 1)

    /// The windows of latent 0, of which the last ones sampled are recent too, and recent windows in which it fires at the token
    /// of latent 1 instead.
    private func heldOut(changed: Int, recent: Int) -> HeldOutSet {
        var set = Self.corpus.heldOut(0)
        let known = Set(set.positives.map(\.window.identity))
        let other = Self.corpus.test[1].filter { !known.contains($0.window.identity) && !$0.window.tokens.contains(0) }
        set.recent = set.positives.suffix(recent) + other.prefix(changed)
        return set
    }

    private func plan(_ heldOut: HeldOutSet, _ method: JudgedMethod, _ form: AnswerForm) throws -> ScoringPlan {
        let judge = RuleJudge()
        return try ScoringPlan(
            node: "judged", explanation: Self.corpus.explanation(0), heldOut: heldOut,
            settings: JudgedSettings(method: method, form: form), seed: 7, judge: judge, tokens: Self.text)
    }

    @Test(arguments: JudgedMethod.allCases, AnswerForm.allCases)
    func aJudgeIsAskedAboutFreshWindowsBesidesAndTheHeadlineStays(method: JudgedMethod, form: AnswerForm) async throws {
        let (plain, planned) = (
            try plan(Self.corpus.heldOut(0), method, form), try plan(heldOut(changed: 40, recent: 20), method, form)
        )
        #expect(plain.questions == planned.questions && plain.fresh == nil && plain.job != planned.job)
        let fresh = try #require(planned.fresh)
        // No more than half as many as the headline has positives.
        #expect(fresh.questions.count == 25 && fresh.questions.allSatisfy(\.isPositive))
        let recent = fresh.recent.count
        #expect(recent > 0 && recent <= 20)
        let judge = RuleJudge()
        let before = try await JudgedScorer.run(plain, judge: judge, tokenDecoder: Self.text, concurrency: 1).score
        let outcome = try await JudgedScorer.run(planned, judge: judge, tokenDecoder: Self.text, concurrency: 1)
        let score = outcome.score
        #expect(score.headline == before.headline && score.judged == before.judged)
        #expect(score.details["true_positive_rate"] == before.details["true_positive_rate"])
        #expect(score.failed == 0 && outcome.verdicts.count == 125 && before.details["current"] == nil)
        let current = try #require(score.details["current"])
        // The judge knows the old token alone: of 50 + 3 · recent + 4 · 25 in weight it finds all but the last.
        let known = Double(50 + 3 * recent)
        let found = try #require(before.details["true_positive_rate"]).value
        if found == 1 {
            let silent = try #require(before.details["true_negative_rate"]).value
            #expect(abs(current.value - (known / (known + 100) + silent) / 2) < 1e-12)
        }
        let headline = try #require(score.headline)
        #expect(current.value < headline.lower && current.hasDrifted(below: headline))
        #expect(current.lower <= current.value && current.value <= current.upper && current.count == 125)
    }

    @Test func whereTheRecentWindowsAreOfTheSampleNothingMoreIsAsked() throws {
        let planned = try plan(heldOut(changed: 0, recent: 128), .detection, .list)
        let fresh = try #require(planned.fresh)
        #expect(fresh.questions.isEmpty && fresh.recent.count == 50)
        #expect(planned.asked == planned.questions && planned.freshCalls.isEmpty)
    }

    @Test func anAreaHasACurrentFigureTooAndItsHeadlineStays() throws {
        func task(_ set: HeldOutSet) throws -> EmbeddingTask {
            try EmbeddingTask(
                ScoreSubject(node: "embedded", explanation: Self.corpus.explanation(0), seed: 7), heldOut: set,
                examples: 50, tokenDecoder: Self.text)
        }
        // A vector says whether the text holds the old token.
        func score(_ task: EmbeddingTask) throws -> Score {
            let vectors = task.texts.enumerated().map { index, text in
                let holds = index == 0 || text.split(separator: " ").contains("w0")
                return TextEmbedding(vector: holds ? [1, 0] : [0, 1], tokens: 1)
            }
            return try EmbeddingScorer.score(
                task, embeddings: vectors, embedder: Hash128(high: 1, low: 1), tokensIn: 0)
        }
        let (plain, fresh) = (try task(Self.corpus.heldOut(0)), try task(heldOut(changed: 30, recent: 10)))
        #expect(plain.questions == fresh.questions && fresh.fresh.count == 30)
        let (before, after) = (try score(plain), try score(fresh))
        #expect(before.headline?.value == 1 && after.headline?.value == 1 && before.details["current"] == nil)
        let current = try #require(after.details["current"])
        let recent = fresh.isRecent.count { $0 }
        let known = Double(50 + 3 * recent)
        // A window with neither token ties with the silent ones.
        #expect(abs(current.value - (known + 0.5 * 120) / (known + 120)) < 1e-12)
        #expect(current.upper < 1 && current.count == 130)
    }

    @Test func anExecutedPredicateHasACurrentFigureToo() throws {
        let set = heldOut(changed: 30, recent: 128)
        func score(_ recent: [Example]) throws -> Score {
            var set = set
            set.recent = recent
            let explanation = Self.corpus.explanation(0, predicate: "{}")
            return try ExecutionScorer.score(
                ScoreSubject(node: "executed", explanation: explanation, seed: 7), on: set,
                pool: NegativePool(pool: Self.corpus.pool), matches: { $0.contains(0) })
        }
        let (before, after) = (try score([]), try score(set.recent))
        #expect(before.headline == after.headline && before.job != after.job && before.details["current"] == nil)
        let all = Double(set.positives.count)
        #expect(abs((after.details["current"]?.value ?? 0) - (all / (all + 30) + 1) / 2) < 1e-12)
    }

    @Test func howSurprisingWindowsAreHasACurrentFigureToo() async throws {
        let judge = RuleJudge()
        func plan(_ set: HeldOutSet) throws -> SurprisalPlan {
            try SurprisalPlan(
                subject: Self.corpus.subject(0, judge: judge), heldOut: set, settings: SurprisalSettings())
        }
        func score(_ plan: SurprisalPlan) async throws -> Score {
            try await SurprisalScorer.run(plan, judge: judge, tokenDecoder: Self.text, concurrency: 2)
        }
        let (plain, planned) = (try plan(Self.corpus.heldOut(0)), try plan(heldOut(changed: 40, recent: 20)))
        #expect(plain.questions == planned.questions && plain.fresh == nil && plain.job != planned.job)
        let (before, after) = (try await score(plain), try await score(planned))
        #expect(before.headline?.value == 1 && before.details["current"] == nil && before.judged == after.judged)
        #expect(after.headline?.value == 1 && after.failed == 0 && after.tokensIn > before.tokensIn)
        let known = Double(50 + 3 * (try #require(planned.fresh)).recent.count)
        let current = try #require(after.details["current"])
        // A window without the token is as surprising as before, and ties with the silent ones.
        #expect(abs(current.value - (known + 0.5 * 100) / (known + 100)) < 1e-12)
        let headline = try #require(after.headline)
        #expect(current.count == 125 && current.hasDrifted(below: headline))
    }

    @Test func aSimulationHasACurrentFigureToo() async throws {
        let judge = RuleJudge()
        func plan(_ set: HeldOutSet) throws -> SimulationPlan {
            try SimulationPlan(
                subject: Self.corpus.subject(0, judge: judge), heldOut: set, maximum: 9,
                settings: SimulationSettings())
        }
        func score(_ plan: SimulationPlan) async throws -> Score {
            try await SimulationScorer.run(plan, judge: judge, tokenDecoder: Self.text, concurrency: 2)
        }
        let (plain, planned) = (try plan(Self.corpus.heldOut(0)), try plan(heldOut(changed: 40, recent: 20)))
        #expect(plain.windows == planned.windows && plain.fresh == nil && plain.job != planned.job)
        let fresh = try #require(planned.fresh)
        #expect(fresh.windows.count == 25)
        #expect(fresh.windows.allSatisfy { $0.isPositive && $0.activations.contains { $0 > 0 } })
        let (before, after) = (try await score(plain), try await score(planned))
        #expect(before.details["current"] == nil && before.judged == after.judged && after.failed == 0)
        let (headline, earlier) = (try #require(after.headline), try #require(before.headline))
        #expect(abs(headline.value - earlier.value) < 1e-12)
        let current = try #require(after.details["current"])
        #expect(current.count == after.judged + 25 * 24)
        #expect(current.hasDrifted(below: headline))
        // The recent windows of the sample are like the others: without fresh ones nothing falls.
        let same = try await score(plan(heldOut(changed: 0, recent: 128)))
        let (now, all) = (try #require(same.details["current"]), try #require(same.headline))
        #expect(!now.hasDrifted(below: all) && now.count == all.count)
    }
}

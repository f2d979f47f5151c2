import Elements
import Explaining
import Foundation
import Hashing
import Inference
import Statistics
import Testing

@testable import Scoring

@Suite struct TierScoreTests {
    private static let text = ToyVocabulary(words: 80)
    private static let corpus = PlantedCorpus(latents: 12, vocabulary: 80, windows: 1500, seed: 4)

    /// Windows of the pool in which a latent is silent, by what else they hold.
    private static func silent(_ latent: Int, holding token: UInt32? = nil, _ count: Int) -> [PoolWindow] {
        Array(
            corpus.pool.filter { window in
                !window.latents.contains(Int32(latent)) && (token.map(window.window.tokens.contains) ?? true)
            }.prefix(count))
    }

    private static func heldOut(_ latent: Int, tiers: [NegativeTier: TierDraw]) -> HeldOutSet {
        var set = corpus.heldOut(latent)
        set.tiers = tiers
        return set
    }

    private static func plan(
        _ method: JudgedMethod, _ form: AnswerForm, tiers: [NegativeTier: TierDraw], of latent: Int = 1,
        text explained: String? = nil
    ) throws -> ScoringPlan {
        try ScoringPlan(
            node: "judged", explanation: corpus.explanation(latent, text: explained),
            heldOut: heldOut(latent, tiers: tiers),
            settings: JudgedSettings(method: method, form: form), seed: 7, judge: RuleJudge(), tokens: text)
    }

    private static func score(_ plan: ScoringPlan, judge: RuleJudge = RuleJudge()) async throws -> Score {
        try await JudgedScorer.run(plan, judge: judge, tokenDecoder: text, concurrency: 3).score
    }

    @Test(arguments: JudgedMethod.allCases, AnswerForm.allCases)
    func theHeadlineIsThatOfRandomNegativesWhateverElseIsAsked(method: JudgedMethod, form: AnswerForm) async throws {
        let draws: [NegativeTier: TierDraw] = [
            .lexical: .available(Self.silent(1, holding: 3, 60)), .semantic: .notAvailable(4),
        ]
        // A judge that errs, so that a window more in a call would show.
        let judge = RuleJudge(errors: 0.2)
        let alone = try await Self.score(Self.plan(method, form, tiers: [:]), judge: judge)
        let tiered = try await Self.score(Self.plan(method, form, tiers: draws), judge: judge)
        #expect(tiered.headline == alone.headline && tiered.judged == alone.judged)
        #expect(alone.tiers.isEmpty && !alone.details.keys.contains { $0.hasPrefix("tier_") })
        #expect(tiered.tiers.map(\.tier) == [.random, .lexical, .semantic])
        #expect(tiered.tiers[0].figure == alone.headline)
        #expect(tiered.tiers[2] == TierScore(tier: .semantic, figure: nil, windows: 4))
        #expect(tiered.details["tier_semantic"] == nil && tiered.details["tier_semantic_windows"]?.value == 4)
        #expect(tiered.job != alone.job && tiered.tokensIn > alone.tokensIn)
    }

    @Test(arguments: [AnswerForm.list, .logProbabilities])
    func eachTierIsScoredByItsOwnNegativesAndTheSamePositives(form: AnswerForm) async throws {
        // Every lexical negative holds w70, which the explanation names beside the latent's own token.
        let draws: [NegativeTier: TierDraw] = [
            .lexical: .available(Self.silent(10, holding: 70, 60)),
            .neighbour: .available(Self.silent(10, 400).filter { !$0.window.tokens.contains(70) }),
        ]
        let plan = try Self.plan(.detection, form, tiers: draws, of: 10, text: "Contains \"·w10\" or \"·w70\".")
        let score = try await Self.score(plan)
        let tiers = Dictionary(uniqueKeysWithValues: score.tiers.map { ($0.tier, $0) })
        let random = try #require(tiers[.random]?.figure)
        let (lexical, neighbour) = (try #require(tiers[.lexical]?.figure), try #require(tiers[.neighbour]?.figure))
        #expect(random == score.headline && random.value > 0.6 && random.value < 1)
        #expect(lexical.value == 0.5 && neighbour.value == 1)
        #expect(tiers[.lexical]?.windows == 50 && tiers[.neighbour]?.windows == 50)
        #expect(lexical.count == 100)
    }

    @Test func fuzzingHoldsItsPairsWithinEachTier() throws {
        let plan = try Self.plan(
            .fuzzing, .list,
            tiers: [.lexical: .available(Self.silent(1, holding: 3, 30)), .neighbour: .available(Self.silent(1, 11))])
        let positives = Dictionary(
            uniqueKeysWithValues: plan.questions.filter(\.isPositive).map { ($0.identity, $0.marked) })
        for tier in try #require(plan.tiers) {
            #expect(
                tier.isAvailable && tier.windows == tier.questions.count
                    && !tier.questions.contains(where: \.isPositive))
            let paired = try #require(tier.positives)
            #expect(paired.count == tier.windows && Set(paired).count == paired.count)
            func marks(_ all: [[Bool]]) -> [[Bool]: Int] { all.reduce(into: [:]) { $0[$1, default: 0] += 1 } }
            #expect(marks(tier.questions.map(\.marked)) == marks(paired.compactMap { positives[$0] }))
            // What sees the marks alone learns nothing.
            let pairs = plan.questions.filter { tier.counts($0) && $0.isPositive } + tier.questions
            #expect(MarksOnly.estimate(of: pairs)?.value == 0.5)
        }
        #expect(plan.tiers?.map(\.windows) == [30, 11])
    }

    @Test func fewerThanTenPairsAreNotAvailable() async throws {
        // Of another length than the positives, but for nine.
        let others = Self.silent(1, 40).enumerated().map { number, window in
            number < 9
                ? window
                : PoolWindow(
                    window: Window(
                        tokens: Array(window.window.tokens.dropLast()), identity: window.window.identity,
                        priority: window.window.priority), latents: window.latents, isTrain: false, isTest: true)
        }
        let plan = try Self.plan(.fuzzing, .list, tiers: [.lexical: .available(others)])
        #expect(plan.tiers == [TierQuestions(tier: .lexical, windows: 9, questions: [], positives: nil)])
        let score = try await Self.score(plan)
        #expect(score.tiers.last == TierScore(tier: .lexical, figure: nil, windows: 9))
    }

    @Test func noCallHoldsQuestionsOfTwoTiers() throws {
        let draws: [NegativeTier: TierDraw] = [
            .lexical: .available(Self.silent(1, holding: 3, 17)), .neighbour: .available(Self.silent(1, 13)),
        ]
        let plan = try Self.plan(.detection, .list, tiers: draws)
        #expect(plan.tierCalls.map(\.count) == [5, 5, 5, 2, 5, 5, 3])
        #expect((plan.calls + plan.tierCalls).flatMap(Array.init) == Array(plan.asked.indices))
        #expect(try Self.plan(.detection, .list, tiers: [:]).asked == plan.questions)
    }

    @Test func whatFailsInATierIsCountedAndNotScored() async throws {
        let draws: [NegativeTier: TierDraw] = [.lexical: .available(Self.silent(1, holding: 3, 60))]
        let plan = try Self.plan(.detection, .logProbabilities, tiers: draws)
        let score = try await Self.score(plan, judge: RuleJudge(rubbish: 0.3))
        let tier = try #require(score.tiers.last)
        #expect(score.failed > 20 && score.judged + score.failed < 150)
        let figure = try #require(tier.figure)
        #expect(tier.windows == 50 && figure.count < 100)
    }

    @Test func executionCountsEachTierByBruteForce() throws {
        let predicate = LexicalPredicate(anyOf: [.token(1), .token(3)])
        let matcher = LexicalVocabulary(tokenDecoder: Self.text).matcher(for: predicate)
        let draws: [NegativeTier: TierDraw] = [
            .lexical: .available(Self.silent(1, holding: 3, 60)), .neighbour: .available(Self.silent(1, 77)),
            .semantic: .notAvailable(0),
        ]
        func score(_ tiers: [NegativeTier: TierDraw]) throws -> Score {
            let explanation = Self.corpus.explanation(1, predicate: predicate.json)
            return try ExecutionScorer.score(
                ScoreSubject(node: "executed", explanation: explanation, seed: 1),
                on: HeldOutSet(positives: Self.corpus.test[1], negatives: [], tiers: tiers),
                pool: NegativePool(pool: Self.corpus.pool), matches: matcher.matches)
        }
        let (alone, tiered) = (try score([:]), try score(draws))
        #expect(tiered.headline == alone.headline && alone.tiers.isEmpty && tiered.job != alone.job)
        #expect(tiered.tiers.map(\.tier) == [.random, .lexical, .neighbour, .semantic])
        for tier in tiered.tiers.dropFirst().dropLast() {
            var table = ConfusionTable()
            for example in Self.corpus.test[1] {
                table.count(isPositive: true, verdict: matcher.matches(example.window.tokens[...]))
            }
            for window in draws[tier.tier]?.windows ?? [] {
                table.count(isPositive: false, verdict: matcher.matches(window.window.tokens[...]))
            }
            #expect(tier.figure == BalancedAccuracy.estimate(of: table) && tier.windows == table.negatives)
        }
        #expect(tiered.tiers.last == TierScore(tier: .semantic, figure: nil, windows: 0))
    }

    @Test func embeddingComparesEachTierWithTheSamePositives() throws {
        let draws: [NegativeTier: TierDraw] = [
            .lexical: .available(Self.silent(1, holding: 3, 60)), .semantic: .available(Self.silent(1, 20)),
        ]
        func task(_ tiers: [NegativeTier: TierDraw]) throws -> EmbeddingTask {
            try EmbeddingTask(
                ScoreSubject(node: "embedded", explanation: Self.corpus.explanation(1), seed: 7),
                heldOut: Self.heldOut(1, tiers: tiers), examples: 30, tokenDecoder: Self.text)
        }
        func score(_ task: EmbeddingTask) throws -> Score {
            // The first axis is the explanation's; a window's place decides how near it is.
            let embeddings = task.texts.enumerated().map { number, text in
                let cosine = number == 0 ? 1 : Float(EmbeddingCache.key(of: text).low % 1000) / 1000
                return TextEmbedding(vector: [cosine, (1 - cosine * cosine).squareRoot()], tokens: 1)
            }
            return try EmbeddingScorer.score(
                task, embeddings: embeddings, embedder: Hash128(high: 1, low: 1), tokensIn: 0)
        }
        let (alone, tiered) = (try task([:]), try task(draws))
        #expect(alone.questions == tiered.questions && alone.tiers.isEmpty)
        #expect(tiered.texts.count == 1 + 60 + 30 + 20)
        let scores = (try score(alone), try score(tiered))
        #expect(scores.0.headline?.value == scores.1.headline?.value && scores.0.job != scores.1.job)
        func cosine(_ question: Question) -> Double {
            let text = Self.text.text(of: question.tokens)
            return Double(Float(EmbeddingCache.key(of: text).low % 1000) / 1000)
        }
        for tier in tiered.tiers {
            var (wins, pairs) = (0.0, 0.0)
            for positive in tiered.questions where positive.isPositive {
                for negative in tier.questions {
                    let (a, b) = (cosine(positive), cosine(negative))
                    wins += a > b ? 1 : a == b ? 0.5 : 0
                    pairs += 1
                }
            }
            let figure = try #require(scores.1.details["tier_\(tier.tier.rawValue)"])
            #expect(abs(figure.value - wins / pairs) < 1e-6)
            #expect(figure.count == 30 + tier.windows)
        }
    }

    @Test func aPlanFromBeforeThereWereTiersCanStillBeRead() throws {
        let plan = try Self.plan(.detection, .list, tiers: [:])
        let json = try JSONEncoder().encode(plan)
        #expect(!String(decoding: json, as: UTF8.self).contains("\"tiers\""))
        #expect(try JSONDecoder().decode(ScoringPlan.self, from: json) == plan)
    }
}

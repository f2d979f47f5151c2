import Elements
import Hashing
import Inference
import Statistics
import Testing

@testable import Scoring

/// Replicates of each tier's figure beside the same figure of windows repeated as often as their document is drawn.
@Suite struct TierReplicatesTests {
    private static let text = ToyVocabulary(words: 80)
    private static let corpus = PlantedCorpus(latents: 12, vocabulary: 80, windows: 1500, documents: 60, seed: 4)

    private static func silent(holding token: UInt32, _ count: Int) -> [PoolWindow] {
        Array(
            corpus.pool.filter { !$0.latents.contains(1) && $0.window.tokens.contains(token) }.prefix(count))
    }

    private static var draws: [NegativeTier: TierDraw] {
        [
            .lexical: .available(silent(holding: 3, 60)), .neighbour: .available(silent(holding: 5, 20)),
            .semantic: .notAvailable(4),
        ]
    }

    private struct Observation {
        let document: UInt32?
        let isPositive: Bool
        let isYes: Bool
    }

    /// The balanced accuracy of observations as often as a replicate draws their documents.
    private func naive(_ observations: [Observation], in replicate: Int) throws -> Double? {
        var table = ConfusionTable()
        for observation in observations {
            for _ in 0..<DocumentWeights.draw(try #require(observation.document))[replicate] {
                table.count(isPositive: observation.isPositive, verdict: observation.isYes)
            }
        }
        return BalancedAccuracy.value(of: table)
    }

    private func check(_ score: Score, _ observations: [NegativeTier: [Observation]]) throws {
        #expect(score.tiers.map(\.tier) == NegativeTier.allCases)
        for tier in score.tiers {
            guard tier.tier != .semantic else {
                #expect(tier.figure == nil && tier.replicates == nil)
                continue
            }
            let values = try #require(tier.replicates?.values)
            let own = try #require(observations[tier.tier])
            for replicate in 0..<ScoreReplicates.count {
                #expect(isRounded(values[replicate], try naive(own, in: replicate)))
            }
        }
        #expect(score.replicates?.bytes.count == 1 + 4 * 209)
    }

    @Test(arguments: JudgedMethod.allCases) func verdictsOnATierAreDrawnWithThePositives(method: JudgedMethod) throws {
        var set = Self.corpus.heldOut(1)
        set.tiers = Self.draws
        let plan = try ScoringPlan(
            node: "judged", explanation: Self.corpus.explanation(1), heldOut: set,
            settings: JudgedSettings(method: method, form: .list), seed: 7, judge: RuleJudge(), tokens: Self.text)
        var generator = SeededGenerator(seed: 2)
        let verdicts = plan.asked.enumerated().map { index, question in
            Verdict(isYes: index == 9 ? nil : (generator.unit() < 0.7) == question.isPositive, call: index / 5)
        }
        let score = JudgedTally(plan: plan, verdicts: verdicts).score(cost: CallCost())
        // A window may be asked about as a negative of several tiers.
        var start = plan.questions.count
        var places: [NegativeTier: [Int]] = [.random: Array(plan.questions.indices)]
        for tier in try #require(plan.tiers) {
            let positives = plan.questions.indices.filter {
                plan.questions[$0].isPositive && tier.counts(plan.questions[$0])
            }
            places[tier.tier] = positives + (start..<start + tier.questions.count)
            start += tier.questions.count
        }
        let observations = places.mapValues { places in
            places.compactMap { place in
                verdicts[place].isYes.map {
                    Observation(
                        document: plan.asked[place].document, isPositive: plan.asked[place].isPositive, isYes: $0)
                }
            }
        }
        try check(score, observations)
    }

    @Test func aPredicateRunsOverTheWindowsDrawn() throws {
        let rule: (ArraySlice<UInt32>) -> Bool = { $0.contains(1) || $0.contains(3) && $0.contains(7) }
        let positives = Array(Self.corpus.test[1].prefix(40))
        let pool = NegativePool(pool: Self.corpus.pool)
        let score = try ExecutionScorer.score(
            ScoreSubject(node: "executed", explanation: Self.corpus.explanation(1), seed: 7),
            on: HeldOutSet(positives: positives, negatives: [], tiers: Self.draws), pool: pool, matches: rule)
        let found = positives.map {
            Observation(document: $0.document, isPositive: true, isYes: rule($0.window.tokens[...]))
        }
        let windows = Self.draws.mapValues(\.windows).merging([.random: pool.negatives(of: 1)]) { $1 }
        try check(
            score,
            windows.mapValues { windows in
                found
                    + windows.map {
                        Observation(document: $0.document, isPositive: false, isYes: rule($0.window.tokens[...]))
                    }
            })
    }

    @Test func cosinesAreRankedOverTheWindowsDrawn() throws {
        var set = Self.corpus.heldOut(1)
        set.tiers = Self.draws
        let task = try EmbeddingTask(
            ScoreSubject(node: "embedded", explanation: Self.corpus.explanation(1), seed: 7), heldOut: set,
            examples: 30, tokenDecoder: Self.text)
        var generator = SeededGenerator(seed: 3)
        let vectors = task.texts.map { _ in
            TextEmbedding(vector: (0..<4).map { _ in Float(generator.unit() - 0.5) }, tokens: 1)
        }
        let score = try EmbeddingScorer.score(
            task, embeddings: vectors, embedder: Hash128(high: 0, low: 1), tokensIn: 0)
        let lexical = try #require(task.tiers.first { $0.tier == .lexical })
        let values = try #require(score.tiers.first { $0.tier == .lexical }?.replicates?.values)
        let start = 1 + task.questions.count
        let items =
            zip(task.questions, vectors.dropFirst()).filter(\.0.isPositive)
            + zip(lexical.questions, vectors[start...])
        for replicate in 0..<ScoreReplicates.count {
            let drawn = try items.flatMap { item in
                let weight = DocumentWeights.draw(try #require(item.0.document))[replicate]
                return [(Question, TextEmbedding)](repeating: item, count: Int(weight))
            }
            let curve = RankCurve(
                scores: drawn.map { vectors[0].cosine($0.1) }, isPositive: drawn.map(\.0.isPositive))
            #expect(isRounded(values[replicate], curve.area()))
        }
        #expect(score.replicates?.bytes.count == 1 + 3 * 209)
    }
}

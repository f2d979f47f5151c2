import Elements
import Explaining
import Hashing
import Inference
import Statistics
import Testing

@testable import Scoring

/// A latent that fires at w1 and at w2, explained in two parts; and at w3, of which nothing was said.
@Suite struct PartScoreTests {
    private let text = ToyVocabulary(words: 80)

    private func example(_ trigger: UInt32, _ number: UInt32) -> Example {
        let tokens: [UInt32] = [50 + number, trigger, 60 + number]
        let identity = SipHasher.hash128(tokens: tokens, key: SipKey(seed: 7))
        return Example(
            window: Window(tokens: tokens, identity: identity, priority: identity.high), activations: [0, 2, 0])
    }

    /// Six windows of the first part, five of the second, one of neither.
    private var positives: [Example] {
        (0..<6).map { example(1, $0) } + (6..<11).map { example(2, $0) } + [example(3, 11)]
    }

    /// Ten silent windows: w40 in three of them, w1 in one.
    private var pool: [PoolWindow] {
        (0..<10).map { (number: UInt32) in
            let tokens: [UInt32] = [number < 3 ? 40 : 70, number == 9 ? 1 : 71, 20 + number]
            let identity = SipHasher.hash128(tokens: tokens + [5], key: SipKey(seed: 7))
            return PoolWindow(
                window: Window(tokens: tokens, identity: identity, priority: identity.high), latents: [],
                isTrain: false,
                isTest: true)
        }
    }

    private func explanation(reach: Double = 0.4, second: LexicalPredicate? = LexicalPredicate(anyOf: [.token(40)]))
        throws -> Explanation
    {
        let predicates = [LexicalPredicate(anyOf: [.token(1)]), second]
        let whole = try #require(LexicalPredicate(eitherOf: predicates.compactMap(\.self)))
        let plain = PlantedCorpus(latents: 1, vocabulary: 9, windows: 1, seed: 1)
            .explanation(0, text: "(1) w1; or (2) w40.", predicate: whole.json)
        var explanation = plain
        explanation.parts = ExplanationParts(
            meanings: 2, clusters: 2, separation: 0.5, rest: 0,
            parts: zip(["w1", "w40"], predicates).map {
                ExplanationPart(text: $0, predicate: $1?.json, weight: 0.5, windows: 9, reach: reach)
            },
            tokens: [
                PartToken(text: "w1", isFired: true, rarity: 1, values: [0.5, 0]),
                PartToken(text: "w2", isFired: true, rarity: 1, values: [0, 0.5]),
            ])
        return explanation
    }

    private func subject(_ explanation: Explanation, control: String? = nil) -> ScoreSubject {
        ScoreSubject(node: "scored", explanation: explanation, control: control, seed: 7)
    }

    private func execute(_ explanation: Explanation, control: String? = nil) throws -> Score {
        let vocabulary = LexicalVocabulary(tokenDecoder: text)
        let subject = subject(explanation, control: control)
        let matchers = (explanation.parts?.parts ?? []).compactMap(\.predicate).compactMap {
            try? vocabulary.matcher(for: LexicalPredicate(json: $0))
        }
        let whole = vocabulary.matcher(for: try LexicalPredicate(json: explanation.predicate ?? ""))
        return try ExecutionScorer.score(
            subject, on: HeldOutSet(positives: positives, negatives: []), pool: NegativePool(pool: pool),
            parts: PartAssignment(of: positives, to: subject, tokenDecoder: text)
                .map { ExecutedParts($0) { part, tokens in matchers[part].matches(tokens) } },
            matches: whole.matches)
    }

    @Test func windowsGoToThePartWhoseTokensTheyFireAt() throws {
        let assignment = try #require(
            PartAssignment(of: positives, to: subject(explanation()), tokenDecoder: text))
        #expect(assignment.places == Array(repeating: 0, count: 6) + Array(repeating: 1, count: 5) + [nil])
        // A part that reaches less far than a window is away does not hold it.
        let near = try #require(
            PartAssignment(of: positives, to: subject(explanation(reach: 0.6)), tokenDecoder: text))
        #expect(near.places == Array(repeating: nil, count: 12))
    }

    /// By hand: the first part finds 6 of 6 and is wrong in 1 of 10, the second 0 of 5 and 3 of 10; both together 6 of 12 and 4.
    @Test func executionScoresPartsApartAndTogether() throws {
        let score = try execute(explanation())
        func figure(_ found: Int, of count: Int, wrong: Int) -> Estimate? {
            BalancedAccuracy.estimate(
                of: ConfusionTable(
                    truePositives: found, falseNegatives: count - found, trueNegatives: 10 - wrong,
                    falsePositives: wrong))
        }
        #expect(score.details["part_1"] == figure(6, of: 6, wrong: 1) && score.details["part_1"]?.value == 0.95)
        #expect(score.details["part_2"] == figure(0, of: 5, wrong: 3) && score.details["part_2"]?.value == 0.35)
        #expect(score.headline == figure(6, of: 12, wrong: 4))
        #expect(score.details["share_in_no_part"] == Wilson.interval(successes: 1, of: 12))
        #expect(score.parts.map(\.part) == [0, 1] && score.details["part_1"]?.count == 16)
    }

    @Test func aPartOfFewWindowsHasNoFigureAndAControlNone() throws {
        var explanation = try explanation()
        let parts = try #require(explanation.parts)
        // w2 is now the first part's too, and the second has no window left.
        explanation.parts = ExplanationParts(
            meanings: 2, clusters: 2, separation: 0.5, rest: 0, parts: parts.parts,
            tokens: parts.tokens.map { PartToken(text: $0.text, isFired: true, rarity: 1, values: [0.5, 0]) })
        let score = try execute(explanation)
        #expect(score.details["part_1"]?.count == 21 && score.details["part_2"] == nil)
        let control = try execute(explanation, control: "shuffled")
        #expect(control.parts.isEmpty && control.details["share_in_no_part"] == nil)
        explanation.parts = .one
        #expect(try execute(explanation).parts.isEmpty)
    }

    /// Each part's own positives against all negatives, ranked by the part's own text, pair by pair.
    @Test func embeddingScoresPartsApartAndTogether() throws {
        let explanation = try explanation()
        let task = try EmbeddingTask(
            subject(explanation), heldOut: HeldOutSet(positives: positives, negatives: pool), examples: 50,
            tokenDecoder: text)
        #expect(Array(task.texts.suffix(2)) == ["w1", "w40"] && task.texts.count == 1 + 22 + 2)
        // Any vectors will do: each text has its own.
        let embeddings = task.texts.enumerated().map { place, _ -> TextEmbedding in
            let angle = Float((place * 37) % 100) / 16
            return TextEmbedding(vector: [angle == 0 ? 1 : 1 / (1 + angle), 1 - 1 / (1 + angle)], tokens: 1)
        }
        let score = try EmbeddingScorer.score(
            task, embeddings: embeddings, embedder: Hash128(high: 1, low: 1), tokensIn: 3)
        for part in 0..<2 {
            var (wins, pairs) = (0.0, 0.0)
            let said = embeddings[23 + part]
            for (place, question) in task.questions.enumerated() where question.isPositive {
                guard question.tokens[1] == UInt32(part + 1) else { continue }
                for (other, negative) in task.questions.enumerated() where !negative.isPositive {
                    let (a, b) = (said.cosine(embeddings[1 + place]), said.cosine(embeddings[1 + other]))
                    wins += a > b ? 1 : a == b ? 0.5 : 0
                    pairs += 1
                }
            }
            let figure = try #require(score.details["part_\(part + 1)"])
            #expect(abs(figure.value - wins / pairs) < 1e-12 && figure.count == (part == 0 ? 16 : 15))
        }
        // The headline is that of the same explanation without parts.
        var plain = explanation
        plain.parts = nil
        let whole = try EmbeddingTask(
            subject(plain), heldOut: HeldOutSet(positives: positives, negatives: pool), examples: 50,
            tokenDecoder: text)
        #expect(whole.texts == Array(task.texts.dropLast(2)))
        let other = try EmbeddingScorer.score(
            whole, embeddings: Array(embeddings.dropLast(2)), embedder: Hash128(high: 1, low: 1), tokensIn: 3)
        #expect(other.headline?.value == score.headline?.value && other.parts.isEmpty)
        #expect(throws: ScoringError.self) {
            try EmbeddingScorer.score(
                task, embeddings: Array(embeddings.dropLast()), embedder: Hash128(high: 1, low: 1), tokensIn: 3)
        }
    }
}

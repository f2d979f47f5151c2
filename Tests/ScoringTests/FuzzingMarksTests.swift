import Elements
import Hashing
import Inference
import Scoring
import Statistics
import Testing

@Suite struct FuzzingMarksTests {
    /// Questions of latents that fire in runs of several tokens, in windows of several lengths.
    private func questions() throws -> [Question] {
        var generator = SeededGenerator(seed: 21)
        let text = ToyVocabulary(words: 500)
        var questions: [Question] = []
        let corpus = PlantedCorpus(latents: 1, vocabulary: 500, windows: 1, seed: 1)
        func window(_ length: Int) -> Window {
            let tokens = (0..<length).map { _ in UInt32.random(in: 0..<500, using: &generator) }
            let identity = SipHasher.hash128(tokens: tokens, key: SipKey(seed: 7))
            return Window(tokens: tokens, identity: identity, priority: identity.high)
        }
        for latent in 0..<10 {
            let positives = (0..<100).map { number in
                let length = [32, 32, 32, 20, 17][number % 5]
                // Peaks late in the window, in runs: just what a giveaway would show.
                let start = Int.random(in: length / 2..<length - 3, using: &generator)
                let activations = (0..<length).map { place -> Float in
                    (start..<start + 1 + number % 3).contains(place) ? Float.random(in: 4...9, using: &generator) : 0
                }
                return Example(window: window(length), activations: activations)
            }
            let negatives = (0..<400).map { number in
                PoolWindow(window: window([32, 32, 32, 20, 17][number % 5]), latents: [], isTrain: false, isTest: true)
            }
            questions += try ScoringPlan(
                node: "n", explanation: corpus.explanation(latent),
                heldOut: HeldOutSet(positives: positives, negatives: negatives),
                settings: JudgedSettings(method: .fuzzing), seed: 7, judge: RuleJudge(), tokens: text
            ).questions
        }
        return questions
    }

    @Test func bothClassesHaveTheSameMarksOneForOne() throws {
        let questions = try questions()
        func marks(_ isPositive: Bool) -> [[Bool]: Int] {
            questions.filter { $0.isPositive == isPositive }.reduce(into: [:]) { $0[$1.marked, default: 0] += 1 }
        }
        #expect(marks(true) == marks(false))
        #expect(questions.count == 1000 && questions.allSatisfy { $0.marked.count == $0.tokens.count })
    }

    @Test func aClassifierThatSeesMarksOnlyIsAtChance() throws {
        let questions = try questions()
        /// Number of marks, of runs, first and last place, length of the window.
        func features(_ question: Question) -> [Double] {
            let places = question.marked.indices.filter { question.marked[$0] }
            let runs = places.count { $0 == 0 || !question.marked[$0 - 1] }
            return [
                1, Double(places.count) / 3, Double(runs), Double(places.first ?? 0) / 32,
                Double(places.last ?? 0) / 32, Double(question.tokens.count) / 32,
            ]
        }
        // Logistic regression by gradient ascent on half of the latents, judged on the other half.
        let train = questions[..<500].map { (features($0), $0.isPositive) }
        let test = questions[500...].map { (features($0), $0.isPositive) }
        var weights = [0.3, -0.2, 0.1, 0.4, -0.5, 0.2]
        func score(_ features: [Double]) -> Double { zip(weights, features).reduce(0) { $0 + $1.0 * $1.1 } }
        for _ in 0..<300 {
            var gradient = [Double](repeating: 0, count: weights.count)
            for (features, isPositive) in train {
                let margin = score(features)
                let error = (isPositive ? 1 : 0) - 0.5 * (1 + margin / (1 + abs(margin)))
                for index in weights.indices { gradient[index] += error * features[index] }
            }
            for index in weights.indices { weights[index] += gradient[index] / 500 }
        }
        let curve = RankCurve(scores: test.map { score($0.0) }, isPositive: test.map(\.1))
        #expect(abs(try #require(curve.area()) - 0.5) < 1e-9)
    }

    @Test func negativesAreSilentWindowsThatServeOnce() throws {
        let questions = try questions()
        let negatives = questions.filter { !$0.isPositive }
        #expect(Set(negatives.map(\.identity)).count == negatives.count)
        #expect(Set(negatives.map(\.identity)).isDisjoint(with: questions.filter(\.isPositive).map(\.identity)))
    }

    @Test func aMarkNeverStandsOnATokenThatShowsAsNothing() throws {
        let text = ToyVocabulary(words: 20, odd: Dictionary(uniqueKeysWithValues: (10..<20).map { ($0, "") }))
        let corpus = PlantedCorpus(latents: 2, vocabulary: 20, windows: 800, length: 8, seed: 5)
        let plan = try corpus.plan(
            1, settings: JudgedSettings(method: .fuzzing), judge: RuleJudge(), tokenDecoder: text)
        #expect(plan.questions.count > 20)
        for question in plan.questions {
            for (token, isMarked) in zip(question.tokens, question.marked) where isMarked { #expect(token < 10) }
        }
    }
}

import Elements
import Hashing
import Inference
import Lineage
import Testing

@testable import Scoring

@Suite struct ControlTests {
    private let corpus = PlantedCorpus(latents: 30, vocabulary: 80, windows: 20, seed: 3)

    @Test func everyLatentGetsTheExplanationOfAnotherAndEachServesOnce() {
        for count in [2, 3, 30] {
            let explanations = (0..<count).map { corpus.explanation($0) }
            for seed in UInt64(0)..<20 {
                let pairs = ControlPair.shuffled(explanations, seed: seed)
                #expect(pairs.count == count)
                #expect(pairs.allSatisfy { $0.own.latent != $0.other.latent })
                #expect(Set(pairs.map(\.own.latent)).count == count && Set(pairs.map(\.other.latent)).count == count)
            }
        }
    }

    @Test func thePairsHangOnTheSeedAndNotOnTheOrder() {
        let explanations = (0..<30).map { corpus.explanation($0) }
        let pairs = ControlPair.shuffled(explanations, seed: 1)
        #expect(ControlPair.shuffled(explanations.reversed(), seed: 1) == pairs)
        #expect(ControlPair.shuffled(explanations, seed: 2) != pairs)
    }

    @Test func whatCannotBeShuffledIsLeftOut() {
        #expect(ControlPair.shuffled([], seed: 1).isEmpty)
        #expect(ControlPair.shuffled([corpus.explanation(1)], seed: 1).isEmpty)
        #expect(ControlPair.shuffled((0..<5).map { corpus.explanation($0, text: "the same") }, seed: 1).isEmpty)
        let twins = [corpus.explanation(1, predicate: "p"), corpus.explanation(2, predicate: "p")]
        #expect(ControlPair.shuffled(twins, seed: 1).isEmpty)
    }

    private func question(_ marked: [Bool], _ isPositive: Bool) -> Question {
        Question(
            identity: Hash128(high: 0, low: 0), tokens: [1, 2], marked: marked, isPositive: isPositive, block: nil)
    }

    @Test func marksThatAreTheSameInBothClassesGiveNothingAway() {
        let (a, b) = ([true, false], [false, true])
        let even = [question(a, true), question(b, true), question(a, false), question(b, false)]
        #expect(MarksOnly.estimate(of: even)?.value == 0.5)
        let told = [question(a, true), question(a, true), question(b, false), question(a, false)]
        #expect(MarksOnly.estimate(of: told)?.value == 0.75)
        #expect(MarksOnly.estimate(of: [question(a, true), question(b, false)])?.value == 1)
        #expect(MarksOnly.estimate(of: [question([], true), question([], false)]) == nil)
        #expect(MarksOnly.estimate(of: [question(a, true)]) == nil)
    }

    @Test func aControlsPlanSurvivesItsEncodingAndNamesItsScore() throws {
        let corpus = PlantedCorpus(latents: 4, vocabulary: 40, windows: 400, seed: 9)
        let plan = try corpus.plan(
            1, explainedAs: 2, settings: JudgedSettings(method: .fuzzing), judge: RuleJudge(),
            tokenDecoder: ToyVocabulary(words: 40))
        #expect(plan.control == "shuffled")
        let score = JudgedTally(
            plan: plan, verdicts: plan.questions.map { _ in Verdict(isYes: true, call: 0) }
        ).score(cost: CallCost())
        #expect(score.control == "shuffled" && score.headline?.value == 0.5)
        #expect(score.details["marks_only"]?.value == 0.5)
    }
}

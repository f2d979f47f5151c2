import Elements
import Foundation
import Hashing
import StateFixtures
import Testing

@testable import Interchange
@testable import Scoring

/// What is kept of a plan and of what a judge made of it.
@Suite struct KeptPlanTests {
    /// A plan as it is stored.
    private struct StoredPlan: Encodable {
        let job = Fixture.hash(1)
        let node = "judged"
        let coder = Fixture.coder
        let latent = 3
        let explanation = Fixture.hash(2)
        let explainedBy = "prose"
        let text = "dates"
        let judge = "rule"
        let judgeDigest = Fixture.hash(3)
        let seed: UInt64 = 7
        let heldOut = HeldOutAccount(kept: 9)
        let questions: [Question]
        let settings = JudgedSettings(method: .fuzzing)
        let promptVersion = "1"

        func plan() throws -> ScoringPlan {
            try JSONDecoder().decode(ScoringPlan.self, from: JSONEncoder().encode(self))
        }
    }

    private func question(_ token: UInt32, marked: [Bool] = [], isPositive: Bool, block: Int? = nil) -> Question {
        Question(
            identity: Fixture.hash(UInt64(token)), tokens: [token, token + 1], marked: marked, isPositive: isPositive,
            block: block)
    }

    @Test func eachQuestionIsKeptWithItsVerdictAndNoneOfTheTiers() throws {
        let plan = try StoredPlan(questions: [
            question(10, marked: [true, false], isPositive: true, block: 4), question(20, isPositive: false),
            question(30, marked: [false, true], isPositive: false, block: 2),
        ]).plan()
        // The last verdict is about a question of a tier, which is asked after the plan's own.
        let outcome = JudgedOutcome(
            score: Fixture.score(3, 0.5),
            verdicts: [
                Verdict(isYes: true, probability: 0.1, call: 0), Verdict(isYes: nil, call: 1),
                Verdict(isYes: false, probability: 0, call: 1), Verdict(isYes: true, call: 2),
            ])
        let kept = KeptVerdicts(plan, outcome)
        typealias Example = KeptVerdicts.Example
        #expect(
            kept.examples == [
                Example(
                    tokens: [10, 11], marked: [true, false], isPositive: true, block: 4, isYes: true,
                    probability: Float(0.1)),
                Example(
                    tokens: [20, 21], marked: [], isPositive: false, block: nil, isYes: nil, probability: nil),
                Example(
                    tokens: [30, 31], marked: [false, true], isPositive: false, block: 2, isYes: false, probability: 0),
            ])
        #expect(KeptVerdicts(bytes: kept.bytes) == kept)
    }

    @Test func aQuestionThatWasNotAskedIsNotKept() throws {
        let plan = try StoredPlan(questions: [question(10, isPositive: true), question(20, isPositive: false)]).plan()
        let outcome = JudgedOutcome(score: Fixture.score(3, nil), verdicts: [Verdict(isYes: true, call: 0)])
        #expect(KeptVerdicts(plan, outcome).examples.map(\.tokens) == [[10, 11]])
    }
}

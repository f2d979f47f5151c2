import Elements
import Explaining
import Foundation
import Hashing
import Inference
import Synchronization
import Testing

@Suite struct BestOfExplainerTests {
    private let vocabulary = ToyVocabulary([" flag", " the", " x", " y", " z", " q"])

    private func plan(_ settings: BestOfSettings = BestOfSettings(), train count: Int = 60) throws -> BestOfPlan {
        let train = (0..<count).map { number in
            let tokens: [UInt32] = [1, 0, UInt32(number % 6), UInt32(1000 + number)]
            return Example(window: toyWindow(tokens), activations: [0, Float(number + 1), 0.2, 0])
        }
        var pool: [PoolWindow] = []
        for number in 0..<80 {
            let tokens: [UInt32] = [2, 3, UInt32(2000 + number)]
            pool.append(
                PoolWindow(
                    window: toyWindow(tokens), latents: number % 4 == 0 ? [2] : [5], isTrain: number % 5 != 1,
                    isTest: number % 5 == 2))
        }
        var explaining = DefaultExplainerSettings()
        explaining.examples = 10
        return try BestOfPlan(
            node: "best", update: ToyView().update, evidence: toyEvidence(latent: 2, train: train), pool: pool,
            explaining: explaining, settings: settings, seed: 7, model: "fixed",
            modelDigest: Hash128(high: 8, low: 9))
    }

    /// A judge that gives its answers in turn.
    private func judge(_ answers: [String]) -> FixedJudge {
        let rest = Mutex(answers[...])
        let box = Turns(rest: rest)
        return FixedJudge { _ in box.next() }
    }

    private final class Turns: Sendable {
        private let rest: Mutex<ArraySlice<String>>
        init(rest: consuming Mutex<ArraySlice<String>>) { self.rest = rest }
        func next() -> String { rest.withLock { $0.popFirst() ?? "" } }
    }

    @Test func theFoldIsShownToNoCandidateAndNeverScored() throws {
        let plan = try plan()
        #expect(plan.candidates.count == 3 && plan.firing.count == 15 && plan.silent.count == 15)
        let fold = Set(plan.firing.map(\.identity))
        for candidate in plan.candidates { #expect(fold.isDisjoint(with: candidate.examples.map(\.identity))) }
        #expect(Set(plan.candidates.map(\.job)).count == 3)
        // Silent windows are train windows in which the latent does not fire.
        for window in plan.silent {
            let number = Int(window.tokens[2]) - 2000
            #expect(number % 4 != 0 && number % 5 != 1 && number % 5 != 2)
        }
        #expect(try JSONDecoder().decode(BestOfPlan.self, from: JSONEncoder().encode(plan)) == plan)
        #expect(try self.plan().job == plan.job)
        var other = BestOfSettings()
        other.candidates = 2
        #expect(try self.plan(other).job != plan.job)
        #expect(throws: ExplainingError.self) { try self.plan(train: 15) }
    }

    @Test func theCandidateThatTellsTheFoldBestIsKept() async throws {
        let plan = try plan()
        let judge = judge(["[EXPLANATION]: one", "[EXPLANATION]: two", "[EXPLANATION]: three"])
        let values = ["one": 0.6, "two": 0.8, "three": 0.7]
        let outcome = await BestOfExplainer.run(plan, judge: judge, tokenDecoder: vocabulary) {
            explanation, firing, silent in
            #expect(firing.count == 15 && silent.count == 15 && firing.allSatisfy { $0.peak > 0 })
            return CandidateRating(value: values[explanation.text], tokensIn: 50, tokensOut: 1)
        }
        let explanation = try outcome.result.get()
        #expect(explanation.text == "two" && explanation.job == plan.job)
        #expect(explanation.provenance.explainer == "best-of")
        #expect(Set(explanation.provenance.shown).isSuperset(of: (plan.firing + plan.silent).map(\.identity)))
        #expect(outcome.tokensIn == 450 && outcome.tokensOut == 24)
    }

    @Test func ofEqualsTheShorterIsKeptAndTheUnratedNever() async throws {
        let plan = try plan()
        let judge = judge(["[EXPLANATION]: a b c d e", "[EXPLANATION]: a b", "[EXPLANATION]: z"])
        let outcome = await BestOfExplainer.run(plan, judge: judge, tokenDecoder: vocabulary) { explanation, _, _ in
            CandidateRating(value: explanation.text == "z" ? nil : 0.7)
        }
        #expect(try outcome.result.get().text == "a b")
    }

    @Test func oneTextIsNotRatedAndNoneIsAFailure() async throws {
        let plan = try plan()
        let same = await BestOfExplainer.run(
            plan, judge: judge(["[EXPLANATION]: same", "nothing", "[EXPLANATION]: same"]), tokenDecoder: vocabulary
        ) { _, _, _ in
            Issue.record("rated without need")
            return CandidateRating(value: nil)
        }
        #expect(try same.result.get().text == "same")
        let none = await BestOfExplainer.run(plan, judge: judge([]), tokenDecoder: vocabulary) { _, _, _ in
            CandidateRating(value: 1)
        }
        guard case .failure(let error) = none.result else {
            Issue.record("an explanation out of nothing")
            return
        }
        #expect(error.kind == .noAnswer)
    }

    @Test func aJudgeThatFailsForNowLeavesTheJobForLater() async throws {
        let plan = try plan()
        let outcome = await BestOfExplainer.run(
            plan, judge: judge(["[EXPLANATION]: one", "[EXPLANATION]: two", ""]), tokenDecoder: vocabulary
        ) { (_, _, _) async throws(ExplainingError) in
            throw ExplainingError(.inference, "busy", isRetriable: true)
        }
        guard case .failure(let error) = outcome.result else {
            Issue.record("a choice without a rating")
            return
        }
        #expect(error.isRetriable)
    }
}

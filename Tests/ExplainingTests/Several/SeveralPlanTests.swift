import Elements
import Examples
import Foundation
import Hashing
import Inference
import Synchronization
import Testing

@testable import Explaining

@Suite struct SeveralPlanTests {
    private typealias Fixture = MeaningFixture
    private let two: [(trigger: UInt32, words: [UInt32])] = [(1, [10, 11, 12]), (2, [20, 21, 22])]

    private func plan(_ train: [Example], top: [Example] = []) throws -> SeveralPlan {
        var view = ToyView()
        view.pool = Fixture.pool(train)
        var explaining = DefaultExplainerSettings()
        explaining.examples = 12
        explaining.sampling = .mix(10)
        return try SeveralPlan(
            node: "parted", update: view.update, evidence: toyEvidence(latent: 5, train: train, top: top),
            rarity: TokenRarity(pool: view.pool, tokenDecoder: Fixture.text), explaining: explaining,
            settings: SeveralSettings(), seed: 7, model: "fixed", modelDigest: Hash128(high: 8, low: 9),
            tokenDecoder: Fixture.text)
    }

    /// Gives its answers in turn.
    private final class Turns: Sendable {
        private let rest: Mutex<[Result<String, InferenceError>]>
        init(_ answers: [Result<String, InferenceError>]) { rest = Mutex(answers) }
        func next() throws(InferenceError) -> String {
            try rest.withLock { $0.isEmpty ? .success("") : $0.removeFirst() }.get()
        }
    }

    @Test func eachPartIsAskedAboutWithItsOwnWindowsOnly() throws {
        let train = Fixture.windows(two, each: 20, seed: 1)
        let plan = try plan(train, top: Fixture.windows(two, each: 4, seed: 2))
        #expect(plan.plans.count == 2 && plan.parts.parts.count == 2)
        for inner in plan.plans { #expect(Set(inner.examples.map { $0.tokens[9] }).count == 1) }
        #expect(Set(plan.plans.map(\.job)).count == 2 && Set(plan.clustered) == Set(train.map(\.window.identity)))
        #expect(try JSONDecoder().decode(SeveralPlan.self, from: JSONEncoder().encode(plan)) == plan)
        #expect(try self.plan(train, top: Fixture.windows(two, each: 4, seed: 2)).job == plan.job)
        #expect(try self.plan(Array(train.dropLast())).job != plan.job)
    }

    @Test func theAnswersAreJoinedAndKeptApart() async throws {
        let plan = try plan(Fixture.windows(two, each: 20, seed: 1))
        let turns = Turns([.success("[EXPLANATION]: one thing"), .success("[EXPLANATION]: another")])
        let outcome = await SeveralExplainer.run(
            plan, judge: FixedJudge { _ throws(InferenceError) in try turns.next() }, tokenDecoder: Fixture.text)
        let explanation = try outcome.result.get()
        #expect(explanation.text == "(1) one thing; or (2) another." && explanation.predicate == nil)
        #expect(explanation.parts?.parts.map(\.text) == ["one thing", "another"] && explanation.job == plan.job)
        #expect(explanation.parts?.meanings == plan.parts.meanings)
        #expect(Set(explanation.provenance.shown) == Set(plan.clustered) && explanation.provenance.model == "fixed")
    }

    @Test func aPartWithoutAnAnswerFailsTheJobAndIsNamed() async throws {
        let plan = try plan(Fixture.windows(two, each: 20, seed: 1))
        let refusals: [(Result<String, InferenceError>, Bool)] = [
            (.success("[EXPLANATION]:"), false), (.failure(InferenceError(.refused, "no such model")), false),
        ]
        for (refusal, isRetriable) in refusals {
            let turns = Turns([.success("[EXPLANATION]: one thing"), refusal])
            let outcome = await SeveralExplainer.run(
                plan, judge: FixedJudge { _ throws(InferenceError) in try turns.next() }, tokenDecoder: Fixture.text)
            guard case .failure(let error) = outcome.result else {
                Issue.record("one part has no answer")
                continue
            }
            #expect(error.message.hasPrefix("part 2 of 2: ") && error.isRetriable == isRetriable)
        }
    }

    @Test func aLatentOfOneMeaningIsAskedAboutAsAWhole() async throws {
        let plan = try plan(Fixture.windows([(1, [])], each: 40, seed: 1))
        #expect(plan.plans.count == 1 && plan.parts == .one)
        let outcome = await SeveralExplainer.run(
            plan, judge: FixedJudge { _ in "[EXPLANATION]: one thing" }, tokenDecoder: Fixture.text)
        let explanation = try outcome.result.get()
        #expect(explanation.text == "one thing" && explanation.parts == .one)
    }
}

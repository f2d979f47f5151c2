import Elements
import Evidence
import Hashing
import Inference
import Scoring
import StateFixtures
import Testing

@testable import Stages

@Suite struct InterventionPlanningTests {
    /// A subject that is never asked.
    private struct Silent: InterventionSubject {
        let digest = Fixture.hash(41)

        func logits(after prompt: [UInt32], under intervention: Intervention?) async throws(InferenceError)
            -> [Float]
        { [] }

        func completion(
            of prompt: [UInt32], under intervention: Intervention?, tokens: Int, seed: UInt64?
        ) async throws(InferenceError) -> [UInt32] { [] }
    }

    private let planning = InterventionPlanning(
        node: "steered", settings: InterventionSettings(), seed: 7, bos: nil, overlap: .drop,
        models: InterventionModels(subject: Silent(), explainer: FixedJudge(), scorer: FixedJudge()))

    /// Latents 0 and 1 fire in windows of their own, latent 2 in one held-out window only.
    private let view = CountedView(
        [], examples: [0: evidence(0, test: 4), 1: evidence(1, test: 4), 2: evidence(2, test: 1)])

    private static func evidence(_ latent: Int, test: Int) -> LatentEvidence {
        func examples(_ count: Int, from first: UInt32) -> [Example] {
            (0..<UInt32(count)).map { Fixture.example([first + $0, 50 + UInt32(latent), 9]) }
        }
        let start = UInt32(100 * latent + 60)
        return LatentEvidence(
            latent: latent,
            statistics: LatentStatistics(
                tokensFired: 8, windowsFired: 8, sum: 16, sumOfSquares: 32, maximum: 2, histogram: []),
            train: examples(4, from: start), top: [], test: examples(test, from: start + 20), recent: [])
    }

    private func subject(_ latent: Int, explainedAs other: Int? = nil) -> JudgedWork<InterventionPlan>.Subject {
        JudgedWork<InterventionPlan>.Subject(
            explanation: Fixture.explanation(UInt64(other ?? latent) + 1, latent: other ?? latent), latent: latent,
            control: other == nil ? nil : "swapped",
            heldOut: HeldOutSet(positives: view.evidence(of: latent).test, negatives: []),
            update: EvidenceUpdate(view: view, epoch: 1, isCaughtUp: true), pool: [])
    }

    @Test func aLatentIsExplainedFromItsOwnTrainWindowsAndScoredOnHeldOutOnes() throws {
        let plan = try planning.plan(subject(0))
        #expect(plan.explained == nil && plan.latent == 0 && plan.node == "steered")
        // Each prompt ends at the first token at which the latent fires.
        #expect(Set(plan.prompts.explaining) == Set((0..<4).map { [60 + $0, 50] }))
        #expect(Set(plan.prompts.scoring) == Set((0..<4).map { [80 + $0, 50] }))
        #expect(plan.prompts.activation == 2 && plan.subject == Silent().digest)
    }

    @Test func aControlTakesTheOtherLatentsPromptsForItsExplanationOnly() throws {
        let (own, control) = (try planning.plan(subject(0)), try planning.plan(subject(0, explainedAs: 1)))
        #expect(control.prompts == own.prompts && control.latent == 0 && control.control == "swapped")
        let explained = try #require(control.explained)
        #expect(explained.latent == 1 && explained.explaining.allSatisfy { $0.last == 51 })
        #expect(control.job != own.job)
    }

    @Test func aLatentWithTooFewPromptsIsPassedOverAsItselfAndAsAControl() throws {
        for subject in [subject(2), subject(0, explainedAs: 2)] {
            let error = #expect(throws: ScoringError.self) { try planning.plan(subject) }
            #expect(error?.kind == .tooFewExamples && error?.message.hasPrefix("latent 2 fires ") == true)
            #expect(try unlessPassedOver { try planning.plan(subject) } == nil)
        }
    }

    @Test func noOtherErrorPassesALatentOver() throws {
        #expect(try unlessPassedOver { 7 } == 7)
        for kind in ScoringError.Kind.allCases where kind != .tooFewExamples {
            #expect(throws: ScoringError(kind, "?")) { try unlessPassedOver { throw ScoringError(kind, "?") } }
        }
        #expect(throws: Mishap.self) { try unlessPassedOver { throw Mishap() } }
    }
}

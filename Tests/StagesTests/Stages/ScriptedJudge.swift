import Elements
import Hashing
import Inference
import Scoring
import StateFixtures
import Synchronization

@testable import Stages

/// Answers every prompt in the same way.
struct FixedJudge: LanguageModelClient {
    var name: String { "fixed" }
    var digest = Fixture.hash(8)
    var offersLogProbabilities: Bool { false }
    /// The answer.
    var answer: @Sendable () throws(InferenceError) -> String = { "dates" }

    func complete(_ prompt: Prompt, maximumTokens: Int) async throws(InferenceError) -> Completion {
        Completion(text: try answer(), tokensIn: 100, tokensOut: 7)
    }

    func logProbabilities(of answers: [String], after prompt: Prompt) async throws(InferenceError)
        -> AnswerLogProbabilities
    {
        throw InferenceError(.unsupported, "none")
    }
}

/// A plan that says no more than what is scored.
struct ScriptedPlan: JudgedPlan {
    let job: JobID
    let node: String
    let coder: CoderIdentity
    let latent: Int
    let explanation: JobID
    let explainedBy: String
    let control: String?
    let text: String
}

/// What a judge makes of explanations, as a test says.
final class ScoreScript: Sendable {
    private let asked = Mutex<[JobID]>([])
    private let planned = Mutex<Int>(0)
    /// Called before a plan is made, with how many were made before.
    let whenPlanning: @Sendable (Int) -> Void
    /// The value of an explanation.
    let value: @Sendable (JobID) throws -> Double

    init(
        whenPlanning: @escaping @Sendable (Int) -> Void = { _ in },
        value: @escaping @Sendable (JobID) throws -> Double = { _ in 0.75 }
    ) {
        self.whenPlanning = whenPlanning
        self.value = value
    }

    /// The explanations that were asked about, in order.
    var explanations: [JobID] { asked.withLock { $0 } }

    var work: JudgedWork<ScriptedPlan> {
        JudgedWork(
            plan: { [self] subject in
                whenPlanning(
                    planned.withLock {
                        $0 += 1; return $0 - 1
                    })
                let explanation = subject.explanation
                return ScriptedPlan(
                    job: Hash128(
                        high: explanation.job.high &+ UInt64(subject.latent), low: subject.control == nil ? 1 : 2),
                    node: "judged", coder: explanation.coder, latent: subject.latent, explanation: explanation.job,
                    explainedBy: explanation.node, control: subject.control, text: explanation.text)
            },
            run: { [self] plan, _ in
                asked.withLock { $0.append(plan.explanation) }
                let value = try value(plan.explanation)
                return Score(
                    job: plan.job, node: plan.node, method: "detection", coder: plan.coder, latent: plan.latent,
                    explanation: plan.explanation, explainedBy: plan.explainedBy, text: plan.text,
                    headline: Estimate(value: value, lower: value - 0.05, upper: value + 0.05, count: 40),
                    details: [:], judged: 40, failed: 0, tokensIn: 100, tokensOut: 7, control: plan.control)
            })
    }
}

/// Evidence without windows.
struct BlankView: EvidenceView {
    let coder = Fixture.coder
    let totals = StreamTotals()
    let digest = Fixture.hash(9)
    let pool: [PoolWindow] = []

    func statistics(of latent: Int) -> LatentStatistics { evidence(of: latent).statistics }

    func evidence(of latent: Int) -> LatentEvidence {
        let statistics = LatentStatistics(
            tokensFired: 1, windowsFired: 100, sum: 0, sumOfSquares: 0, maximum: 0, histogram: [])
        return LatentEvidence(latent: latent, statistics: statistics, train: [], top: [], test: [], recent: [])
    }
}

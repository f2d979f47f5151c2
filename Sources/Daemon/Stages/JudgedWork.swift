import Elements
import Inference
import Scoring

/// One way of scoring by asking a model: what `JudgedStage` does for every such scorer is not in it.
struct JudgedWork<Plan: JudgedPlan>: Sendable {
    /// What a plan is made from.
    struct Subject: Sendable {
        /// The explanation that is scored.
        let explanation: Explanation
        /// The latent on whose windows it is scored.
        let latent: Int
        /// The name of the control that this is; `nil` if the explanation is the latent's own.
        let control: String?
        /// What the latent's own explanation may be scored on.
        let heldOut: HeldOutSet
        /// The evidence.
        let update: EvidenceUpdate
        /// The view's pool, decoded once for many plans.
        let pool: [PoolWindow]
    }

    /// What is scored, which decides on what is passed over and on the control.
    var topic = ScoringTopic.explanations
    /// Makes a plan; throws `ScoringError`, of kind `tooFewExamples` if the latent is to be passed over.
    let plan: @Sendable (Subject) throws -> Plan
    /// Carries a plan out; throws `ScoringError`.
    let run: @Sendable (Plan, any Judge) async throws -> Score
}

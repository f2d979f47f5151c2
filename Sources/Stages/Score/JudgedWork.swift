package import Elements
package import Inference
package import Scoring

/// One way of scoring by asking a model: what `JudgedStage` does for every such scorer is not in it.
package struct JudgedWork<Plan: JudgedPlan>: Sendable {
    /// What a plan is made from.
    package struct Subject: Sendable {
        /// The explanation that is scored.
        package let explanation: Explanation
        /// The latent on whose windows it is scored.
        package let latent: Int
        /// The name of the control that this is; `nil` if the explanation is the latent's own.
        package let control: String?
        /// What the latent's own explanation may be scored on.
        package let heldOut: HeldOutSet
        /// The evidence.
        package let update: EvidenceUpdate
        /// The view's pool, decoded once for many plans.
        package let pool: [PoolWindow]
    }

    /// What is scored, which decides on what is passed over and on the control.
    package var topic = ScoringTopic.explanations
    /// Makes a plan; throws `ScoringError`, of kind `tooFewExamples` if the latent is to be passed over.
    package let plan: @Sendable (Subject) throws -> Plan
    /// Carries a plan out; throws `ScoringError`.
    package let run: @Sendable (Plan, any Judge) async throws -> Score

    package init(
        topic: ScoringTopic = ScoringTopic.explanations, plan: @escaping @Sendable (Subject) throws -> Plan,
        run: @escaping @Sendable (Plan, any Judge) async throws -> Score
    ) {
        self.topic = topic
        self.plan = plan
        self.run = run
    }
}

extension JudgedWork.Subject {
    /// What a plan says of what it scores.
    package func named(by node: String, judge: any Judge, seed: UInt64) -> PlanSubject {
        PlanSubject(
            node: node, explanation: explanation, latent: latent, control: control, judge: judge, seed: seed,
            heldOut: heldOut.account)
    }
}

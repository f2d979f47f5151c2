package import Elements
package import Inference
package import Scoring

/// One way of scoring by asking a model, without the parts that `JudgedStage` does for every such scorer.
package struct JudgedWork<Plan: JudgedPlan>: Sendable {
    /// The input of a plan.
    package struct Subject: Sendable {
        /// The explanation that is scored.
        package let explanation: Explanation
        /// The latent on whose windows it is scored.
        package let latent: Int
        /// The name of the control that this is; `nil` if the explanation is the latent's own.
        package let control: String?
        /// The held-out set of the latent's own explanation.
        package let heldOut: HeldOutSet
        /// The evidence.
        package let update: EvidenceUpdate
        /// The view's pool, decoded once for many plans.
        package let pool: [PoolWindow]
    }

    /// Makes a plan; throws `ScoringError`, of kind `tooFewExamples` if the latent is to be passed over.
    package let plan: @Sendable (Subject) throws -> Plan
    /// Carries a plan out; throws `ScoringError`.
    package let run: @Sendable (Plan, any LanguageModelClient) async throws -> Score

    package init(
        plan: @escaping @Sendable (Subject) throws -> Plan,
        run: @escaping @Sendable (Plan, any LanguageModelClient) async throws -> Score
    ) {
        self.plan = plan
        self.run = run
    }
}

extension JudgedWork.Subject {
    /// A plan's description of its subject.
    package func named(by node: String, judge: any LanguageModelClient, seed: UInt64) -> PlanSubject {
        PlanSubject(
            node: node, explanation: explanation, latent: latent, control: control, judge: judge, seed: seed,
            heldOut: heldOut.account)
    }
}

import Elements
import Hashing
import Statistics
import Testing

@testable import Scoring

/// Plans of interventions on a `ToySubject`, whose latent number n fires at token n.
enum SteeringPlan {
    private static func examples(_ latent: Int, count: Int, salt: UInt64) -> [Example] {
        var generator = SeededGenerator(seed: UInt64(latent) << 8 ^ salt)
        return (0..<count).map { _ in
            var tokens = (0..<12).map { _ in UInt32.random(in: 100..<512, using: &generator) }
            tokens[Int.random(in: 3..<12, using: &generator)] = UInt32(latent)
            let identity = SipHasher.hash128(tokens: tokens, key: SipKey(seed: 7))
            return Example(
                window: Window(tokens: tokens, identity: identity, priority: identity.high),
                activations: tokens.map { $0 == UInt32(latent) ? 2 : 0 })
        }
    }

    private static func prompts(_ latent: Int, _ settings: InterventionSettings) throws -> InterventionPrompts {
        try InterventionPrompts(
            latent: latent, train: examples(latent, count: 40, salt: 1), heldOut: examples(latent, count: 60, salt: 2),
            settings: settings, seed: 7, bos: nil)
    }

    /// A plan for a latent, or a control that explains another one.
    static func plan(
        _ latent: Int, explainedAs other: Int? = nil, _ models: InterventionModels, settings: InterventionSettings
    ) throws -> InterventionPlan {
        let explanation = Explanation(
            job: Hash128(high: 5, low: UInt64(other ?? latent)), node: "none",
            coder: CoderIdentity(name: "codes", hookpoint: "layers.0", latents: 40, digest: Hash128(high: 1, low: 2)),
            latent: other ?? latent, text: "", predicate: nil,
            provenance: Provenance(
                explainer: "none", sampling: "none", promptVersion: "1", model: nil, seed: 0,
                evidenceDigest: Hash128(high: 0, low: 0), epoch: 1, shown: []))
        let scored = PlanSubject(
            node: "steered", explanation: explanation, latent: latent, control: other == nil ? nil : Shuffle.name,
            judge: models.explainer, seed: 7, heldOut: HeldOutAccount(kept: 60))
        let evidence = InterventionEvidence(
            prompts: try prompts(latent, settings), explained: try other.map { try prompts($0, settings) },
            models: models)
        return InterventionPlan(subject: scored, evidence: evidence, settings: settings)
    }
}

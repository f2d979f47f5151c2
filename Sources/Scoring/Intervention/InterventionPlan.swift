public import Elements
public import Hashing
import Inference

/// All that is needed to score what intervening on one latent does, now or after a restart.
public struct InterventionPlan: JudgedPlan, Hashable {
    /// The job's name.
    public let job: JobID
    /// The id of the score node.
    public let node: String
    /// The coder.
    public let coder: CoderIdentity
    /// The latent that is intervened on.
    public let latent: Int
    /// The job of the upstream explanation, used only for what it was made from.
    public let explanation: JobID
    /// The id of the explain node that made it.
    public let explainedBy: String
    /// The name of the control that this is; `nil` if the latent's own output is explained.
    public let control: String?
    /// The latent's prompts.
    public let prompts: InterventionPrompts
    /// The prompts of the latent whose output is explained in its place; `nil` for its own.
    ///
    /// They decide on that latent's explanation, so that a control needs no other job's outcome.
    public let explained: InterventionPrompts?
    /// The settings.
    public let settings: InterventionSettings
    /// The seed of every choice.
    public let seed: UInt64
    /// The digest of the subject.
    public let subject: Hash128
    /// The name of the model that explains.
    public let explainer: String
    /// Its digest.
    public let explainerDigest: Hash128
    /// The name of the model whose surprisal is measured.
    public let scorer: String
    /// Its digest.
    public let scorerDigest: Hash128
    /// How the held-out windows came about.
    public let heldOut: HeldOutAccount

    /// Plans a score.
    ///
    /// The subject's explanation is the upstream one, in a control that of the latent whose output is explained; its judge is the
    /// model that explains.
    package init(subject scored: PlanSubject, evidence: InterventionEvidence, settings: InterventionSettings) {
        node = scored.node
        coder = scored.coder
        latent = evidence.prompts.latent
        explanation = scored.explanation
        explainedBy = scored.explainedBy
        control = scored.control
        prompts = evidence.prompts
        explained = evidence.explained
        self.settings = settings
        seed = scored.seed
        subject = evidence.models.subject.digest
        explainer = scored.judge
        explainerDigest = scored.judgeDigest
        scorer = evidence.models.scorer.name
        scorerDigest = evidence.models.scorer.digest
        heldOut = scored.heldOut
        var named = settings.named
        named["explanation"] = "\(explanation)"
        named["control"] = control ?? ""
        named["subject"] = "\(subject)"
        named["scorer"] = "\(scorerDigest)"
        named["activation"] = "\(prompts.activation)"
        named["explained"] = explained.map { "\($0.latent) \($0.activation)" } ?? ""
        job =
            JobRecipe(
                work: "score/\(InterventionScorer.name)", node: node, coder: coder, latent: latent,
                windows: prompts.shown(as: 0) + (explained?.shown(as: 2) ?? []),
                promptVersion: InterventionScorer.version, model: explainerDigest, settings: named, seed: seed
            ).id
    }
}

/// What a plan of an intervention is made from.
package struct InterventionEvidence: Sendable {
    /// The prompts of the latent that is intervened on.
    package let prompts: InterventionPrompts
    /// Those of the latent whose output is explained; `nil` for the same one.
    package let explained: InterventionPrompts?
    /// The models that take part.
    package let models: InterventionModels

    /// Brings evidence together.
    package init(prompts: InterventionPrompts, explained: InterventionPrompts? = nil, models: InterventionModels) {
        self.prompts = prompts
        self.explained = explained
        self.models = models
    }
}

extension InterventionPrompts {
    /// The prompts with a level that says what they are for.
    func shown(as level: UInt8) -> [ShownWindow] {
        explaining.map { ShownWindow(tokens: $0, levels: [level]) }
            + scoring.map { ShownWindow(tokens: $0, levels: [level + 1]) }
    }
}

import Elements
package import Evidence
import Inference
package import Scoring

/// Makes the plans of an intervention scorer.
package struct InterventionPlanning: Sendable {
    package let node: String
    package let settings: InterventionSettings
    package let seed: UInt64
    package let bos: UInt32?
    package let overlap: HeldOut.Overlap
    package let models: InterventionModels

    package init(
        node: String, settings: InterventionSettings, seed: UInt64, bos: UInt32?, overlap: HeldOut.Overlap,
        models: InterventionModels
    ) {
        self.node = node
        self.settings = settings
        self.seed = seed
        self.bos = bos
        self.overlap = overlap
        self.models = models
    }

    /// Plans the score of a latent, or of another latent's output explanation on it.
    package func plan(_ subject: JudgedWork<InterventionPlan>.Subject) throws -> InterventionPlan {
        var explained: InterventionPrompts?
        if subject.explanation.latent != subject.latent {
            let heldOut = HeldOutSet(
                of: subject.explanation, on: subject.update.view, pool: subject.pool, overlap: overlap)
            explained = try prompts(of: subject.explanation.latent, heldOut, subject.update.view)
        }
        let evidence = InterventionEvidence(
            prompts: try prompts(of: subject.latent, subject.heldOut, subject.update.view), explained: explained,
            models: models)
        return InterventionPlan(
            subject: subject.named(by: node, judge: models.explainer, seed: seed), evidence: evidence,
            settings: settings)
    }

    private func prompts(
        of latent: Int, _ heldOut: HeldOutSet, _ view: any EvidenceView
    ) throws -> InterventionPrompts {
        try InterventionPrompts(
            latent: latent, train: view.evidence(of: latent).train, heldOut: heldOut.positives, settings: settings,
            seed: seed, bos: bos)
    }
}

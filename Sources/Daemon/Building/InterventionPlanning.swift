import Elements
import Evidence
import Scoring

/// Makes the plans of an intervention scorer.
struct InterventionPlanning: Sendable {
    let node: String
    let settings: InterventionSettings
    let seed: UInt64
    let bos: UInt32?
    let overlap: HeldOut.Overlap
    let models: InterventionModels

    /// Plans the score of a latent, or of another latent's output explanation on it.
    func plan(_ subject: JudgedWork<InterventionPlan>.Subject) throws -> InterventionPlan {
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

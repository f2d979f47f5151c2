import Elements
import Evidence
import Scoring

extension HeldOutSet {
    /// The held-out windows of an explanation's latent: nothing that its train side holds, no overlap with what was shown.
    ///
    /// `pool` is the view's, which takes time to decode.
    init(of explanation: Explanation, on view: any EvidenceView, pool: [PoolWindow], overlap: HeldOut.Overlap) {
        let evidence = view.evidence(of: explanation.latent)
        let identities = Set(explanation.provenance.shown)
        // A contrastive explainer has shown windows of the pool too.
        let shown = ((evidence.train + evidence.top).map(\.window) + pool.map(\.window))
            .filter { identities.contains($0.identity) }
        let held = HeldOut.testExamples(of: evidence, shown: shown, overlap: overlap)
        let negatives = HeldOut.negatives(for: explanation.latent, in: pool, shown: shown, overlap: overlap)
        self.init(
            positives: held.examples, negatives: negatives.windows, droppedByIdentity: held.droppedByIdentity,
            droppedByOverlap: overlap == .drop ? held.sharing13Grams : 0,
            sharing: overlap == .keep ? held.sharing13Grams : 0,
            firing: FiringCount(
                tokensFired: Int(clamping: evidence.statistics.tokensFired),
                tokens: Int(clamping: view.totals.tokens)))
    }
}

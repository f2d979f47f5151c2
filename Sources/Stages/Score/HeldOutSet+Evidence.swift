package import Elements
package import Evidence
package import Lineage
package import Scoring

extension HeldOutSet {
    /// The held-out windows of an explanation's latent: nothing that its train side holds, no overlap with what was
    /// shown.
    ///
    /// `pool` is the view's, which takes time to decode. What was shown for `others` is held out too, so that all of
    /// them can be scored on the same windows. Of a window shown that is no longer sampled only the identity is known:
    /// it is passed over itself, but not what overlaps with it.
    ///
    /// `part` says which of these windows are kept, by their documents.
    package init(
        of explanation: Explanation, besides others: [Explanation] = [], on view: any EvidenceView,
        pool: [PoolWindow], overlap: HeldOut.Overlap, part: WindowPart = .all
    ) {
        let evidence = view.evidence(of: explanation.latent)
        let identities = Set(([explanation] + others).flatMap(\.provenance.shown))
        // A contrastive explainer has shown windows of the pool too.
        let shown = ((evidence.train + evidence.top).map(\.window) + pool.map(\.window))
            .filter { identities.contains($0.identity) }
        let held = HeldOut.testExamples(of: evidence, shown: shown, overlap: overlap)
        let unseen = held.examples.filter { !identities.contains($0.window.identity) }
        let negatives = HeldOut.negatives(for: explanation.latent, in: pool, shown: shown, overlap: overlap)
        self.init(
            positives: unseen.filter(part.holds), negatives: negatives.windows.filter(part.holds),
            droppedByIdentity: held.droppedByIdentity + held.examples.count - unseen.count,
            droppedByOverlap: overlap == .drop ? held.sharing13Grams : 0,
            sharing: overlap == .keep ? held.sharing13Grams : 0,
            firing: FiringCount(
                tokensFired: Int(clamping: evidence.statistics.tokensFired),
                tokens: Int(clamping: view.totals.tokens)))
        recent = HeldOut.recentExamples(of: evidence, shown: shown, overlap: overlap).examples
            .filter { !identities.contains($0.window.identity) && part.holds($0) }
    }
}

extension WindowPart {
    /// Whether an example of a latent is in it.
    func holds(_ example: Example) -> Bool {
        holds(document: example.document, identity: example.window.identity)
    }

    /// Whether a window of the pool is in it.
    func holds(_ window: PoolWindow) -> Bool { holds(document: window.document, identity: window.window.identity) }
}

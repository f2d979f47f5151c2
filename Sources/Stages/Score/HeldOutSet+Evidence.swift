package import Elements
package import Evidence
import Hashing
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
        let shown = ShownWindows(([explanation] + others), of: evidence, pool: pool)
        let negatives = HeldOut.negatives(for: explanation.latent, in: pool, shown: shown.windows, overlap: overlap)
        self.init(
            of: evidence, in: view, shown: shown, negatives: negatives.windows.filter(part.holds),
            sharing: negatives.sharing13Grams, overlap: overlap, part: part)
    }

    /// The same without its negatives, of which `sharing` overlap: those are the windows of `silent` at other places
    /// than these.
    package init(
        of explanation: Explanation, besides others: [Explanation], on view: any EvidenceView, pool: [PoolWindow],
        silent: NegativePool, runs: TokenRunIndex, overlap: HeldOut.Overlap, part: WindowPart = .all,
        passedOver: inout [Int]
    ) {
        let evidence = view.evidence(of: explanation.latent)
        let shown = ShownWindows(([explanation] + others), of: evidence, pool: pool)
        let sharing = silent.silent(explanation.latent, among: runs.numbers(sharing: shown.windows))
        passedOver = overlap == .drop ? sharing : []
        self.init(
            of: evidence, in: view, shown: shown, negatives: [], sharing: sharing.count, overlap: overlap,
            part: part)
    }

    private init(
        of evidence: LatentEvidence, in view: any EvidenceView, shown: ShownWindows, negatives: [PoolWindow],
        sharing: Int, overlap: HeldOut.Overlap, part: WindowPart
    ) {
        let held = HeldOut.testExamples(of: evidence, shown: shown.windows, overlap: overlap)
        let unseen = held.examples.filter { !shown.identities.contains($0.window.identity) }
        self.init(
            positives: unseen.filter(part.holds), negatives: negatives,
            droppedByIdentity: held.droppedByIdentity + held.examples.count - unseen.count,
            droppedByOverlap: overlap == .drop ? held.sharing13Grams : 0,
            sharing: overlap == .keep ? held.sharing13Grams : 0,
            firing: FiringCount(
                tokensFired: Int(clamping: evidence.statistics.tokensFired),
                tokens: Int(clamping: view.totals.tokens)))
        negativesDropped = overlap == .drop ? sharing : 0
        negativesSharing = overlap == .keep ? sharing : 0
        recent = HeldOut.recentExamples(of: evidence, shown: shown.windows, overlap: overlap).examples
            .filter { !shown.identities.contains($0.window.identity) && part.holds($0) }
    }
}

/// What explainers were shown of a latent.
private struct ShownWindows {
    let identities: Set<Hash128>
    /// Those of them that are still held.
    let windows: [Window]

    init(_ explanations: [Explanation], of evidence: LatentEvidence, pool: [PoolWindow]) {
        let identities = Set(explanations.flatMap(\.provenance.shown))
        var windows = (evidence.train + evidence.top).map(\.window).filter { identities.contains($0.identity) }
        // Some explainers show windows of the pool, too. It is large, and hardly any of it was shown: one look turns most
        // windows away, and none is copied.
        var mayHold = [Bool](repeating: false, count: Self.remainders)
        for identity in identities { mayHold[Self.remainder(of: identity)] = true }
        pool.withUnsafeBufferPointer { pool in
            for index in pool.indices where mayHold[Self.remainder(of: pool[index].window.identity)] {
                let window = pool[index].window
                if identities.contains(window.identity) { windows.append(window) }
            }
        }
        self.identities = identities
        self.windows = windows
    }

    private static let remainders = 1 << 12

    private static func remainder(of identity: Hash128) -> Int {
        Int(truncatingIfNeeded: identity.low % UInt64(remainders))
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

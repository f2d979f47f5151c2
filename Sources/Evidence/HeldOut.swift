public import Elements

/// Draws windows for scoring that the explainer cannot have seen.
public struct HeldOut: Sendable {
    /// What happens to a test window that shares a run of thirteen tokens with a train window shown to the explainer.
    public enum Overlap: String, Sendable, Hashable, CaseIterable {
        /// It is passed over.
        case drop
        /// It is used; how many there were is reported.
        case keep
    }

    /// Test examples of a latent, by ascending priority.
    ///
    /// One whose window is held on the latent's train side, or was shown, is passed over (`droppedByIdentity`). Of the
    /// others, `sharing13Grams` share a run of thirteen tokens with a window of `shown`; `overlap` decides whether
    /// they are used.
    public static func testExamples(
        of evidence: LatentEvidence, shown: [Window], overlap: Overlap = .drop
    ) -> (examples: [Example], droppedByIdentity: Int, sharing13Grams: Int) {
        select(evidence.test, of: evidence, shown: shown, overlap: overlap)
    }

    /// As `testExamples`, from the test windows of the last two days of event time.
    public static func recentExamples(
        of evidence: LatentEvidence, shown: [Window], overlap: Overlap = .drop
    ) -> (examples: [Example], droppedByIdentity: Int, sharing13Grams: Int) {
        select(evidence.recent, of: evidence, shown: shown, overlap: overlap)
    }

    /// Test negatives of a latent: windows that never occurred in a train document and in which it is silent.
    ///
    /// The rule of thirteen tokens holds for them too.
    public static func negatives(
        for latent: Int, in pool: [PoolWindow], shown: [Window], overlap: Overlap = .drop
    ) -> (windows: [PoolWindow], sharing13Grams: Int) {
        let runs = TokenRuns(of: shown)
        var sharing = 0
        let windows = Negatives.test(for: latent, in: pool).filter { candidate in
            guard runs.share(with: candidate.window.tokens) else { return true }
            sharing += 1
            return overlap == .keep
        }
        return (windows, sharing)
    }

    private static func select(
        _ candidates: [Example], of evidence: LatentEvidence, shown: [Window], overlap: Overlap
    ) -> (examples: [Example], droppedByIdentity: Int, sharing13Grams: Int) {
        let trained = Set((evidence.train + evidence.top).map(\.window.identity)).union(shown.map(\.identity))
        let runs = TokenRuns(of: shown)
        var dropped = 0
        var sharing = 0
        let examples = candidates.filter { example in
            if trained.contains(example.window.identity) {
                dropped += 1
                return false
            }
            guard runs.share(with: example.window.tokens) else { return true }
            sharing += 1
            return overlap == .keep
        }
        return (examples, dropped, sharing)
    }
}

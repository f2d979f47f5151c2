package import Elements
import Hashing

/// When an explanation is scored again.
package struct RoundRule: Sendable, Hashable {
    /// The growth of the windows fired in that calls for another score; 0 for never.
    package let rescore: Int
    /// Whether fresh recent windows call for one.
    package let recent: Bool

    /// The fewest recent windows that call for a score.
    private static let fewest = 8
    /// The recent windows are fresh while at most one in this many was recent the last time.
    private static let shared = 4

    /// Makes a rule; a growth of 1 would call at every barrier, so the least is 2.
    package init(rescore: Int, recent: Bool) {
        self.rescore = rescore > 0 ? max(rescore, 2) : 0
        self.recent = recent
    }

    /// Whether the rule ever calls.
    package var isActive: Bool { rescore > 0 || recent }

    /// Whether an explanation last scored in a round is to be scored again.
    ///
    /// - Parameters:
    ///   - last: The round.
    ///   - windowsFired: The windows (occurrences) in which the latent has fired now.
    ///   - recent: The marks of the windows that are recent now; only read if they can decide.
    package func isDue(since last: ScoringRound, windowsFired: UInt64, recent: () -> [UInt32]) -> Bool {
        guard windowsFired > last.windowsFired else { return false }
        if rescore > 0, ReexplanationRule.hasGrown(from: last.windowsFired, to: windowsFired, by: rescore) {
            return true
        }
        // Each fresh window is one that the latent has fired in since.
        guard self.recent, windowsFired - last.windowsFired >= UInt64(Self.fewest * (Self.shared - 1) / Self.shared)
        else { return false }
        let now = recent()
        guard now.count >= Self.fewest else { return false }
        let known = Set(last.recent)
        return now.count { known.contains($0) } <= now.count / Self.shared
    }
}

extension ScoringRound {
    /// The round that a latent's evidence makes possible.
    package init(
        of evidence: LatentEvidence, epoch: UInt64, contest: JobID? = nil, look: Int = 1, isReporting: Bool = false
    ) {
        self.init(
            epoch: epoch, windowsFired: evidence.statistics.windowsFired, recent: Self.marks(of: evidence.recent),
            contest: contest, look: look, isReporting: isReporting)
    }

    /// The marks by which recent windows are known again.
    package static func marks(of recent: [Example]) -> [UInt32] {
        recent.map { UInt32(truncatingIfNeeded: $0.window.identity.low) }.sorted()
    }
}

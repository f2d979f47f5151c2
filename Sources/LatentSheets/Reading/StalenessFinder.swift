import Elements
import Lineage
import Scoring
import Synchronization

/// What decides whether explanations are due to be made again, by explain node and latent.
typealias ExplanationPasts = [String: [Int: ReexplanationRule.Past]]

extension StandingResults {
    /// The pasts of all that stands but for what is pinned, given every score that was ever made of it.
    func pasts(scores: [Score], pinned: Set<JobID>) -> ExplanationPasts {
        var lineage = lineage
        lineage.restoreDrifts(in: scores) { ScoringMethods.ofScores($0).topic.blamesExplanations }
        var pasts = Dictionary(Set(explanations.map(\.node)).map { ($0, lineage.pasts(of: $0)) }) { first, _ in first }
        for explanation in explanations where pinned.contains(explanation.job) {
            pasts[explanation.node]?[explanation.latent] = nil
        }
        return pasts
    }
}

/// Finds explanations that are due to be made again, and keeps what takes time to find.
///
/// Counts are compared at every call. Peaks, for which a sample is decoded, are compared anew once a latent has fired in a
/// quarter more windows, as explain nodes do: of each latent that is a number of times that grows with the logarithm of the
/// stream, whoever asks how often.
package final class StalenessFinder: Sendable {
    private struct Subject: Hashable {
        let node: String
        let latent: Int
    }

    private struct Look {
        let basis: EvidenceBasis
        let windowsFired: UInt64
        let drift: PeakDrift?
    }

    private let looks = Mutex<[Subject: Look]>([:])

    /// Makes one that has looked at nothing.
    package init() {}

    /// Why an explanation is due to be made again by some evidence; `nil` if it is not, or nothing is known of its past or of
    /// when its node explains again.
    ///
    /// - Parameter again: By explain node, of those that explain again at all.
    func staleness(
        of explanation: Explanation, _ pasts: ExplanationPasts, _ again: [String: Reexplaining],
        in view: any EvidenceView
    ) -> SheetStaleness? {
        staleness(of: explanation.text, by: explanation.node, explanation.latent, pasts, again, in: view)
    }

    /// The same of what a node says of a latent.
    func staleness(
        of text: String, by node: String, _ latent: Int, _ pasts: ExplanationPasts, _ again: [String: Reexplaining],
        in view: any EvidenceView
    ) -> SheetStaleness? {
        guard !text.isEmpty, let again = again[node], let past = pasts[node]?[latent] else { return nil }
        let fired = view.windowsFired(of: latent)
        let found = again.measure.staleness(past, windowsFired: fired) {
            drift(Subject(node: node, latent: latent), since: past.basis, windowsFired: fired, in: view)
        }
        return found.map { SheetStaleness($0, isExplainedAgain: again.isOn(latent)) }
    }

    private func drift(
        _ subject: Subject, since basis: EvidenceBasis, windowsFired: UInt64, in view: any EvidenceView
    ) -> PeakDrift? {
        if let look = looks.withLock({ $0[subject] }), look.basis == basis, windowsFired >= look.windowsFired,
            windowsFired - look.windowsFired <= look.windowsFired / 4
        {
            return look.drift
        }
        let drift = PeakDrift(since: basis, peaks: view.trainPeaks(of: subject.latent))
        looks.withLock { $0[subject] = Look(basis: basis, windowsFired: windowsFired, drift: drift) }
        return drift
    }
}

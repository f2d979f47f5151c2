package import Elements

/// When an explanation may be scored again on evidence that has come.
enum RescoringTurn: Sendable {
    case now
    /// Once it is known whether a comparison comes of explaining its latent again.
    case later
    /// Once its comparison has ended, which may call for a headline of its own.
    case afterComparison
    /// Not at all: it stands no more.
    case never
}

/// The explanations that a score node may have to score again, before the evidence has been looked at, which takes
/// time.
package struct RescoreOutlook: Sendable {
    /// When an explanation's recent windows were looked at.
    struct Look: Sendable, Hashable {
        let epoch: UInt64
        let windowsFired: UInt64
    }

    /// An explanation that has been scored.
    struct Candidate: Sendable {
        let explanation: Explanation
        let last: ScoringRound
        let look: Look?
    }

    /// What evidence calls for.
    package struct Findings: Sendable {
        /// Explanations to be scored again.
        package var due: [Explanation] = []
        /// When their recent windows were looked at.
        var looks: [JobID: Look] = [:]

        /// Makes findings of nothing.
        package init() {}
    }

    /// Recent windows are looked at once a latent has fired in a quarter more windows, or this many epochs later.
    private static let patience: UInt64 = 64

    let rule: RoundRule
    let candidates: [Candidate]

    /// Looks at the evidence; heavy work.
    package func findings(on update: EvidenceUpdate) -> Findings {
        var findings = Findings()
        for candidate in candidates {
            let (latent, job) = (candidate.explanation.latent, candidate.explanation.job)
            let fired = update.view.windowsFired(of: latent)
            let isDue = rule.isDue(since: candidate.last, windowsFired: fired) {
                if let last = candidate.look, update.epoch < last.epoch &+ Self.patience,
                    fired < last.windowsFired &+ last.windowsFired / 4
                {
                    return []
                }
                findings.looks[job] = Look(epoch: update.epoch, windowsFired: fired)
                return ScoringRound.marks(of: update.view.evidence(of: latent).recent)
            }
            if isDue { findings.due.append(candidate.explanation) }
        }
        return findings
    }
}

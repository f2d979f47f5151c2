import Elements
import Scoring

extension ScoringBook {
    /// The explanations that are due to be scored again on fresh evidence, by explain node, latent and job; heavy work.
    ///
    /// Each epoch is asked about once; the caller notes the rounds that it plans, whatever comes of them.
    mutating func due(on update: EvidenceUpdate, by rule: RoundRule) -> [Explanation] {
        guard rule.isActive, isNews(update.epoch) else { return [] }
        var due: [Explanation] = []
        for explanation in standing {
            guard let last = round(of: explanation.job) else { continue }
            let latent = explanation.latent
            let fired = update.view.statistics(of: latent).windowsFired
            let isDue = rule.isDue(since: last, windowsFired: fired) {
                guard looksAgain(at: explanation.job, epoch: update.epoch, windowsFired: fired) else { return [] }
                return ScoringRound.marks(of: update.view.evidence(of: latent).recent)
            }
            if isDue { due.append(explanation) }
        }
        return due
    }

    /// Puts an explanation in the place of the one it has replaced; returns it where it is to be scored first.
    mutating func replace(_ replacement: SuccessionBook.Replacement) -> Explanation? {
        retire(replacement.old, of: replacement.new.node)
        return take([replacement.new]).first
    }
}

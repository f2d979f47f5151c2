import Elements
import Scoring
import Statistics

extension ScoreSummary {
    /// The basis of the intervals of the means, in words.
    var intervalBasis: String {
        guard means?.resamplesDocuments != true else {
            return "resampling latents and documents (\(ScoreReplicates.count) replicates of every score)"
        }
        let missing = scores.count { $0.replicates == nil }
        return missing > 0
            ? "resampling latents; windows that latents share are not resampled, since \(missing) of \(scores.count) scores "
                + "have no replicates" : "no resampling: there are fewer than two latents"
    }
}

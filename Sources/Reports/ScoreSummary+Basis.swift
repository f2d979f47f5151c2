import Elements
import Scoring
import Statistics

extension ScoreSummary {
    /// The basis of the intervals of the means, in words.
    var intervalBasis: String {
        guard means?.resamplesDocuments != true else {
            return "resampling latents and documents (\(ScoreReplicates.count) replicates of every score)"
        }
        let values = scores.compactMap(LatentValue.init)
        guard values.count > 1 else { return "no resampling: there are fewer than two latents" }
        let missing = values.count { $0.replicates == nil }
        return "resampling latents; windows that latents share are not resampled, since \(missing) of \(values.count) "
            + "scores have no replicates"
    }
}

public import Elements
import Scoring
import Statistics

/// The current figures of one summary's latents and their all-time ones, over the same latents.
public struct CurrentSummary: Sendable {
    /// The latents that have a current figure.
    public let latents: Int
    /// The mean of the current figures, recent windows weighing more.
    public let current: Estimate
    /// The mean of the same latents' headlines.
    public let allTime: Estimate
    /// Latents whose current figure lies below the interval of their headline.
    public let below: Int

    /// Summarises scores of one method; `nil` if none has a current figure.
    init?(of scores: [Score]) {
        let pairs = scores.compactMap { score -> (current: Estimate, allTime: Estimate)? in
            guard let current = score.details[CurrentEstimate.name], let headline = score.headline else { return nil }
            return (current, headline)
        }
        let range = ScoringMethods.ofScores(scores.first?.method ?? "").scale.range
        func mean(_ estimates: [Estimate]) -> Estimate? {
            LatentMean.estimate(of: estimates, range: range)
        }
        guard let current = mean(pairs.map(\.current)), let allTime = mean(pairs.map(\.allTime)) else { return nil }
        latents = pairs.count
        self.current = current
        self.allTime = allTime
        below = pairs.count { $0.current.value < $0.allTime.lower }
    }

    /// The lines of a report; none if no summary has current figures.
    static func lines(of summaries: [ScoreSummary], width: Int = .max) -> [String] {
        let rows = summaries.compactMap { summary -> [String]? in
            guard let current = CurrentSummary(of: summary.scores) else { return nil }
            return [
                summary.name, "\(current.latents)", current.current.text, current.allTime.text,
                "\(current.below)",
            ]
        }
        guard !rows.isEmpty else { return [] }
        return [
            "",
            "CURRENT BESIDE ALL-TIME (a window of the last two days of event time weighs \(CurrentEstimate.recentWeight) times another)",
        ]
            + ReportTable.columns(
                [["scorer", "latents", "current", "all-time", "below"]] + rows, atLeast: [28, 9, 18, 18, 7],
                width: width)
    }
}

/// A current summary in the JSON of a report.
struct CurrentFigures: Encodable {
    let latents: Int
    let mean: Double
    let interval: [Double]
    let all_time: Double
    let below_interval: Int

    init?(_ summary: ScoreSummary) {
        guard let current = CurrentSummary(of: summary.scores) else { return nil }
        latents = current.latents
        mean = current.current.value
        interval = [current.current.lower, current.current.upper]
        all_time = current.allTime.value
        below_interval = current.below
    }
}

public import Elements
import Foundation
import Statistics

/// The balanced accuracy of a judge that gives probabilities, at thresholds fitted on windows of the train side.
///
/// It is reckoned from what scores keep of the judge's answers, so that it is the same whenever and in whatever order they
/// came. The thresholds of one judge and method are fitted on its answers to the latents' own explanations; those of
/// controls are drawn towards the same.
public struct CalibratedSummary: Sendable, Hashable {
    /// The mean over latents; the interval resamples latents and takes thresholds as given.
    public let mean: Estimate
    /// The mean true-positive rate at the thresholds.
    public let truePositiveRate: Double
    /// The mean true-negative rate at the thresholds.
    public let trueNegativeRate: Double
    /// The mean of the control of exchanged explanations; `nil` without any.
    public let shuffled: Estimate?
    /// The mean at P(yes) = 1/2, without calibration; `nil` where scores do not say.
    public let uncalibrated: Estimate?
    /// P(yes) at the threshold that explanations have in common.
    public let threshold: Double
    /// The answers about windows of the train side that the thresholds rest on.
    public let answers: Int
    /// The explanations that these are about.
    public let explanations: Int
    /// The epoch of the newest evidence among them; `nil` if it was not noted.
    public let epoch: UInt64?

    /// Fits thresholds on the scores of explanations and applies them; `nil` if no score has answers about the train side.
    init?(of scores: [Score], shuffled: [Score]) {
        guard let fit = ThresholdFit(scores.compactMap { $0.logits?.train }) else { return nil }
        let calibrated = scores.compactMap { Calibrated($0, by: fit) }
        guard let mean = Self.mean(calibrated.map(\.value)) else { return nil }
        self.mean = mean
        truePositiveRate = calibrated.reduce(0) { $0 + $1.rates.positive } / Double(calibrated.count)
        trueNegativeRate = calibrated.reduce(0) { $0 + $1.rates.negative } / Double(calibrated.count)
        self.shuffled = Self.mean(shuffled.compactMap { Calibrated($0, by: fit)?.value })
        uncalibrated = LatentMean.estimate(of: scores.compactMap(\.uncalibrated))
        threshold = 1 / (1 + exp(-fit.common))
        answers = fit.answers
        explanations = fit.explanations
        epoch = scores.filter { $0.logits?.train.positives.isEmpty == false }.compactMap(\.round?.epoch).max()
    }

    private static func mean(_ values: [LatentValue]) -> Estimate? { LatentMean(of: values)?.estimate }

    /// One latent's rates at its threshold.
    private struct Calibrated {
        let value: LatentValue
        let rates: (positive: Double, negative: Double)

        init?(_ score: Score, by fit: ThresholdFit) {
            guard let logits = score.logits, !logits.positives.isEmpty, !logits.negatives.isEmpty else { return nil }
            let threshold = fit.threshold(of: logits.train)
            let found = logits.positives.count { $0 >= threshold }
            let passed = logits.negatives.count { $0 < threshold }
            rates = (
                Double(found) / Double(logits.positives.count), Double(passed) / Double(logits.negatives.count)
            )
            value = LatentValue(
                value: (rates.positive + rates.negative) / 2,
                count: logits.positives.count + logits.negatives.count)
        }
    }

    /// The figures in lines under the row of the method.
    var lines: [String] {
        let raw = uncalibrated.map { ["    balanced accuracy at P(yes) >= .5: \($0.text)"] } ?? []
        let control = shuffled.map { ", shuffled \($0.text)" } ?? ""
        let since = epoch.map { " of epoch \($0) or before" } ?? ""
        return raw + [
            "    balanced accuracy calibrated, about P(yes) >= \(String(format: "%.3f", threshold)): \(mean.text)\(control); fitted on "
                + "\(answers) train-side answers about \(explanations) explanations\(since)"
        ]
    }
}

extension YesLogits {
    /// The answers about the train side.
    fileprivate var train: ThresholdFit.Sample {
        ThresholdFit.Sample(positives: trainPositives, negatives: trainNegatives)
    }
}

import Elements
import Hashing
import Statistics
import Testing

@testable import Scoring

/// How often the interval of a node's mean holds the truth if asking stops at a verdict.
@Suite struct StoppedCoverageTests {
    private static let runs = 200
    private static let pairs = 50
    private static let perCall = 4

    /// One latent's stopped value, of a judge that is right with `accuracy` and in a call errs alike with `correlation`.
    private static func value(
        accuracy: Double, correlation: Double, _ generator: inout SeededGenerator
    ) -> LatentValue? {
        var monitor = SequentialMonitor(Stopping(rule: .verdict), pairs: pairs)
        var asked = 0
        while asked < 2 * pairs {
            let shared = generator.unit()
            for place in 0..<min(perCall, 2 * pairs - asked) {
                let own = generator.unit()
                let draw = generator.unit() < correlation.squareRoot() ? shared : own
                monitor.observe(isPositive: place % 2 == 0, isRight: draw < accuracy)
            }
            asked += perCall
            if monitor.isEnough() { break }
        }
        guard let estimate = monitor.estimates?.balancedAccuracy else { return nil }
        let score = Score(
            job: 1, node: "judged", method: "detection", coder: "codes", latent: 0, headline: estimate,
            sequential: SequentialAccount(verdict: "", threshold: 0.75, asked: asked, available: 2 * pairs))
        return LatentValue(score)
    }

    /// The share of runs whose interval holds the mean of all latents there could be, and that of plain percentile intervals.
    private static func coverage(latents: Int, correlation: Double, seed: UInt64) -> (stopped: Double, plain: Double) {
        var generator = SeededGenerator(seed: seed)
        // Evenly from .5 to 1: a mean of .75, right at the threshold.
        var covered = (stopped: 0, plain: 0)
        for run in 0..<runs {
            let values = (0..<latents).compactMap { _ in
                let accuracy = 0.5 + 0.5 * generator.unit()
                return value(accuracy: accuracy, correlation: correlation, &generator)
            }
            func holds(_ values: [LatentValue]) -> Int {
                let macro = LatentMeans(of: values, resamples: 500, seed: UInt64(run))?.macro
                return macro.map { $0.lower <= 0.75 && 0.75 <= $0.upper } == true ? 1 : 0
            }
            covered.stopped += holds(values)
            covered.plain += holds(values.map { LatentValue(value: $0.value, count: $0.count) })
        }
        return (Double(covered.stopped) / Double(runs), Double(covered.plain) / Double(runs))
    }

    /// Of 95 % less three standard deviations of 200 runs.
    @Test(arguments: [(6, 0.0), (20, 0.3)]) func intervalsOfTheMeanHoldTheTruth(
        latents: Int, correlation: Double
    ) {
        let coverage = Self.coverage(latents: latents, correlation: correlation, seed: UInt64(latents))
        print("\(latents) stopped latents, errors alike by \(correlation): \(coverage)")
        #expect(coverage.stopped >= 0.905)
        if latents < 10 { #expect(coverage.plain < 0.905) }
    }
}

extension Score {
    fileprivate init(
        job: UInt64, node: String, method: String, coder: String, latent: Int, headline: Estimate,
        sequential: SequentialAccount
    ) {
        self.init(
            job: JobID(high: 0, low: job), node: node, method: method,
            coder: CoderIdentity(name: coder, hookpoint: "", latents: 1, digest: JobID(high: 0, low: 0)),
            latent: latent,
            explanation: JobID(high: 0, low: job), explainedBy: "", text: "", headline: headline, details: [:],
            judged: 0, failed: 0, tokensIn: 0, tokensOut: 0, sequential: sequential)
    }
}

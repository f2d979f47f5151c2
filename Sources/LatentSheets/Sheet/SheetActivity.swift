import Elements
import Statistics

/// How often and how strongly a latent fires, over every token up to a checkpoint.
package struct SheetActivity: Sendable, Hashable, Codable {
    /// The checkpoint.
    package var epoch: UInt64
    /// Tokens seen.
    package var tokens: UInt64
    /// Tokens at which it fired.
    package var tokensFired: UInt64
    /// Windows seen.
    package var windows: UInt64
    /// Windows in which it fired.
    package var windowsFired: UInt64
    /// The share of tokens at which it fired, with Wilson's interval; `nil` before the first token.
    package var density: SheetFigure?
    /// The mean of its activations; `nil` if it never fired.
    package var mean: Double?
    /// The largest; 0 if it never fired.
    package var maximum: Double
    /// The activations by doubling: the bars from the lowest that is not empty to the highest.
    package var histogram: [Bar]
    /// Whether it fires on more than a tenth of all tokens.
    package var isDense: Bool
    /// Windows of it that are kept: of the train side, the strongest of it, of the test side, and recent ones.
    package var kept: Kept

    /// Activations from `lower` to below `upper`.
    package struct Bar: Sendable, Hashable, Codable {
        /// The least activation.
        package var lower: Double
        /// What all are below; what lies beyond the last bar counts to it.
        package var upper: Double
        /// How many there were.
        package var count: UInt64
    }

    /// Windows that are kept.
    package struct Kept: Sendable, Hashable, Codable {
        /// A uniform sample of the train side.
        package var train: Int
        /// The strongest of the train side.
        package var top: Int
        /// A uniform sample of the test side.
        package var test: Int
        /// Those of the last two days.
        package var recent: Int
    }

    /// The share of tokens above which a latent is dense.
    package static let dense = 0.1
    /// The power of two at which the first bar of `LatentStatistics.histogram` begins.
    private static let firstPower = -16

    init(_ evidence: LatentEvidence, in update: EvidenceUpdate) {
        let (counts, totals) = (evidence.statistics, update.view.totals)
        epoch = update.epoch
        tokens = totals.tokens
        tokensFired = counts.tokensFired
        windows = totals.windows
        windowsFired = counts.windowsFired
        let share = Wilson.interval(successes: Int(clamping: counts.tokensFired), of: Int(clamping: totals.tokens))
        density = share.map { SheetFigure("density", $0) }
        mean = counts.tokensFired > 0 ? counts.sum / Double(counts.tokensFired) : nil
        maximum = Double(counts.maximum)
        isDense = (share?.value ?? 0) > Self.dense
        kept = Kept(
            train: evidence.train.count, top: evidence.top.count, test: evidence.test.count,
            recent: evidence.recent.count)
        histogram = Self.bars(counts.histogram)
    }

    private static func bars(_ counts: [UInt64]) -> [Bar] {
        guard let first = counts.firstIndex(where: { $0 > 0 }), let last = counts.lastIndex(where: { $0 > 0 }) else {
            return []
        }
        return (first...last).map { index in
            let power = Double(sign: .plus, exponent: firstPower + index, significand: 1)
            return Bar(lower: power, upper: 2 * power, count: counts[index])
        }
    }
}

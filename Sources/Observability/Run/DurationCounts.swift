import Foundation

/// How long things took: their number by length, so that the quantiles of a span follow from the counts at its two ends.
package struct DurationCounts: Sendable, Hashable {
    /// Buckets of a doubling, so that a length is known to 9 %.
    private static let perDoubling = 8.0
    /// The end of the first bucket, in seconds; whatever is shorter counts there.
    private static let shortest = 0.001
    /// 23 doublings, more than two hours; whatever is longer counts in the last.
    private static let buckets = 184

    private var counts = [UInt64](repeating: 0, count: DurationCounts.buckets)

    /// Makes counts at zero.
    package init() {}

    /// Counts one length.
    package mutating func add(_ duration: Duration) { counts[Self.bucket(of: duration / .seconds(1))] += 1 }

    /// Adds other counts.
    package mutating func add(_ other: DurationCounts) {
        for place in counts.indices { counts[place] &+= other.counts[place] }
    }

    /// What has been counted since earlier counts of the same.
    package func since(_ earlier: DurationCounts) -> DurationCounts {
        var result = self
        for place in counts.indices { result.counts[place] -= min(earlier.counts[place], counts[place]) }
        return result
    }

    /// How many have been counted.
    package var total: Int { Int(clamping: counts.reduce(0, &+)) }

    /// The length that a share of all does not exceed, by nearest rank, in seconds to 5 %; `nil` if nothing was counted.
    package func quantile(_ share: Double) -> Double? {
        let total = counts.reduce(0, &+)
        guard total > 0 else { return nil }
        let rank = UInt64(max(1, (min(max(share, 0), 1) * Double(total)).rounded(.up)))
        var seen: UInt64 = 0
        let place = counts.firstIndex { count in
            seen &+= count
            return seen >= rank
        }
        return place.map(Self.middle)
    }

    /// Bucket `i` holds lengths from above `shortest · 2^((i-1)/8)` to `shortest · 2^(i/8)`.
    private static func bucket(of seconds: Double) -> Int {
        guard seconds > shortest else { return 0 }
        return Int(min((log2(seconds / shortest) * perDoubling).rounded(.up), Double(buckets - 1)))
    }

    /// The geometric mean of a bucket's ends.
    private static func middle(of bucket: Int) -> Double {
        bucket == 0 ? shortest : shortest * exp2((Double(bucket) - 0.5) / perDoubling)
    }
}

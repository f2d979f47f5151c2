import CoreMetrics
import Synchronization

/// One series of a histogram over fixed buckets.
final class HistogramSeries: TimerHandler, RecorderHandler {
    /// The values observed.
    struct Observations {
        /// `[bounds + 1]`: the number of values in each bucket; the last is the one above all bounds.
        var counts: [UInt64]
        var sum: Double = 0
    }

    /// The buckets' upper bounds, ascending; a value equal to a bound belongs to its bucket.
    let bounds: [Double]
    private let observations: Mutex<Observations>

    init(bounds: [Double]) {
        self.bounds = bounds
        observations = Mutex(Observations(counts: [UInt64](repeating: 0, count: bounds.count + 1)))
    }

    /// Adds a time; a clock that went backwards counts as no time at all.
    func recordNanoseconds(_ duration: Int64) { record(Double(max(duration, 0)) / 1e9) }

    func record(_ value: Int64) { record(Double(value)) }

    /// Adds a value; NaN is ignored.
    func record(_ value: Double) {
        guard !value.isNaN else { return }
        let bucket = bounds.firstIndex { value <= $0 } ?? bounds.count
        observations.withLock {
            $0.counts[bucket] += 1
            $0.sum += value
        }
    }

    /// The values observed so far.
    var snapshot: Observations { observations.withLock { $0 } }
}

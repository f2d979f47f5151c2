import CoreMetrics
import Synchronization

/// One series of a counter, in whole and in floating-point steps.
final class CounterSeries: CounterHandler, FloatingPointCounterHandler {
    private let whole = Atomic<UInt64>(0)
    private let partial = AtomicDouble()

    /// Adds to the counter; a step below zero is ignored, and at the end of its range the counter stops.
    func increment(by amount: Int64) {
        guard amount > 0 else { return }
        var current = whole.load(ordering: .relaxed)
        while true {
            let (sum, isOver) = current.addingReportingOverflow(UInt64(amount))
            let (isDone, seen) = whole.weakCompareExchange(
                expected: current, desired: isOver ? .max : sum, ordering: .relaxed)
            if isDone { return }
            current = seen
        }
    }

    /// Adds to the counter; a step that is below zero or not finite is ignored.
    func increment(by amount: Double) {
        guard amount.isFinite, amount > 0 else { return }
        partial.add(amount)
    }

    func reset() {
        whole.store(0, ordering: .relaxed)
        partial.store(0)
    }

    /// The value as Prometheus writes it.
    var text: String {
        let fraction = partial.load()
        let count = whole.load(ordering: .relaxed)
        return fraction == 0 ? String(count) : PrometheusText.number(Double(count) + fraction)
    }
}

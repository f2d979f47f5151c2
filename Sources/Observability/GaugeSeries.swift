import CoreMetrics

/// One series of a gauge: the value last set.
final class GaugeSeries: MeterHandler, RecorderHandler {
    private let value = AtomicDouble()

    func set(_ value: Int64) { self.value.store(Double(value)) }
    func set(_ value: Double) { self.value.store(value) }
    func increment(by amount: Double) { value.add(amount) }
    func decrement(by amount: Double) { value.add(-amount) }
    func record(_ value: Int64) { set(value) }
    func record(_ value: Double) { set(value) }

    /// The value as Prometheus writes it.
    var text: String { PrometheusText.number(value.load()) }
}

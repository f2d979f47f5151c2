public import CoreMetrics
import Synchronization

/// Keeps the process's metrics and shows them in Prometheus' text format.
///
/// Counters end in `_total`, timers are histograms in seconds and end in `_seconds`, an aggregating recorder is a
/// histogram, any other recorder and a meter are gauges. Characters that Prometheus does not take become `_`.
public final class PrometheusMetricsFactory: MetricsFactory {
    /// The media type of the text that `render` returns.
    public static let contentType = "text/plain; version=0.0.4; charset=utf-8"

    /// Bucket bounds in seconds for timers.
    public static let defaultDurations: [Double] = [
        0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120,
    ]

    /// Bucket bounds for recorders.
    public static let defaultValues: [Double] = [1, 3, 10, 30, 100, 300, 1e3, 3e3, 1e4, 3e4, 1e5, 3e5, 1e6]

    private let registry: Mutex<MetricRegistry>
    private let help: [String: String]
    private let buckets: [String: [Double]]

    /// Makes a factory without metrics.
    /// - Parameters:
    ///   - help: One sentence by the name that Prometheus sees.
    ///   - buckets: Upper bounds of histogram buckets by the name that Prometheus sees; the defaults elsewhere.
    ///   - maximumSeries: The most series of one name; further ones are counted in
    ///     `gloss_metrics_dropped_total{reason="cardinality"}` and not shown.
    public init(help: [String: String] = [:], buckets: [String: [Double]] = [:], maximumSeries: Int = 1000) {
        registry = Mutex(MetricRegistry(maximumSeries: maximumSeries))
        self.help = help
        self.buckets = buckets.mapValues { Array(Set($0.filter(\.isFinite))).sorted() }
    }

    /// All metrics, sorted by name and labels, in Prometheus' text format 0.0.4.
    public func render() -> String {
        let (families, dropped) = registry.withLock { ($0.families, $0.dropped) }
        return PrometheusText.render(families, dropped: dropped, help: help)
    }

    /// The counter of a name and labels.
    public func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
        counter(label, dimensions)
    }

    /// The counter of a name and labels; the same one as `makeCounter` gives.
    public func makeFloatingPointCounter(
        label: String, dimensions: [(String, String)]
    ) -> any FloatingPointCounterHandler {
        counter(label, dimensions)
    }

    /// The gauge of a name and labels.
    public func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
        gauge(label, dimensions)
    }

    /// The histogram of a name and labels, or the gauge if values are not aggregated.
    public func makeRecorder(label: String, dimensions: [(String, String)], aggregate: Bool) -> any RecorderHandler {
        guard aggregate else { return gauge(label, dimensions) }
        return histogram(MetricName.sanitized(label), dimensions, PrometheusMetricsFactory.defaultValues)
    }

    /// The histogram in seconds of a name and labels.
    public func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
        histogram(MetricName.timer(label), dimensions, PrometheusMetricsFactory.defaultDurations)
    }

    /// Takes a counter out of the metrics shown.
    public func destroyCounter(_ handler: any CounterHandler) { remove(handler) }
    /// Takes a counter out of the metrics shown.
    public func destroyFloatingPointCounter(_ handler: any FloatingPointCounterHandler) { remove(handler) }
    /// Takes a gauge out of the metrics shown.
    public func destroyMeter(_ handler: any MeterHandler) { remove(handler) }
    /// Takes a histogram or gauge out of the metrics shown.
    public func destroyRecorder(_ handler: any RecorderHandler) { remove(handler) }
    /// Takes a histogram out of the metrics shown.
    public func destroyTimer(_ handler: any TimerHandler) { remove(handler) }

    private func counter(_ label: String, _ dimensions: [(String, String)]) -> CounterSeries {
        let series = series(.counter, MetricName.counter(label), dimensions) { .counter(CounterSeries()) }
        guard case .counter(let counter) = series else { return CounterSeries() }
        return counter
    }

    private func gauge(_ label: String, _ dimensions: [(String, String)]) -> GaugeSeries {
        let series = series(.gauge, MetricName.sanitized(label), dimensions) { .gauge(GaugeSeries()) }
        guard case .gauge(let gauge) = series else { return GaugeSeries() }
        return gauge
    }

    private func histogram(
        _ name: String, _ dimensions: [(String, String)], _ defaults: [Double]
    ) -> HistogramSeries {
        let bounds = buckets[name] ?? defaults
        let series = series(.histogram, name, dimensions) { .histogram(HistogramSeries(bounds: bounds)) }
        guard case .histogram(let histogram) = series else { return HistogramSeries(bounds: bounds) }
        return histogram
    }

    private func series(
        _ kind: MetricRegistry.Kind, _ name: String, _ dimensions: [(String, String)],
        make: () -> MetricRegistry.Series
    ) -> MetricRegistry.Series {
        let labels = LabelSet(dimensions)
        return registry.withLock { $0.series(kind, name, labels, make: make) }
    }

    private func remove(_ handler: AnyObject) {
        registry.withLock { $0.remove(handler) }
    }
}

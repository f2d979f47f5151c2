import CoreMetrics
import TestSupport
import Testing

@testable import Observability

@Suite struct PrometheusTests {
    /// The lines of a rendering that are no comments.
    private func samples(_ factory: PrometheusMetricsFactory) -> [String] {
        factory.render().split(separator: "\n").filter { !$0.hasPrefix("#") }.map(String.init)
    }

    @Test func theExpositionEqualsTheGoldenFile() throws {
        let factory = PrometheusMetricsFactory(
            help: [
                "gloss_jobs_total": "Jobs that ended, by kind and outcome.",
                "gloss_score": "Scores \\ by method,\nfrom 0 to 1.",
            ],
            buckets: ["gloss_score": [0.5, 0.25, 0.75, 0.5, 1, .infinity]])
        let failed = factory.makeCounter(
            label: "gloss_jobs_total", dimensions: [("outcome", "failed"), ("kind", "explain")])
        failed.increment(by: 2)
        factory.makeCounter(label: "gloss_jobs_total", dimensions: [("kind", "explain"), ("outcome", "done")])
            .increment(by: 40)
        factory.makeFloatingPointCounter(label: "gloss.llm.cost.dollars", dimensions: []).increment(by: 0.125)
        factory.makeMeter(label: "gloss_checkpoint_age_seconds", dimensions: []).set(2.5)
        factory.makeMeter(label: "gloss_kafka_consumer_lag", dimensions: [("topic", "a\\b\"c\nd"), ("partition", "0")])
            .set(Int64(2310))
        let score = factory.makeRecorder(label: "gloss_score", dimensions: [("method", "detection")], aggregate: true)
        for value in [0.1, 0.25, 0.26, 0.84, 1.0, 1.5] { score.record(value) }
        factory.makeTimer(label: "http.server.request.duration", dimensions: [("http.route", "/v1/latents")])
            .recordNanoseconds(3_000_000)
        factory.makeRecorder(label: "9 lives", dimensions: [("__a", "1"), ("le", "2"), ("3d", "é")], aggregate: false)
            .record(Double.infinity)
        #expect(
            factory.render() == String(decoding: try GoldenFiles.data("observability/exposition.txt"), as: UTF8.self))
    }

    @Test func nothingIsRenderedAsNothing() {
        #expect(PrometheusMetricsFactory().render() == "")
    }

    @Test func theSameNameAndLabelsAreOneSeries() {
        let factory = PrometheusMetricsFactory()
        let first = factory.makeCounter(label: "a", dimensions: [("x", "1"), ("y", "2")])
        let second = factory.makeFloatingPointCounter(label: "a_total", dimensions: [("y", "2"), ("x", "1")])
        first.increment(by: 3)
        second.increment(by: 0.5)
        #expect(first === second)
        #expect(samples(factory) == ["a_total{x=\"1\",y=\"2\"} 3.5"])
    }

    @Test func countersOnlyGrowAndDoNotOverflow() {
        let counter = CounterSeries()
        counter.increment(by: 5 as Int64)
        counter.increment(by: -4 as Int64)
        counter.increment(by: -1.5)
        counter.increment(by: Double.nan)
        counter.increment(by: Double.infinity)
        #expect(counter.text == "5")
        for _ in 0..<3 { counter.increment(by: Int64.max) }
        #expect(counter.text == "18446744073709551615")
        counter.reset()
        #expect(counter.text == "0")
    }

    @Test func gaugesAreSetAndMoved() {
        let gauge = GaugeSeries()
        gauge.set(Int64(4))
        gauge.increment(by: 1.5)
        gauge.decrement(by: 6)
        #expect(gauge.text == "-0.5")
        gauge.record(Double.nan)
        #expect(gauge.text == "NaN")
        gauge.record(-Double.infinity)
        #expect(gauge.text == "-Inf")
        gauge.record(1e300)
        #expect(gauge.text == "1e+300")
    }

    @Test func aTimeIsCountedInSecondsAndNeverBelowZero() {
        let factory = PrometheusMetricsFactory(buckets: ["t_seconds": [0.5, 1]])
        let timer = factory.makeTimer(label: "t", dimensions: [])
        for nanoseconds: Int64 in [500_000_000, 500_000_001, 2_000_000_000, -7] { timer.recordNanoseconds(nanoseconds) }
        #expect(
            samples(factory) == [
                "t_seconds_bucket{le=\"0.5\"} 2", "t_seconds_bucket{le=\"1\"} 3", "t_seconds_bucket{le=\"+Inf\"} 4",
                "t_seconds_sum 3.000000001", "t_seconds_count 4",
            ])
    }

    @Test func bucketsAgreeWithCountingByHand() {
        let bounds: [Double] = [1, 2, 5, 10]
        let values = (0..<400).map { Double($0 * 37 % 113) / 8 }
        let histogram = HistogramSeries(bounds: bounds)
        for value in values { histogram.record(value) }
        histogram.record(Double.nan)
        let snapshot = histogram.snapshot
        for (index, bound) in bounds.enumerated() {
            #expect(snapshot.counts[...index].reduce(0, +) == UInt64(values.filter { $0 <= bound }.count))
        }
        #expect(snapshot.counts.reduce(0, +) == 400)
        #expect(snapshot.sum == values.reduce(0, +))
    }

    @Test func aNameIsOfOneKindOnly() {
        let factory = PrometheusMetricsFactory()
        factory.makeMeter(label: "a_total", dimensions: []).set(Int64(1))
        factory.makeCounter(label: "a", dimensions: []).increment(by: 5)
        #expect(samples(factory) == ["a_total 1", "gloss_metrics_dropped_total{reason=\"kind\"} 1"])
    }

    @Test func labelsThatGrowWithoutEndAreCutOff() {
        let factory = PrometheusMetricsFactory(maximumSeries: 3)
        for latent in 0..<10 {
            factory.makeCounter(label: "fires", dimensions: [("latent", "\(latent)")]).increment(by: 1)
        }
        #expect(
            samples(factory)
                == (0..<3).map { "fires_total{latent=\"\($0)\"} 1" }
                + ["gloss_metrics_dropped_total{reason=\"cardinality\"} 7"])
    }

    @Test func aDestroyedSeriesIsGoneAndStartsAnew() {
        let factory = PrometheusMetricsFactory()
        let counter = factory.makeCounter(label: "a", dimensions: [("x", "1")])
        counter.increment(by: 9)
        factory.makeCounter(label: "a", dimensions: [("x", "2")]).increment(by: 1)
        factory.destroyCounter(counter)
        #expect(samples(factory) == ["a_total{x=\"2\"} 1"])
        factory.makeCounter(label: "a", dimensions: [("x", "1")]).increment(by: 1)
        #expect(samples(factory) == ["a_total{x=\"1\"} 1", "a_total{x=\"2\"} 1"])
        let meter = factory.makeMeter(label: "m", dimensions: [])
        factory.destroyMeter(meter)
        factory.destroyMeter(meter)
        #expect(!factory.render().contains("m"))
    }

    @Test func manyThreadsLoseNoCount() async {
        let factory = PrometheusMetricsFactory()
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    let counter = factory.makeCounter(label: "a", dimensions: [])
                    let fraction = factory.makeFloatingPointCounter(label: "b", dimensions: [])
                    let timer = factory.makeTimer(label: "c", dimensions: [])
                    for _ in 0..<2000 {
                        counter.increment(by: 1)
                        fraction.increment(by: 0.5)
                        timer.recordNanoseconds(1)
                    }
                }
            }
        }
        let lines = samples(factory)
        #expect(lines.contains("a_total 16000"))
        #expect(lines.contains("b_total 8000"))
        #expect(lines.contains("c_seconds_count 16000"))
    }

    @Test func metricsOfSwiftMetricsReachTheFactory() {
        let factory = PrometheusMetricsFactory()
        Counter(label: "tokens", factory: factory).increment(by: 7)
        Gauge(label: "depth", dimensions: [("node", "codes")], factory: factory).record(3)
        #expect(samples(factory) == ["depth{node=\"codes\"} 3", "tokens_total 7"])
    }
}

import CoreMetrics
import StateFixtures
import Testing

@testable import Observability

/// Which series there are, and which are shown.
@Suite struct MetricRegistryTests {
    private func page(_ factory: PrometheusMetricsFactory) throws -> PrometheusPage {
        try PrometheusPage(factory.render())
    }

    @Test func aSeriesThatIsKnownIsGivenAlsoIfItsFamilyIsFull() throws {
        let factory = PrometheusMetricsFactory(maximumSeries: 1)
        for _ in 0..<3 { factory.makeCounter(label: "a", dimensions: [("x", "1")]).increment(by: 2) }
        factory.makeCounter(label: "a", dimensions: [("x", "2")]).increment(by: 5)
        // Another family has a place of its own.
        factory.makeCounter(label: "b", dimensions: []).increment(by: 1)
        let page = try page(factory)
        #expect(page["a_total"]?.samples.count == 1 && page["a_total"]?.value(["x": "1"]) == 6)
        #expect(page["b_total"]?.value() == 1)
        #expect(page["gloss_metrics_dropped_total"]?.value(["reason": "cardinality"]) == 1)
    }

    @Test func aPlaceThatIsGivenBackIsTakenAgain() throws {
        let factory = PrometheusMetricsFactory(maximumSeries: 1)
        factory.destroyMeter(factory.makeMeter(label: "a", dimensions: [("x", "1")]))
        factory.makeMeter(label: "a", dimensions: [("x", "2")]).set(Int64(4))
        #expect(try page(factory)["a"]?.value(["x": "2"]) == 4)
        #expect(try page(factory)["gloss_metrics_dropped_total"] == nil)
    }

    @Test func aNameIsFreeForAnotherKindOnceItsLastSeriesIsGone() throws {
        let factory = PrometheusMetricsFactory()
        let series = ["1", "2"].map { factory.makeMeter(label: "a_total", dimensions: [("x", $0)]) }
        factory.destroyMeter(series[0])
        factory.makeCounter(label: "a", dimensions: []).increment(by: 1)
        #expect(try page(factory)["a_total"]?.kind == .gauge)
        factory.destroyMeter(series[1])
        factory.makeCounter(label: "a", dimensions: []).increment(by: 3)
        let page = try page(factory)
        #expect(page["a_total"]?.kind == .counter && page["a_total"]?.value() == 3)
        #expect(page["gloss_metrics_dropped_total"]?.value(["reason": "kind"]) == 1)
    }

    @Test func whateverIsDestroyedIsNotShownAnyMore() throws {
        let factory = PrometheusMetricsFactory()
        let counter = factory.makeFloatingPointCounter(label: "a", dimensions: [])
        let timer = factory.makeTimer(label: "b", dimensions: [])
        let gauge = factory.makeRecorder(label: "c", dimensions: [], aggregate: false)
        let histogram = factory.makeRecorder(label: "d", dimensions: [], aggregate: true)
        #expect(try page(factory).families.map(\.name) == ["a_total", "b_seconds", "c", "d"])
        factory.destroyFloatingPointCounter(counter)
        factory.destroyTimer(timer)
        factory.destroyRecorder(gauge)
        factory.destroyRecorder(histogram)
        #expect(factory.render() == "")
        // Who still holds one may go on using it.
        counter.increment(by: 1)
        timer.recordNanoseconds(1)
        #expect(factory.render() == "")
    }

    @Test func everyKindThatIsRefusedCanBeUsedAndStaysHidden() throws {
        let factory = PrometheusMetricsFactory()
        factory.makeMeter(label: "a_total", dimensions: []).set(Int64(1))
        factory.makeCounter(label: "b", dimensions: []).increment(by: 1)
        factory.makeMeter(label: "c_seconds", dimensions: []).set(Int64(1))
        factory.makeCounter(label: "a", dimensions: []).increment(by: 9)
        factory.makeMeter(label: "b_total", dimensions: []).set(Int64(9))
        factory.makeTimer(label: "c", dimensions: []).recordNanoseconds(9)
        let page = try page(factory)
        #expect(page["a_total"]?.value() == 1 && page["b_total"]?.value() == 1 && page["c_seconds"]?.value() == 1)
        #expect(page["gloss_metrics_dropped_total"]?.value(["reason": "kind"]) == 3)
    }

    @Test func bucketsAreThoseOfTheNameThatPrometheusSeesElseTheDefaults() throws {
        let factory = PrometheusMetricsFactory(
            buckets: ["t_seconds": [2, 1, 2, .infinity, .nan, -1], "u": [7], "none": []])
        for label in ["t", "u"] { factory.makeTimer(label: label, dimensions: []).recordNanoseconds(1) }
        for label in ["none", "r"] { factory.makeRecorder(label: label, dimensions: [], aggregate: true).record(1.0) }
        let page = try page(factory)
        func bounds(_ name: String) -> [String] {
            page[name]?.samples.filter { $0.name == name + "_bucket" }.compactMap { $0.labels["le"] } ?? []
        }
        #expect(bounds("t_seconds") == ["-1", "1", "2", "+Inf"])
        #expect(bounds("u_seconds") == PrometheusMetricsFactory.defaultDurations.map(PrometheusText.number) + ["+Inf"])
        #expect(bounds("none") == ["+Inf"])
        #expect(bounds("r") == PrometheusMetricsFactory.defaultValues.map(PrometheusText.number) + ["+Inf"])
    }

    @Test func wholeAndBrokenStepsOfACounterAddUp() {
        let counter = CounterSeries()
        counter.increment(by: Int64(0))
        counter.increment(by: 0.0)
        #expect(counter.text == "0")
        counter.increment(by: 0.25)
        counter.increment(by: Int64(3))
        #expect(counter.text == "3.25")
        counter.increment(by: 0.75)
        #expect(counter.text == "4")
    }
}

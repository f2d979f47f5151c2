import CoreMetrics
import StateFixtures
import Testing

@testable import Observability

/// What a scraper reads is what was counted, whatever the names, labels and values are.
@Suite struct PrometheusPageTests {
    /// Texts that could break a line, a label or a help.
    static let awkward = [
        "", "plain", "a\"b", "a\\b", "\\", "\"", "a\nb", "\\n", "a\\\"b\n\\", "é", "日本", "a\rb", "a\r\nb",
        "{x=\"1\"} 2",
        "# TYPE x counter", "\u{2028}", "a,b=c", "👩‍🔬",
    ]

    @Test(arguments: awkward) func aLabelIsReadAsItWasGiven(value: String) throws {
        let factory = PrometheusMetricsFactory()
        factory.makeMeter(label: "m", dimensions: [("x", value), ("y", "1")]).set(Int64(3))
        factory.makeTimer(label: "t", dimensions: [("x", value)]).recordNanoseconds(5)
        let page = try PrometheusPage(factory.render())
        #expect(page["m"]?.value(["x": value, "y": "1"]) == 3)
        #expect(page["t_seconds"]?.value(["x": value], suffix: "_count") == 1)
    }

    @Test(arguments: awkward) func aHelpIsReadAsItWasGiven(help: String) throws {
        let factory = PrometheusMetricsFactory(help: ["m": help])
        factory.makeMeter(label: "m", dimensions: []).set(Int64(3))
        #expect(try PrometheusPage(factory.render())["m"]?.help == help)
    }

    @Test(arguments: awkward) func anyNameBecomesOneThatPrometheusTakes(name: String) throws {
        let factory = PrometheusMetricsFactory()
        factory.makeMeter(label: name, dimensions: [(name, "1")]).set(Int64(1))
        factory.makeCounter(label: name, dimensions: [(name, "1")]).increment(by: 1)
        factory.makeTimer(label: name, dimensions: [(name, "1")]).recordNanoseconds(1)
        let page = try PrometheusPage(factory.render())
        #expect(page.families.count == 3)
        #expect(page.families.allSatisfy { $0.samples.allSatisfy { !$0.labels.isEmpty } })
    }

    @Test(arguments: [
        0, -0.0, 1, -1, 0.1, 1.0 / 3, 1e15, 999_999_999_999_999, -1e15, 1e16, 1.5e300, .leastNonzeroMagnitude,
        .greatestFiniteMagnitude, .infinity, -.infinity, 9_007_199_254_740_992,
    ]) func aNumberIsReadAsItWasGiven(number: Double) throws {
        let factory = PrometheusMetricsFactory()
        factory.makeMeter(label: "m", dimensions: []).set(number)
        #expect(try PrometheusPage(factory.render())["m"]?.value() == number)
    }

    @Test func valuesThatAreNoNumberAreWrittenAsSuch() throws {
        let factory = PrometheusMetricsFactory()
        factory.makeMeter(label: "m", dimensions: []).set(Double.nan)
        #expect(try PrometheusPage(factory.render())["m"]?.value()?.isNaN == true)
        let histogram = factory.makeRecorder(label: "h", dimensions: [], aggregate: true)
        for value in [Double.infinity, -Double.infinity, 2] { histogram.record(value) }
        let buckets = try #require(try PrometheusPage(factory.render())["h"])
        #expect(buckets.value(["le": "1"], suffix: "_bucket") == 1)
        #expect(buckets.value(["le": "3"], suffix: "_bucket") == 2)
        #expect(buckets.value(["le": "+Inf"], suffix: "_bucket") == 3)
    }

    @Test func thousandsOfSeriesComeSortedAndEachOnce() throws {
        let factory = PrometheusMetricsFactory(maximumSeries: 300)
        for index in 0..<400 {
            factory.makeCounter(label: "c\(index % 3)", dimensions: [("i", "\(index * 7 % 400)")]).increment(by: 1)
        }
        let page = try PrometheusPage(factory.render())
        #expect(page.families.map(\.name) == ["c0_total", "c1_total", "c2_total"])
        for family in page.families {
            let texts = family.samples.map { $0.labels["i"] ?? "" }
            #expect(texts == texts.sorted())
        }
        #expect(page.families.reduce(0) { $0 + $1.samples.count } == 400)
    }

    /// The reader itself: each breaks one rule.
    @Test(arguments: [
        "m 1\n", "# TYPE m gauge\nm 1", "# TYPE m gauge\nn 1\n", "# TYPE m gauge\nm 1\nm 2\n", "# TYPE m wheel\n",
        "# TYPE m gauge\nm{x=\"\\t\"} 1\n", "# TYPE m gauge\nm{x=1} 1\n", "# TYPE m gauge\nm{x=\"1\"\n",
        "# TYPE m gauge\nm one\n", "# TYPE m gauge\n# TYPE m gauge\n", "# HELP m x\n", "# HELP n x\n# TYPE m gauge\n",
        "# TYPE m counter\nm 1\n", "# TYPE m_total counter\nm_total -1\n", "# TYPE m gauge\nm{__x=\"1\"} 1\n",
        "# TYPE h histogram\nh_bucket{le=\"1\"} 2\nh_bucket{le=\"+Inf\"} 1\nh_sum 1\nh_count 1\n",
        "# TYPE h histogram\nh_bucket{le=\"+Inf\"} 1\nh_sum 1\nh_count 2\n",
        "# TYPE h histogram\nh_bucket{le=\"1\"} 1\nh_sum 1\nh_count 1\n",
        "# TYPE h histogram\nh_bucket{le=\"+Inf\"} 1\nh_count 1\n", "# TYPE m gauge\nm{x=\"1\",x=\"2\"} 1\n", "\n",
    ]) func aPageThatBreaksARuleIsRefused(text: String) {
        #expect(throws: PrometheusPage.Fault.self) { try PrometheusPage(text) }
    }
}

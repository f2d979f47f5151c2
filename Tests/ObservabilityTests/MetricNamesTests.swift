import StateFixtures
import Testing

@testable import Observability

/// The rules by which `promtool check metrics` judges names, as far as the format itself does not keep them.
///
/// Source: `util/promlint` of prometheus/client_golang.
@Suite struct MetricNamesTests {
    private static let names = MetricHelp.byName.keys.sorted()

    @Test(arguments: names) func aNameIsOneThatPrometheusRecommends(name: String) {
        #expect(name.utf8.allSatisfy { (0x61...0x7a).contains($0) || (0x30...0x39).contains($0) || $0 == 0x5f })
        let words = name.split(separator: "_").map(String.init)
        // Base units, whole words, and no type within a name.
        for unit in ["milliseconds", "ms", "minutes", "hours", "kilobytes", "mb", "percent", "percentage"] {
            #expect(!words.contains(unit))
        }
        for type in ["gauge", "counter", "histogram", "summary"] { #expect(!words.contains(type)) }
        for ending in ["_count", "_sum", "_bucket"] { #expect(!name.hasSuffix(ending)) }
        #expect(MetricHelp.byName[name]?.hasSuffix(".") == true)
    }

    @Test func onlyCountersEndInTotal() throws {
        let metrics = RunMetrics(progress: RunProgress(), version: "1", topology: "t", digest: "d")
        metrics.judged(by: "detected", method: "detection", questions: 3, failures: ["bad-answer"])
        metrics.waited(.seconds(1), at: "prose", kind: "explain")
        metrics.budget(used: 0.5)
        let page = try PrometheusPage(metrics.render(timers: []))
        #expect(page["gloss_judge_failures_total"]?.kind == .counter)
        #expect(page["gloss_job_wait_seconds"]?.kind == .histogram && page["gloss_budget_used_ratio"]?.kind == .gauge)
        for family in page.families {
            #expect(family.name.hasSuffix("_total") == (family.kind == .counter), "\(family.name)")
        }
    }
}

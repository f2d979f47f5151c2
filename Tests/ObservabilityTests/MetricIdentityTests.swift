import Testing

@testable import Observability

@Suite struct MetricIdentityTests {
    @Test(arguments: [
        ("gloss_jobs", "gloss_jobs"), ("gloss.llm-cost", "gloss_llm_cost"), ("a:b", "a:b"), ("9lives", "_9lives"),
        ("", "_"), ("été", "_t_"), ("a b", "a_b"), ("٣", "_"),
    ]) func aNameKeepsWhatPrometheusTakes(label: String, name: String) {
        #expect(MetricName.sanitized(label) == name)
    }

    @Test func anEndingIsAddedOnce() {
        #expect(MetricName.counter("a") == "a_total" && MetricName.counter("a_total") == "a_total")
        #expect(MetricName.counter("a.total") == "a_total")
        #expect(MetricName.timer("a") == "a_seconds" && MetricName.timer("a_seconds") == "a_seconds")
        #expect(MetricName.timer("a_total") == "a_total_seconds")
    }

    @Test func labelsAreSortedByNameWhateverOrderTheyComeIn() {
        let (first, second) = (LabelSet([("b", "2"), ("a", "1")]), LabelSet([("a", "1"), ("b", "2")]))
        #expect(first == second && first.text == "a=\"1\",b=\"2\"")
        #expect(first < LabelSet([("a", "2")]) && !(first < second))
    }

    @Test(arguments: [
        ("a.b", "a_b"), ("a:b", "a_b"), ("3d", "_3d"), ("", "_"), ("__name__", "exported___name__"),
        ("_one", "_one"), ("le", "exported_le"), ("quantile", "exported_quantile"), ("..", "exported___"),
    ]) func aLabelsNameNeverMeansWhatPrometheusKeepsForItself(name: String, written: String) {
        #expect(LabelSet([(name, "1")]).text == "\(written)=\"1\"")
    }

    @Test func ofTwoLabelsOfTheSameNameTheFirstCounts() {
        #expect(LabelSet([("a.b", "1"), ("a_b", "2"), ("a-b", "3")]).text == "a_b=\"1\"")
    }

    @Test func bracesAreThereOnlyIfThereIsALabel() {
        #expect(LabelSet([]).braced() == "")
        #expect(LabelSet([]).braced(with: "le=\"1\"") == "{le=\"1\"}")
        #expect(LabelSet([("a", "1")]).braced() == "{a=\"1\"}")
        #expect(LabelSet([("a", "1")]).braced(with: "le=\"1\"") == "{a=\"1\",le=\"1\"}")
    }
}

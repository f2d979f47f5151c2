import Foundation
import TestSupport
import Testing

@testable import Observability

/// What `deploy/prometheus` and `deploy/grafana` ask for is there.
@Suite struct DeployedQueriesTests {
    private static func text(_ path: String) throws -> String {
        try String(contentsOfFile: Checkout.path(path), encoding: .utf8)
    }

    /// The names of metrics in a text, without the endings of histograms.
    private static func names(in text: String) -> Set<String> {
        let found = text.matches(of: /\b(gloss|process)_[a-z0-9_]+/).map { String($0.output.0) }
        return Set(
            found.map { name in
                guard MetricHelp.byName[name] == nil else { return name }
                for ending in ["_bucket", "_sum", "_count"] where name.hasSuffix(ending) {
                    return String(name.dropLast(ending.count))
                }
                return name
            })
    }

    @Test(arguments: ["deploy/prometheus/gloss.rules.yaml", "deploy/grafana/gloss-overview.json"])
    func everyMetricAskedForIsOneOfGloss(path: String) throws {
        let names = Self.names(in: try Self.text(path))
        #expect(names.count > 10)
        #expect(names.subtracting(MetricHelp.byName.keys).isEmpty)
    }

    @Test func theListOfMetricsIsWhole() throws {
        let page = try Self.text("docs/http.md")
        let written = page.matches(of: /\b(gloss|process)_[a-z0-9_{},]+/).flatMap { match -> [String] in
            Self.expanded(String(match.output.0))
        }
        #expect(Set(MetricHelp.byName.keys).subtracting(written).isEmpty)
    }

    /// The names that `a_{b,c}_d{e}` stands for; labels at the end are left out.
    private static func expanded(_ text: String) -> [String] {
        guard let open = text.firstIndex(of: "{"), open != text.startIndex,
            text[text.index(before: open)] == "_", let close = text.firstIndex(of: "}")
        else { return [String(text.prefix { $0 != "{" })] }
        let rest = text[text.index(after: close)...].prefix { $0 != "{" }
        return text[text.index(after: open)..<close].split(separator: ",").map { String(text[..<open]) + $0 + rest }
    }

    /// Each alert of the rules with what it says, by its name.
    private static func alerts() throws -> [String: String] {
        var alerts: [String: String] = [:]
        var name: String?
        for line in try text("deploy/prometheus/gloss.rules.yaml").split(separator: "\n") {
            if let match = line.firstMatch(of: /- alert: (\w+)/) { name = String(match.output.1) }
            if let name { alerts[name, default: ""] += line + "\n" }
        }
        return alerts
    }

    @Test func everyAlertWaitsIsGradedAndHasASectionInTheRunbook() throws {
        let runbook = try Self.text("docs/runbook.md")
        let alerts = try Self.alerts()
        #expect(alerts.count >= 8)
        for (name, text) in alerts {
            #expect(text.contains(/\n +for: \d+[mh]\n/), "\(name) does not wait")
            #expect(text.contains(/\n +severity: (warning|critical)\n/), "\(name) is not graded")
            #expect(text.contains("docs/runbook.md#\(name.lowercased())\n"), "\(name) links no section")
            #expect(text.contains("summary:"), "\(name) is not summed up")
            #expect(runbook.contains("\n## \(name)\n"), "the runbook has nothing on \(name)")
        }
        // No section is left over.
        let sections = runbook.matches(of: /\n## (Gloss\w+)/).map { String($0.output.1) }
        #expect(Set(sections) == Set(alerts.keys))
    }

    private struct Dashboard: Decodable {
        struct Target: Decodable {
            let expr: String?
        }
        struct Panel: Decodable {
            let type: String
            let title: String
            let description: String?
            let targets: [Target]?
        }
        let uid: String
        let title: String
        let panels: [Panel]
    }

    @Test func everyPanelOfTheDashboardIsDescribedAndAsksSomething() throws {
        let data = Data(try Self.text("deploy/grafana/gloss-overview.json").utf8)
        let dashboard = try JSONDecoder().decode(Dashboard.self, from: data)
        #expect(dashboard.uid == "gloss-overview")
        let panels = dashboard.panels.filter { $0.type != "row" }
        #expect(panels.count > 15 && dashboard.panels.count { $0.type == "row" } == 5)
        for panel in panels {
            #expect(panel.description?.isEmpty == false, "\(panel.title) is not described")
            #expect(panel.targets?.contains { $0.expr?.isEmpty == false } == true, "\(panel.title) asks nothing")
        }
    }
}

import Foundation
import TestSupport
import Testing

@testable import Observability

/// What Prometheus' own checker says, where it is at hand: `deploy/setup` fetches it.
@Suite struct PromtoolTests {
    private static let promtool: String? = {
        let environment = ProcessInfo.processInfo.environment
        var folders = [environment["GLOSS_PROMETHEUS_HOME"] ?? NSHomeDirectory() + "/.cache/gloss/prometheus/usr/bin"]
        folders += (environment["PATH"] ?? "").split(separator: ":").map(String.init)
        let places = folders.map { $0 + "/promtool" }
        return places.first { FileManager.default.isExecutableFile(atPath: $0) }
    }()

    /// Runs the checker; returns what it says and how it ends.
    private static func check(_ arguments: [String], input: String? = nil) throws -> (text: String, status: Int32) {
        let process = Process()
        process.executableURL = URL(filePath: promtool ?? "")
        process.arguments = arguments
        let folder = try TemporaryFolder()
        process.standardInput = try FileHandle(
            forReadingFrom: URL(filePath: try folder.write(input ?? "", to: "input")))
        // A file and no pipe: nobody has to read while it runs.
        let output = try folder.write("", to: "output")
        let said = try FileHandle(forWritingTo: URL(filePath: output))
        process.standardOutput = said
        process.standardError = said
        try process.run()
        process.waitUntilExit()
        // The folder goes with its last use.
        let text = try withExtendedLifetime(folder) { try String(contentsOfFile: output, encoding: .utf8) }
        return (text, process.terminationStatus)
    }

    @Test(.enabled(if: PromtoolTests.promtool != nil)) func aWholePageOfMetricsIsClean() throws {
        let (text, status) = try Self.check(["check", "metrics"], input: EveryMetric.page)
        #expect(status == 0 && text.isEmpty, "\(text)")
    }

    @Test(.enabled(if: PromtoolTests.promtool != nil)) func theRulesAreReadAndFireWhenTheyShould() throws {
        let folder = Checkout.path("deploy/prometheus")
        let rules = try Self.check(["check", "rules", folder + "/gloss.rules.yaml"])
        #expect(rules.status == 0, "\(rules.text)")
        let tests = try Self.check(["test", "rules", folder + "/gloss.rules.test.yaml"])
        #expect(tests.status == 0, "\(tests.text)")
        let config = try Self.check(["check", "config", "--syntax-only", folder + "/prometheus.yaml"])
        #expect(config.status == 0, "\(config.text)")
    }
}

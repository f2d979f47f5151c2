import Foundation
import TestSupport
import Testing
import Topology

@Suite struct GoldenTopologyTests {
    static let folder = URL(filePath: GoldenFiles.path("topologies"))

    static let cases: [String] = {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return names.filter { $0.hasSuffix(".yaml") }.map { String($0.dropLast(5)) }.sorted()
    }()

    static func text(_ name: String) throws -> String {
        try String(contentsOf: folder.appending(component: name), encoding: .utf8)
    }

    /// With `GLOSS_RECORD_GOLDENS` set, writes what is printed now and fails, so that the change is looked at.
    @Test(arguments: cases) func printsWhatTheGoldenFileHolds(name: String) throws {
        let source = try Self.text(name + ".yaml")
        let result = ExampleSchemas.reader().read(text: source, file: name + ".yaml")
        let printed = result.diagnostics.map { $0.render(source: source, colour: false) + "\n" }.joined()
        #expect((result.topology == nil) == result.diagnostics.contains { $0.severity == .error })
        #expect(!printed.contains("hunter2"))
        if ProcessInfo.processInfo.environment["GLOSS_RECORD_GOLDENS"] != nil {
            try printed.write(
                to: Self.folder.appending(component: name + ".expected"), atomically: true, encoding: .utf8)
            Issue.record("recorded \(name).expected")
        }
        #expect(try printed == Self.text(name + ".expected"))
    }

    @Test func goldenFilesCoverEveryCodeOfTheReader() throws {
        var seen: Set<String> = []
        for name in Self.cases {
            let source = try Self.text(name + ".yaml")
            seen.formUnion(ExampleSchemas.reader().read(text: source, file: name).diagnostics.map(\.code))
        }
        // Codes of the daemon, and that of a faulty schema, which has its own test.
        let others = DiagnosticCode.allCases.filter { $0.rawValue.dropFirst().hasPrefix("6") } + [.badDefault]
        #expect(seen.union(others.map(\.rawValue)) == Set(DiagnosticCode.allCases.map(\.rawValue)))
    }
}

import Foundation
import TestSupport
import Testing
import Topology

@testable import Nodes

/// docs/topology.md says what the schemas say.
@Suite struct ReferenceTests {
    private static let path = URL(filePath: Checkout.path("docs/topology.md"))

    /// The part of a page from one heading up to another, or to its end.
    private func part(of page: String, from start: String, to end: String?) throws -> Range<String.Index> {
        let lower = try #require(page.range(of: "\n## \(start)\n")).lowerBound
        guard let end else { return lower..<page.endIndex }
        return lower..<(try #require(page.range(of: "\n## \(end)\n")).lowerBound)
    }

    /// With `GLOSS_RECORD_GOLDENS` set, writes the nodes and codes anew and fails, so that the change is looked at.
    @Test func everyNodeFieldAndCodeIsDescribedAsItsSchemaSays() throws {
        var page = try String(contentsOf: Self.path, encoding: .utf8)
        let generated = ReferencePage.markdown(schemas: NodeRegistry.schemas)
        if ProcessInfo.processInfo.environment["GLOSS_RECORD_GOLDENS"] != nil {
            let nodes = generated[try part(of: generated, from: "Sources", to: "Values")]
            page.replaceSubrange(try part(of: page, from: "Sources", to: "librdkafka settings"), with: nodes)
            let rows = generated[try part(of: generated, from: "Codes", to: nil)]
            let table = try #require(rows.range(of: "| Code |")).lowerBound
            let old = try #require(page.range(of: "| Code | Meaning |")).lowerBound
            page.replaceSubrange(old..<page.endIndex, with: rows[table...])
            try page.write(to: Self.path, atomically: true, encoding: .utf8)
            Issue.record("wrote docs/topology.md anew")
        }
        let lines = Set(page.split(separator: "\n"))
        let missing = generated.split(separator: "\n").filter { $0.hasPrefix("| ") && !lines.contains($0) }
        #expect(missing == [])
    }
}

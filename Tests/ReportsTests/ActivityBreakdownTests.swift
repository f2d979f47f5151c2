import Elements
import Foundation
import StateFixtures
import Store
import Testing

@testable import Reports
@testable import StateNotes

@Suite struct ActivityBreakdownTests {
    /// Four latents, one of which never fires, in two sources.
    private let view = BrokenDownView(
        positions: [1600, 1600, 3200, 33_600, 0, 0, 0, 0, 0, 0, 0, 0],
        sources: [
            SourceTotals(name: "books", tokens: 30_000, contexts: 75),
            SourceTotals(name: "web", tokens: 10_000, contexts: 25),
        ],
        firing: [
            ([0, 0, 0, 0], [0, 0]), ([0, 5, 195, 1], [150, 51]), ([0, 0, 0, 300], [0, 300]), ([9, 0, 0, 0], [9, 0]),
        ])

    @Test func latentsAreCountedByLengthOfTheContext() throws {
        let breakdown = try #require(ActivityBreakdown(of: view))
        #expect(breakdown.lengths.map(\.length) == [16, 32, 64, 128])
        #expect(breakdown.lengths.map(\.tokens) == [1600, 3200, 6400, 40_000])
        #expect(breakdown.lengths.map(\.never) == [3, 2, 2, 1])
        #expect(breakdown.lengths.map(\.atMost200) == [4, 4, 4, 2])
    }

    @Test func latentsAreCountedBySourceAndThoseThatDifferAreNamed() throws {
        let breakdown = try #require(ActivityBreakdown(of: view))
        #expect(breakdown.sources.map(\.name) == ["books", "web"])
        #expect(breakdown.sources.map(\.never) == [2, 2] && breakdown.sources.map(\.atMost200) == [4, 3])
        #expect(breakdown.differing.map(\.latent) == [2, 3, 1])
        #expect(breakdown.differing[0].rates == [0, 0.03])
        // SciPy: chi2_contingency([[0, 300], [30000, 9700]], correction=False, lambda_="log-likelihood").
        #expect(abs(breakdown.differing[0].statistic - 838.612_345_3) < 1e-4)
    }

    @Test func theReportShowsLengthsAndOnRequestSources() throws {
        let directory = try TemporaryDirectory()
        let store = try directory.store()
        let note = EvidenceNote(node: "evidence", view: view, epoch: 3)
        try EvidenceNote.notes.write(note, of: "evidence", to: store)
        let report = try RunReport(directory: directory.state)
        let plain = ReportTable(report: report, best: 0, width: 200).text
        #expect(plain.contains("    16: 75.0 %, 100.0 % over 1600 tokens"))
        #expect(plain.contains("    128: 25.0 %, 50.0 % over 40000 tokens"))
        #expect(!plain.contains("SOURCES"))
        let lines = ReportTable(report: report, best: 0, width: 200, areBySource: true).text
            .components(separatedBy: "\n")
        #expect(lines.contains { $0.hasPrefix("  web ") && $0.contains("10000") && $0.contains("75.0 %") })
        #expect(lines.contains { $0.hasPrefix("  2 ") && $0.contains("0.0000 %") && $0.contains("3.0000 %") })
        #expect(try ReportJSON.text(report).contains("\"name\":\"books\""))
    }
}

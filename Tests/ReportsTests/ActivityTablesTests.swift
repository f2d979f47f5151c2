import Elements
import Foundation
import StateFixtures
import Testing

@testable import Reports
@testable import StateNotes

@Suite struct ActivityTablesTests {
    private static let sources = [
        SourceTotals(name: "", tokens: 600, contexts: 6), SourceTotals(name: "web", tokens: 400, contexts: 4),
    ]
    private static let firing: [(positions: [UInt64], sources: [UInt64])] = [
        ([0, 0], [0, 0]), ([1, 250], [251, 0]), ([3, 0], [0, 3]), ([0, 12], [6, 4]),
    ]

    private func lines(_ view: BrokenDownView, areBySource: Bool = false) -> [String] {
        let note = EvidenceNote(node: "evidence", view: view, epoch: 1)
        return ActivityTables(evidence: [note], areBySource: areBySource).lines
    }

    @Test func activityIsToldInDecadesAndByTheFirstTokensOfEachContext() {
        #expect(
            lines(BrokenDownView(positions: [400, 600], sources: Self.sources, firing: Self.firing)) == [
                "", "ACTIVITY of evidence: 25.0 % of 4 latents never fired, 75.0 % at most 200 times",
                "  latents by tokens fired at, from  10^0: 1  10^1: 1  10^2: 1",
                "  counting only the first tokens of each context (never fired, at most 200 times)",
                "    16: 50.0 %, 100.0 % over 400 tokens", "    32: 25.0 %, 75.0 % over 1000 tokens",
            ])
    }

    @Test func contextsAllOfOneBinAreNotCutFurther() {
        #expect(lines(BrokenDownView(positions: [400], firing: [([3], []), ([0], [])])).count == 3)
    }

    @Test func contextsLongerThanTheLastBinAreCountedAsAll() {
        let positions = [UInt64](repeating: 10, count: PositionBins.count)
        #expect(
            lines(BrokenDownView(positions: positions, firing: [(positions, [])])).last
                == "    all: 0.0 %, 100.0 % over 120 tokens")
    }

    @Test func tokensThatAnOlderVersionReadAreSaidToBeMissing() {
        var view = BrokenDownView(positions: [400, 600], sources: Self.sources, firing: Self.firing)
        view.totals.tokens = 5000
        let note = "; only 1000 of 5000 tokens are counted so, an older version read the others"
        #expect(lines(view)[3].hasSuffix("at most 200 times)" + note))
        #expect(lines(view, areBySource: true).contains("SOURCES of evidence" + note))
    }

    @Test func sourcesAndWhatDiffersMostStandBelow() {
        let view = BrokenDownView(positions: [400, 800], sources: Self.sources, firing: Self.firing)
        #expect(
            lines(view, areBySource: true).dropFirst(6) == [
                "", "SOURCES of evidence", "  source                  tokens      never fired at most 200 ",
                "  (unnamed)               600         50.0 %      75.0 %      ",
                "  web                     400         50.0 %      100.0 %     ",
                "  200 tokens are of further sources, which are not told apart",
                "",
                "LATENTS of evidence whose firing differs most by source (share of the source's tokens)",
                "  latent    2 ln L    (unnamed)   web         ",
                "  1         311       41.8333 %   0.0000 %    ",
                "  2         6         0.0000 %    0.7500 %    ",
            ])
    }

    @Test func aSingleSourceHasNoLatentsThatDiffer() {
        let view = BrokenDownView(
            positions: [400], sources: [SourceTotals(name: "web", tokens: 400, contexts: 4)], firing: [([3], [3])])
        #expect(lines(view, areBySource: true).last == "  web                     400         0.0 %       100.0 %     ")
    }

    @Test func withoutCountsBySourceThatIsSaid() {
        #expect(
            lines(BrokenDownView(firing: [([], [])]), areBySource: true).suffix(2)
                == ["", "SOURCES of evidence: not available (no tokens have been counted by source)"])
    }

    @Test func aNoteOfAnOlderVersionHasNoActivity() throws {
        let note = try JSONDecoder().decode(
            EvidenceNote.self,
            from: Data(
                """
                {"node":"evidence","digest":"ab","epoch":1,"latents":256,"fired":17,"countsDigest":"cd",\
                "totals":{"tokens":1000,"contexts":8,"windows":32,"shortWindows":1}}
                """.utf8))
        #expect(ActivityTables(evidence: [note], areBySource: false).lines.isEmpty)
        #expect(ActivityTables(evidence: [note], areBySource: true).lines.count == 2)
    }

    @Test func aCoderWithoutLatentsHasNoActivity() {
        #expect(lines(BrokenDownView(positions: [400], firing: [])).isEmpty)
    }

    /// What a record gives as its source is printed beside the figures.
    @Test func nothingInTheNameOfASourceSteersTheTerminalOrTearsARow() {
        let names = ["\u{1B}[31mred", "two\nlines", "\u{9B}2J\u{9D}C1", "\u{202E}turned\u{2066}"]
        let view = BrokenDownView(
            positions: [40], sources: names.map { SourceTotals(name: $0, tokens: 10, contexts: 1) },
            firing: [([8], [8, 0, 0, 0]), ([8], [0, 8, 0, 0])])
        let plain = BrokenDownView(
            positions: [40],
            sources: ["[31mred", "two lines", "2JC1", "turned"].map { SourceTotals(name: $0, tokens: 10, contexts: 1) },
            firing: [([8], [8, 0, 0, 0]), ([8], [0, 8, 0, 0])])
        #expect(lines(view, areBySource: true) == lines(plain, areBySource: true))
        #expect(lines(view, areBySource: true).contains { $0.hasPrefix("  two lines  ") })
    }
}

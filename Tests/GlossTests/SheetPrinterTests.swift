import Elements
import Foundation
import LatentSheets
import Serving
import Store
import TestSupport
import Testing

@testable import gloss

/// What `gloss show` prints, beside the lines that stood in `Golden` when a person had looked at them.
@Suite struct SheetPrinterTests {
    private static let hostile = "a\u{1B}[31m\u{202E}b"

    private func sheet() throws -> LatentSheet {
        try SheetJSON.value(LatentSheet.self, from: GoldenFiles.data("sheet/sheet.json"))
    }

    @Test(arguments: [60, 80, 120, 200])
    func aSheetIsPrintedAsItWasLookedAt(width: Int) throws {
        let lines = SheetPrinter(width: width, form: .plain).lines(of: try sheet())
        let text = lines.joined(separator: "\n") + "\n"
        #expect(try text == GoldenFiles.text("sheet/show-\(width).txt", recording: text))
        // Examples are cut round a token, however narrow the terminal is; nothing else is wider than it.
        #expect(lines.filter { !$0.contains("doc ") }.allSatisfy { $0.count <= width })
        // State and scores are always whole.
        #expect(lines.first?.contains("codes/1496") == true && lines.first?.contains("✓ scored") == true)
    }

    @Test(arguments: [20, 60, 80, 200])
    func nothingSteersTheTerminalWhateverTheSheetHolds(width: Int) throws {
        var sheet = try sheet()
        sheet.labels[0].text = Self.hostile
        sheet.labels[0].model = Self.hostile
        sheet.failures = [SheetFailure(node: Self.hostile, kind: "score", reason: Self.hostile, attempts: 1, at: "now")]
        sheet.neighbours[0].label = Self.hostile
        sheet.provenance.append(SheetFact("corpus", Self.hostile))
        sheet.examples[0].examples[0].pieces[0].text = Self.hostile
        let text = SheetPrinter(width: width, form: .plain).lines(of: sheet).joined(separator: "\n")
        #expect(!text.unicodeScalars.contains { $0.value < 0x20 && $0 != "\n" || $0.value == 0x202E })
        // With colours the only escapes are those of tokens, each taken back.
        let coloured = SheetPrinter(width: width, form: .coloured).lines(of: sheet).joined(separator: "\n")
        let escapes = coloured.matches(of: /\u{1B}\[[0-9;]*m/).map { String($0.0) }
        #expect(escapes.count == coloured.unicodeScalars.count { $0 == "\u{1B}" })
        #expect(escapes.count { $0 == "\u{1B}[0m" } * 2 == escapes.count)
    }

    @Test(arguments: [(true, ""), (false, "; the topology does not have it explained again")])
    func whyAnExplanationIsStaleStandsBelowIt(isExplainedAgain: Bool, remark: String) throws {
        var sheet = try sheet()
        sheet.labels[0].stale = try SheetJSON.value(
            SheetStaleness.self,
            from: #"{"reason":"grown","amount":12.4,"is_explained_again":\#(isExplainedAgain)}"#.utf8)
        let lines = SheetPrinter(width: 120, form: .plain).lines(of: sheet)
        let place = try #require(lines.firstIndex { $0.contains("by \(sheet.labels[0].node): ") })
        #expect(lines[place + 1] == "  ~ stale: windows grown 12 ×\(remark)")
    }

    @Test func aLabelWithoutScoresIsCalledUnscored() throws {
        var sheet = try sheet()
        sheet.labels = [sheet.labels[0]]
        sheet.labels[0].scores = []
        #expect(SheetPrinter(width: 80, form: .plain).lines(of: sheet).contains("    unscored"))
        sheet.labels = []
        #expect(SheetPrinter(width: 80, form: .plain).lines(of: sheet).first?.hasSuffix("unscored") == true)
    }

    @Test(arguments: [10, 20, 40, 80, 400])
    func aLineIsCutRoundItsStrongestTokenAndFits(room: Int) throws {
        for group in try sheet().examples {
            for example in group.examples {
                let line = MarkedLine(form: .plain).text(of: example, room: room)
                if let peak = example.peakPiece {
                    #expect(line.contains("[\(example.pieces[peak].text):4]") || line.contains(":"), "\(line)")
                    #expect(line.count <= max(room, example.pieces[peak].text.count + 6), "\(room) \(line)")
                }
            }
        }
    }

    @Test(arguments: [("codes/17", "codes", 17), ("a/b/3", "a/b", 3)])
    func aLatentIsReadAsItIsPrinted(text: String, coder: String, latent: Int) {
        let key = LatentKey(written: text)
        #expect(key?.coder == coder && key?.latent == latent)
    }

    @Test(arguments: ["17", "/17", "codes/", "codes/x", "codes/-1", ""])
    func whatIsNoLatentIsRefused(text: String) {
        #expect(LatentKey(written: text) == nil)
    }
}

import Testing

@testable import TerminalText

/// What stands in a column is counted in letters as a reader sees them.
@Suite struct TextTableWidthTests {
    @Test(arguments: [
        ("e\u{301}", 1),  // a letter and its accent
        ("a\u{200D}\u{FE0F}", 1),  // joiners and selectors, which have no width
        ("ก็", 1), ("👩‍👩‍👧", 1), ("🇩🇪", 1), ("漢字", 2), ("", 0),
    ]) func aLetterOfSeveralScalarsTakesOnePlace(cell: String, places: Int) {
        let lines = TextTable(indent: 0, minimumWidths: [4]).lines(of: [[cell, "x"]])
        #expect(lines == [cell + String(repeating: " ", count: 4 - places) + "x "])
    }

    @Test func theLongestCellOfAColumnIsFoundAmongHeaderAndRows() {
        let table = TextTable(indent: 1, gap: 3)
        #expect(
            table.lines(under: ["a", "long header"], of: [["longer", "b"]])
                == [" a        long header   ", " ──────   ───────────   ", " longer   b             "])
        #expect(table.lines(under: ["ab", "c"], of: []) == [" ab   c   ", " ──   ─   "])
    }

    @Test func aLeastWidthHoldsTheGapToo() {
        let table = TextTable(indent: 0, minimumWidths: [5], gap: 2)
        #expect(table.lines(of: [["abc"]]) == ["abc  "] && table.lines(of: [["abcd"]]) == ["abcd  "])
    }

    @Test func aRightAlignedCellThatDoesNotFitKeepsItsGap() {
        let table = TextTable(indent: 0, minimumWidths: [4, 4], rightAligned: [0, 1], widening: .row)
        #expect(table.lines(of: [["1", "22"], ["12345", "6"], []]) == ["  1  22 ", "12345   6 ", ""])
    }

    @Test func onlySpacesAtTheEndAreTrimmed() {
        let table = TextTable(minimumWidths: [8], trimsRows: true)
        #expect(table.lines(of: [["a\u{A0}", " "], ["  b"], [""]]) == ["  a\u{A0}", "    b", "  "])
    }
}

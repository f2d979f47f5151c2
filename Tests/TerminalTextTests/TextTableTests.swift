import Testing

@testable import TerminalText

@Suite struct TextTableTests {
    @Test func columnsAreAsWideAsTheirLongestCellAndAtLeastAsWideAsToldTo() {
        let table = TextTable(minimumWidths: [6, 3])
        #expect(table.lines(of: [["a", "b"], ["c", "four"]]) == ["  a     b    ", "  c     four "])
    }

    @Test func aRowMayBeShorterThanOthers() {
        #expect(TextTable(indent: 0).lines(of: [["a", "b"], ["cc"]]) == ["a  b ", "cc "])
        #expect(TextTable().lines(of: []).isEmpty)
    }

    @Test func numbersStandAtTheRightOverTheirDashes() {
        let table = TextTable(indent: 0, gap: 2, rightAligned: [1], trimsRows: true)
        #expect(
            table.lines(under: ["name", "n", ""], of: [["a", "10", "ok"], ["longer", "7", ""]]) == [
                "name     n", "──────  ──  ──", "a       10  ok", "longer   7",
            ])
    }

    @Test func aCellThatDoesNotFitWidensItsRowAlone() {
        let table = TextTable(minimumWidths: [4, 4], widening: .row, trimsRows: true)
        #expect(table.lines(of: [["a", "b"], ["longer", "b"]]) == ["  a   b", "  longer b"])
    }

    @Test func withoutAGapACellMayFillItsColumn() {
        let table = TextTable(minimumWidths: [4, 2], gap: 0, widening: .row)
        #expect(table.lines(of: [["four", "b"], ["fives", "b"]]) == ["  fourb ", "  fivesb "])
    }

    @Test func lettersOfSeveralCodeUnitsTakeOneColumn() {
        #expect(TextTable(minimumWidths: [4]).lines(of: [["é"], ["🙂🙂"]]) == ["  é   ", "  🙂🙂  "])
    }

    /// A name out of a record may hold anything.
    @Test func aCellNeitherTearsItsRowNorSteersTheTerminal() {
        let table = TextTable(gap: 1)
        let lines = table.lines(under: ["source", "n"], of: [["\u{1B}[31msrc\nb\u{202E}", "1"], ["plain", "2"]])
        #expect(lines == ["  source    n ", "  ───────── ─ ", "  [31msrc b 1 ", "  plain     2 "])
    }

    private static let wide = [
        ["name", "first", "second", "third"], ["a", "1.00", "2.00", "3.00"], ["b", "4", "5", "6"],
    ]

    @Test func whereThereIsRoomAFittedTableIsAsAnyOther() {
        let table = TextTable(minimumWidths: [12, 8])
        #expect(table.fitted(Self.wide, to: 80) == table.lines(of: Self.wide).map { [$0] })
        #expect(table.fitted([], to: 80).isEmpty)
    }

    @Test func withLittleRoomTheLeastWidthsAreGivenUp() {
        let rows = TextTable(minimumWidths: [40, 40]).fitted(Self.wide, to: 30)
        #expect(rows == [["  name first second third"], ["  a    1.00  2.00   3.00"], ["  b    4     5      6"]])
    }

    @Test func withLessTheLastColumnsStandBelowTheirRow() {
        let rows = TextTable().fitted(Self.wide, to: 22)
        #expect(
            rows == [
                ["  name first second"], ["  a    1.00  2.00", "    third 3.00"], ["  b    4     5", "    third 6"],
            ])
        #expect(TextTable().fitted(Self.wide, to: 18)[1] == ["  a    1.00", "    second 2.00,", "    third 3.00"])
    }
}

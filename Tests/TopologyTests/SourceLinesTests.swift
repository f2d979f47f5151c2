import Testing

@testable import Topology

@Suite struct SourceLinesTests {
    @Test func cutsAtEveryBreakOfYAML() {
        let lines = SourceLines("a\nb\r\nc\rd\u{85}e\u{2028}f\u{2029}g\n")
        #expect((1...lines.count).map { lines.line($0).map(String.init) } == ["a", "b", "c", "d", "e", "f", "g", ""])
        #expect(lines.line(0) == nil)
        #expect(lines.line(9) == nil)
    }

    @Test func countsColumnsInCharacters() {
        // e and its accent are two scalars and one character.
        let lines = SourceLines("ab\ne\u{301}x𝔸y")
        #expect(lines.mark(line: 1, scalarColumn: 2) == SourceMark(line: 1, column: 2))
        #expect((1...6).map { lines.mark(line: 2, scalarColumn: $0).column } == [1, 1, 2, 3, 4, 5])
    }

    @Test func movesWhatLiesBeyondTheTextToItsEnd() {
        let lines = SourceLines("ab\né")
        #expect(lines.mark(line: 1, scalarColumn: 99) == SourceMark(line: 1, column: 3))
        #expect(lines.mark(line: 2, scalarColumn: 99) == SourceMark(line: 2, column: 2))
        #expect(lines.mark(line: 99, scalarColumn: 1) == SourceMark(line: 2, column: 2))
        #expect(lines.mark(line: 0, scalarColumn: 0) == SourceMark(line: 1, column: 1))
    }

    @Test func marksOfIndicesEqualThoseOfAWalk() {
        let text = "ab\ncd\u{e9}f\n\nx"
        let lines = SourceLines(text)
        var line = 1
        var column = 1
        for index in text.indices {
            #expect(lines.mark(of: index) == SourceMark(line: line, column: column))
            if text[index] == "\n" { (line, column) = (line + 1, 1) } else { column += 1 }
        }
        #expect(lines.mark(of: text.endIndex) == SourceMark(line: 4, column: 2))
    }

    @Test func findsScalarsByLineAndColumn() {
        let text = "ab\ne\u{301}x"
        let lines = SourceLines(text)
        #expect(lines.index(line: 2, scalarColumn: 3).map { text.unicodeScalars[$0] } == "x")
        #expect(lines.index(line: 2, scalarColumn: 4) == nil)
        #expect(lines.index(line: 1, scalarColumn: 3) == nil)
        #expect(lines.index(line: 3, scalarColumn: 1) == nil)
    }
}

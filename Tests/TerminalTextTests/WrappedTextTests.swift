import Testing

@testable import TerminalText

@Suite struct WrappedTextTests {
    @Test func whatFitsStaysAsItIs() {
        #expect(WrappedText.lines("  a  b ", width: 7) == ["  a  b "])
        #expect(WrappedText.lines("", width: 10) == [""])
    }

    @Test func linesBreakBetweenWordsAndGoOnFurtherIn() {
        #expect(
            WrappedText.lines("  one two three four five six", width: 24, hanging: 2) == [
                "  one two three four", "    five six",
            ])
    }

    @Test func aWordThatIsTooLongStandsByItself() {
        let long = String(repeating: "x", count: 40)
        #expect(WrappedText.lines("\(long) ab \(long)", width: 24, hanging: 0) == [long, "ab", long])
        #expect(WrappedText.lines(long + "   ", width: 24) == [long])
    }

    @Test(arguments: [20, 33, 60, 80, 200])
    func noWordIsLostAndNoLineIsTooLong(width: Int) {
        let words = (0..<300).map { "w\($0 * 7919 % 1000)" }
        let lines = WrappedText.lines("    " + words.joined(separator: " "), width: width, hanging: 4)
        #expect(lines.allSatisfy { $0.count <= width })
        #expect(lines.flatMap { $0.split(separator: " ").map(String.init) } == words)
    }
}

import Testing

@testable import TerminalText

@Suite struct FigureTextTests {
    @Test(
        arguments: [
            (nil, "n/a"), (0, ".00"), (0.5, ".50"), (0.845, ".84"), (0.849, ".85"), (0.999, "1.00"), (1, "1.00"),
            (-0.25, "-0.25"),
        ] as [(Double?, String)]) func aNumberHasTwoDecimalsAndNoLeadingZero(value: Double?, text: String)
    {
        #expect(FigureText.number(value) == text)
    }

    @Test func anIntervalStandsBehindItsValueInBrackets() {
        #expect(FigureText.figure(0.52, 0.43, 0.614) == ".52 [.43–.61]")
        #expect(FigureText.figure(1, 0.9, 1) == "1.00 [.90–1.00]")
    }

    @Test func numbersOutsideOfOneKeepTheirDigits() {
        #expect(FigureText.number(10.126) == "10.13" && FigureText.number(-1000) == "-1000.00")
        #expect(FigureText.interval(-0.5, 0.5) == "[-0.50–.50]")
    }
}

import Testing

@testable import TerminalText

@Suite struct DurationTextTests {
    @Test(
        arguments: [
            (-3, "0 s"), (0, "0 s"), (59.4, "59 s"), (60, "1 min"), (110, "1 min 50 s"), (599, "9 min 59 s"),
            (600, "10 min"), (3570, "1 h"), (7800, "2 h 10 min"), (.infinity, "277777 h 47 min"),
        ])
    func aLengthIsToldAsPeopleDo(seconds: Double, text: String) { #expect(DurationText.text(seconds) == text) }

    @Test(
        arguments: [
            (1, "about 5 s"), (14, "about 15 s"), (44, "about 40 s"), (107, "about 2 min"), (135, "about 2 min 30 s"),
            (1234, "about 21 min"), (8000, "about 2 h 13 min"),
        ])
    func aGuessDoesNotLookExact(seconds: Double, text: String) { #expect(DurationText.about(seconds) == text) }
}

import Testing

@testable import TerminalText

@Suite struct AmountTextTests {
    @Test(arguments: [
        (0, "0"), (0.01, "<0.1"), (0.3, "0.3"), (2.94, "2.9"), (9.97, "10"), (412.4, "412"), (999.6, "1.0k"),
        (18_400, "18.4k"), (999_960, "1.0M"), (41_200_000, "41.2M"), (2e9, "2.0G"),
    ])
    func aNumberIsShort(value: Double, text: String) {
        #expect(AmountText.short(value) == text)
    }

    @Test func aCountHasNoFractionWhileItIsSmall() {
        #expect(AmountText.short(7) == "7" && AmountText.short(9999) == "9999" && AmountText.short(10_000) == "10.0k")
    }

    @Test(arguments: [
        (0, "0 s"), (-3, "0 s"), (14.4, "14 s"), (99.6, "2 min"), (1200, "20 min"), (5969, "99 min"), (7200, "2.0 h"),
        (180_000, "2.1 d"),
    ])
    func aSpanOfTimeIsInItsUnit(seconds: Double, text: String) {
        #expect(AmountText.time(seconds) == text)
    }

    @Test(arguments: [(0, "0%"), (0.001, "<1%"), (0.5, "50%"), (0.996, "99%"), (1, "100%")])
    func aShareIsNeverRoundedToNothingOrAll(share: Double, text: String) {
        #expect(AmountText.percent(share) == text)
    }
}

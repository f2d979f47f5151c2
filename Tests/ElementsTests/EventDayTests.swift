import Elements
import Testing

@Suite struct EventDayTests {
    private static let times: [(Int64, Int64)] = [
        (0, 0), (86_399_999, 0), (86_400_000, 1), (-1, -1), (-86_400_000, -1), (-86_400_001, -2),
        (.max, 106_751_991_167), (.min, -106_751_991_168),
    ]
    private static let names: [(Int64, String)] = [
        (0, "1970-01-01"), (-1, "1969-12-31"), (20_785, "2026-11-28"), (47_482, "2100-01-01"),
        (2_932_896, "9999-12-31"), (2_932_897, "day 2932897 since 1970"), (-141_427, "1582-10-15"),
        (-141_428, "day -141428 since 1970"),
        (.min, "day -9223372036854775808 since 1970"),
    ]

    @Test(arguments: times) func aDayBeginsAtMidnightAnyNumberBeingATime(time: Int64, day: Int64) {
        #expect(EventDay.number(ofMilliseconds: time) == day)
    }

    @Test(arguments: names) func aDayIsNamedByItsDateWhereACalendarReaches(day: Int64, text: String) {
        #expect(EventDay.text(day) == text)
    }
}

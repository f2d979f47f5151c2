import Testing

@testable import Topology

@Suite struct NumeralsTests {
    @Test(arguments: [
        ("0", Numerals.Whole.value(0)), ("-12", .value(-12)), ("+7", .value(7)), ("007", .value(7)),
        ("9223372036854775807", .value(.max)), ("9223372036854775808", .tooLarge), ("-9223372036854775809", .tooLarge),
        ("", .notWhole), ("-", .notWhole), ("1.0", .notWhole), ("1:30", .notWhole), ("0x10", .notWhole),
        ("1_000", .notWhole), (" 1", .notWhole), ("１", .notWhole), ("--1", .notWhole),
    ]) func readsWholeNumbers(text: String, expected: Numerals.Whole) {
        #expect(Numerals.whole(text) == expected)
    }

    @Test(
        arguments: [
            ("0.3", 0.3), ("-1", -1), ("1e3", 1000), ("1E-2", 0.01), (".5", 0.5), ("nan", nil), ("inf", nil),
            (".inf", nil),
            ("1e999", nil), ("0x1p3", nil), ("", nil), ("e", nil), (".", nil), ("1.2.3", nil), ("yes", nil),
        ] as [(String, Double?)]) func readsDecimals(text: String, expected: Double?)
    {
        #expect(Numerals.decimal(text) == expected)
    }

    @Test(
        arguments: [
            ("10s", 10_000), ("500ms", 500), ("5m", 300_000), ("1h", 3_600_000), ("2d", 172_800_000), ("0s", 0),
            ("10", nil),
            ("10 s", nil), ("-1s", nil), ("+1s", nil), ("1.5s", nil), ("s", nil), ("", nil),
            ("9223372036854775807h", nil),
            ("99999999999999999999s", nil), ("1S", nil), ("１s", nil),
        ] as [(String, Int?)]) func readsDurations(text: String, expected: Int?)
    {
        #expect(Numerals.quantity(text, units: Numerals.durations) == expected)
    }

    @Test(
        arguments: [
            ("4GiB", 4 << 30), ("512MiB", 512 << 20), ("10MB", 10_000_000), ("1024", 1024), ("1kB", 1000),
            ("1TiB", 1 << 40),
            ("9000000TiB", nil), ("4 GiB", nil), ("4gib", nil), ("GiB", nil), ("-1", nil),
        ] as [(String, Int?)]) func readsSizes(text: String, expected: Int?)
    {
        #expect(Numerals.quantity(text, units: Numerals.sizes) == expected)
    }
}

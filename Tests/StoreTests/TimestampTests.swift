import Foundation
import Testing

@testable import Store

@Suite struct TimestampTests {
    @Test(arguments: [
        (Int64(0), "1970-01-01T00:00:00.000Z"), (-1, "1969-12-31T23:59:59.999Z"),
        (951_782_400_000, "2000-02-29T00:00:00.000Z"), (1_795_435_471_120, "2026-11-23T12:04:31.120Z"),
        (4_107_542_399_999, "2100-02-28T23:59:59.999Z"), (4_107_542_400_000, "2100-03-01T00:00:00.000Z"),
    ])
    func isTextInUTC(milliseconds: Int64, expected: String) {
        #expect(Timestamp.text(milliseconds) == expected)
    }

    @Test func agreesWithFoundationThroughTwoCenturies() {
        let style = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
        for milliseconds in stride(
            from: Int64(-2_208_988_800_000), to: 4_102_444_800_000, by: 86_400_000 * 17 + 3_601_007)
        {
            let date = Date(timeIntervalSince1970: Double(milliseconds / 1000))
            let whole = milliseconds / 1000 * 1000
            #expect(Timestamp.text(whole) == date.formatted(style))
        }
    }

    @Test(arguments: [Int64.min, .max])
    func noTimeTraps(milliseconds: Int64) {
        #expect(Timestamp.text(milliseconds).hasSuffix("Z"))
    }

    @Test func thePresentIsAfterThisWasWritten() {
        #expect(Timestamp.now > 1_700_000_000_000)
    }
}

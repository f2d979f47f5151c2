import Foundation
import Testing

@testable import Inference

@Suite struct OpenAIPartsTests {
    @Test func waitsGrowToTheCapAndAreSpreadFromZero() {
        let policy = RetryPolicy()
        let bounds = (1...9).map { policy.delay(after: $0, retryAfter: nil, random: 1) }
        #expect(bounds == [0.5, 1, 2, 4, 8, 16, 30, 30, 30].map { Duration.seconds($0) })
        #expect(policy.delay(after: 4, retryAfter: nil, random: 0) == .zero)
        #expect(policy.delay(after: 4, retryAfter: nil, random: 0.25) == .seconds(1))
        #expect(policy.delay(after: .max, retryAfter: nil, random: 7) == .seconds(30))
        #expect(policy.delay(after: 1, retryAfter: .seconds(-3), random: 0) == .zero)
        #expect(policy.delay(after: 1, retryAfter: .seconds(3600), random: 0) == .seconds(60))
    }

    @Test func datesOfRetryAfterAgreeWithFoundation() {
        let formatter = DateFormatter()
        formatter.locale = Locale(identifier: "en_US_POSIX")
        formatter.timeZone = TimeZone(secondsFromGMT: 0)
        formatter.dateFormat = "EEE, dd MMM yyyy HH:mm:ss 'GMT'"
        for time in stride(from: Int64(0), to: 7_000_000_000, by: 86_400 * 29 + 12_345) {
            let text = formatter.string(from: Date(timeIntervalSince1970: Double(time)))
            #expect(RetryAfter.wait(text, now: max(time - 5, 0)) == .seconds(min(time, 5)))
        }
    }

    @Test(arguments: [
        "", " ", "-1", "1.5", "+3", "12 s", "Sun, 06 Nov 1994 08:49:37", "Sun, 6x Nov 1994 08:49:37 GMT",
        "Sun, 06 Foo 1994 08:49:37 GMT", "Sun, 06 Nov 1994 24:49:37 GMT", "Sun, 06 Nov 1994 08:49 GMT",
        "Sun, 06 Nov 99999999999999999999 08:49:37 GMT", "٣",
    ])
    func whatIsNoRetryAfterIsNone(value: String) {
        #expect(RetryAfter.wait(value, now: 0) == nil)
    }

    @Test func permitsGoRoundInTurn() {
        var queue = PermitQueue(permits: 1)
        let tickets = (0..<4).map { _ in queue.ticket() }
        let arrivals = [queue.arrive(tickets[0]), queue.arrive(tickets[1]), queue.arrive(tickets[2])]
        #expect(arrivals == [.granted, .waiting, .waiting])
        let hasWithdrawn = queue.withdraw(tickets[1])
        #expect(hasWithdrawn)
        let next = queue.leave(tickets[0])
        #expect(next == tickets[2])
        let hadQueued = queue.withdraw(tickets[3])
        #expect(!hadQueued)
        let late = queue.arrive(tickets[3])
        #expect(late == .withdrawn)
        let none = queue.leave(tickets[2])
        #expect(none == nil)
        let last = queue.arrive(queue.ticket())
        #expect(last == .granted)
    }

    @Test func aKeyIsTrimmedOrRefused() {
        #expect(APIKey(" sk-1\n")?.text == "sk-1")
        for text in ["", " \n", "a\r\nx-evil: 1", "ключ", "a b"] { #expect(APIKey(text) == nil) }
        #expect(APIKey("sk-1").map { "\($0)" } == "(redacted)")
    }

    @Test func headerNamesAreReadInAnyCase() {
        #expect(HTTPResponse(status: 200, headers: ["Retry-After": "1"]).headers == ["retry-after": "1"])
    }
}

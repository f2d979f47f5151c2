import TestSupport
import Testing

@testable import Observability

@Suite struct DurationCountsTests {
    @Test func quantilesAreThoseOfASortedListToFivePercent() throws {
        var numbers = SplitMix(seed: 11)
        // From a millisecond to about an hour, evenly by logarithm.
        let milliseconds = (0..<500).map { _ in Int(1) << Int(numbers.next() % 22) + Int(numbers.next() % 3) }
        var counts = DurationCounts()
        for length in milliseconds { counts.add(.milliseconds(length)) }
        let sorted = milliseconds.sorted()
        #expect(counts.total == 500)
        for (share, rank) in [(0.0, 1), (0.01, 5), (0.5, 250), (0.99, 495), (1, 500)] {
            let expected = Double(sorted[rank - 1]) / 1000
            let found = try #require(counts.quantile(share))
            #expect(abs(found / expected - 1) < 0.05, "\(share): \(found), not \(expected)")
        }
    }

    @Test func whatCameSinceIsTheDifferenceOfTheCounts() throws {
        var counts = DurationCounts()
        for _ in 0..<9 { counts.add(.seconds(100)) }
        let before = counts
        counts.add(.seconds(1))
        let since = counts.since(before)
        #expect(since.total == 1 && abs((since.quantile(0.99) ?? 0) - 1) < 0.05)
        #expect(counts.since(counts).quantile(0.5) == nil && DurationCounts().total == 0)
        var all = since
        all.add(before)
        #expect(all == counts)
    }

    @Test func lengthsBeyondEitherEndCountAtThatEnd() {
        var counts = DurationCounts()
        for length in [Duration.seconds(-5), .zero, .nanoseconds(1)] { counts.add(length) }
        #expect(counts.total == 3 && counts.quantile(1) == 0.001)
        counts.add(.seconds(1 << 40))
        #expect(counts.total == 4 && (counts.quantile(1) ?? 0) > 7200)
    }
}

import Elements
import Foundation
import Testing

@testable import Explaining

@Suite struct PrecedingTokensTests {
    private func telling(_ examples: [PlannedExample]) -> [String] {
        PrecedingTokens(in: examples, CountedFixture.vocabulary).telling.map(\.text)
    }

    @Test func whatStandsBeforeMarksAndNowhereElseIsTelling() {
        let examples = (0..<8).map { CountedFixture.example([5, 6, 1, UInt32($0), 5, 5], marks: [3: 8]) }
        #expect(telling(examples) == ["\"the\""])
    }

    /// As frequent before marks as anywhere.
    @Test func whatStandsEverywhereIsNotTelling() {
        let examples = (0..<8).map { CountedFixture.example([1, 1, 1, UInt32($0), 1, 1], marks: [3: 8]) }
        #expect(telling(examples).isEmpty)
    }

    @Test func twoAreTooFewAndOneInFiveToo() {
        let two = (0..<2).map { CountedFixture.example([5, 6, 5, 1, UInt32($0)], marks: [4: 8]) }
        #expect(telling(two).isEmpty)
        let others = [UInt32](repeating: 5, count: 12)
        let rare = (0..<15).map { number in
            CountedFixture.example(others + [number < 3 ? 1 : UInt32(5 + number % 2), 0], marks: [13: 8])
        }
        #expect(!telling(rare).contains("\"the\""))
    }

    /// Only the first token of a run has something before it, and control tokens are no text.
    @Test func runsCountOnceAndControlTokensNever() {
        let examples = (0..<8).map { number in
            CountedFixture.example([CountedFixture.control, 0, UInt32(number), 5, 5], marks: [1: 8, 2: 9])
        }
        #expect(telling(examples).isEmpty)
    }

    /// Dunning's formula from its definition as a sum over the four cells of observed times log of observed by expected.
    @Test(arguments: [(5, 8, 3, 100), (0, 8, 3, 100), (8, 8, 0, 40), (4, 8, 50, 100)])
    func theRatioIsThatOfTheTable(first: Int, firsts: Int, second: Int, seconds: Int) {
        let cells = [(first, firsts), (firsts - first, firsts), (second, seconds), (seconds - second, seconds)]
        let columns = [first + second, firsts + seconds - first - second]
        var expected = 0.0
        for (index, (observed, row)) in cells.enumerated() where observed > 0 {
            let chance = Double(row) * Double(columns[index % 2]) / Double(firsts + seconds)
            expected += 2 * Double(observed) * log(Double(observed) / chance)
        }
        let found = PrecedingTokens.doubledLogRatio(first, of: firsts, second, of: seconds)
        #expect(abs(found - expected) < 1e-9)
        #expect(PrecedingTokens.doubledLogRatio(0, of: 0, 1, of: 2) == 0)
    }
}

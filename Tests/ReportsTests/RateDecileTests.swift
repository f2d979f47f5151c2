import Elements
import StateFixtures
import Testing

@testable import Reports

@Suite struct RateDecileTests {
    private func deciles(_ scores: [Score]) throws -> [RateDecile] {
        RateDecile.all(of: try #require(ScoreSummary.summaries(of: scores).first))
    }

    @Test func eachTenthIsTheMeanOfItsLatentsByRate() throws {
        // 37 latents, their rates in another order than their scores and their numbers.
        let rates = (0..<37).map { Double($0 * 11 % 37) / 100 }
        let values = (0..<37).map { Double($0 * 5 % 37) / 37 }
        let tenths = try deciles((0..<37).map { Fixture.score($0, values[$0], firingRate: rates[$0]) })
        let ordered = (0..<37).sorted { rates[$0] < rates[$1] }
        #expect(tenths.map(\.decile) == Array(1...10))
        for (tenth, found) in tenths.enumerated() {
            let (first, end) = (tenth * 37 / 10, (tenth + 1) * 37 / 10)
            let part = ordered[first..<end]
            let mean = part.map { values[$0] }.reduce(0, +) / Double(part.count)
            #expect(abs(found.mean.value - mean) < 1e-12 && found.mean.count == part.count)
            #expect(found.upperRate == part.map { rates[$0] }.max())
        }
    }

    @Test func equalRatesShowNoTrendOfTheScores() throws {
        let scores = (0..<20).map { Fixture.score($0, $0 % 2 == 0 ? 0.25 : 0.75, firingRate: 0.01) }
        #expect(try deciles(scores).map(\.mean.value) == [Double](repeating: 0.5, count: 10))
    }

    @Test func latentsWithoutARateOrAValueAreLeftOut() throws {
        let known = (0..<10).map { Fixture.score($0, 0.5, firingRate: Double($0)) }
        #expect(try deciles(known + [Fixture.score(10, 1), Fixture.score(11, nil, firingRate: 3)]).count == 10)
        #expect(try deciles(known.dropLast() + [Fixture.score(10, 1)]).isEmpty)
    }

    @Test func theIntervalOfASingleLatentIsTheRangeOfItsMethod() throws {
        let scores = (0..<10).map {
            Fixture.score($0, -0.25, node: "simulated", method: "simulation", firingRate: Double($0))
        }
        #expect(try deciles(scores).allSatisfy { $0.mean.lower == -1 && $0.mean.upper == 1 })
    }
}

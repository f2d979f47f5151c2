import Testing

@testable import Statistics

/// Rates estimated without bias after stopping.
@Suite struct StoppedEstimateTests {
    /// All orders of `count` answers of which `right` are right.
    private static func orders(_ right: Int, of count: Int) -> [[Bool]] {
        guard count > 0 else { return right == 0 ? [[]] : [] }
        return (right > 0 ? orders(right - 1, of: count - 1).map { [true] + $0 } : [])
            + (right < count ? orders(right, of: count - 1).map { [false] + $0 } : [])
    }

    @Test func theMeanOverAllOrdersOfAskingIsTheRateOfAll() throws {
        let pairs = 6
        let looks = [1, 2, 4, 6]
        // Stops early on the good and, later, on the bad.
        func stops(_ asked: Int, _ right: Int) -> Bool { right >= asked + 1 && asked < 6 || asked >= 4 && right <= 3 }
        for positives in 0...pairs {
            for negatives in 0...pairs {
                var (sum, naive, count) = ((0.0, 0.0), 0.0, 0.0)
                for p in Self.orders(positives, of: pairs) {
                    for n in Self.orders(negatives, of: pairs) {
                        var seen: [Int] = []
                        for look in looks {
                            seen.append(look)
                            let (a, b) = (p.prefix(look).count { $0 }, n.prefix(look).count { $0 })
                            guard stops(look, a + b) || look == pairs else { continue }
                            let estimate = try #require(
                                StoppedEstimate(positives: a, negatives: b, looks: seen, stops: stops))
                            sum.0 += estimate.truePositiveRate
                            sum.1 += estimate.trueNegativeRate
                            naive += Double(a + b) / Double(2 * look)
                            count += 1
                            break
                        }
                    }
                }
                #expect(abs(sum.0 / count - Double(positives) / 6) < 1e-9)
                #expect(abs(sum.1 / count - Double(negatives) / 6) < 1e-9)
                if positives == 3, negatives == 3 { #expect(abs(naive / count - 0.5) > 0.05) }
            }
        }
    }

    @Test func ordersAreCountedAsTheyWouldBeOneByOne() throws {
        let looks = [2, 4, 5]
        func stops(_ asked: Int, _ right: Int) -> Bool { right * 4 >= asked * 7 || right * 4 <= asked }
        for positives in 0...5 {
            for negatives in 0...5 {
                var (all, first) = (0.0, 0.0)
                for p in Self.orders(positives, of: 5) {
                    for n in Self.orders(negatives, of: 5) {
                        let isEarlier = [2, 4].contains { look in
                            stops(look, p.prefix(look).count { $0 } + n.prefix(look).count { $0 })
                        }
                        guard !isEarlier else { continue }
                        all += 1
                        first += p[0] ? 1 : 0
                    }
                }
                let estimate = StoppedEstimate(
                    positives: positives, negatives: negatives, looks: looks, stops: stops)
                #expect((estimate == nil) == (all == 0))
                #expect(abs((estimate?.truePositiveRate ?? 0) - (all > 0 ? first / all : 0)) < 1e-12)
            }
        }
    }

    @Test func countsThatCannotBeHaveNone() {
        #expect(StoppedEstimate(positives: 3, negatives: 0, looks: [2], stops: { _, _ in false }) == nil)
        #expect(StoppedEstimate(positives: 0, negatives: 0, looks: [], stops: { _, _ in false }) == nil)
        #expect(StoppedEstimate(positives: -1, negatives: 0, looks: [2], stops: { _, _ in false }) == nil)
        #expect(StoppedEstimate(positives: 1, negatives: 1, looks: [600], stops: { _, _ in false }) == nil)
    }

    @Test func manyPairsLoseNothingToRounding() throws {
        let estimate = try #require(
            StoppedEstimate(positives: 300, negatives: 390, looks: [512], stops: { _, _ in false }))
        #expect(abs(estimate.truePositiveRate - 300.0 / 512) < 1e-9)
        #expect(abs(estimate.trueNegativeRate - 390.0 / 512) < 1e-9)
    }
}

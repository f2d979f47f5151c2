import Foundation
import Testing

@testable import Planning

@Suite struct FiringRatesTests {
    /// Φ, and its inverse by bisection.
    private func below(_ value: Double) -> Double { erfc(-value / 2.0.squareRoot()) / 2 }

    private func quantile(_ probability: Double) -> Double {
        var (low, high) = (-9.0, 9.0)
        for _ in 0..<80 {
            let middle = (low + high) / 2
            if below(middle) < probability { low = middle } else { high = middle }
        }
        return low
    }

    @Test(arguments: [1e-6, 1e-4, 0.01, 0.1, 0.5, 0.9])
    func theMassOfTheMostActiveLogNormalLatentsIsThatOfTheClosedForm(share: Double) {
        let rates = FiringRates.logNormal(deviation: 1.5)
        #expect(abs(rates.mass(ofMostActive: share) - below(1.5 + quantile(share))) < 1e-3)
    }

    @Test(arguments: [0.001, 0.1, 1, 5])
    func theShareOfLogNormalLatentsAboveARateIsThatOfTheClosedForm(rate: Double) {
        let rates = FiringRates.logNormal(deviation: 1.5)
        // The mean is 1, so that the logarithms have the mean -1.125.
        #expect(abs(rates.share(ofRate: rate) - (1 - below((log(rate) + 1.125) / 1.5))) < 2e-3)
    }

    @Test func theMeanRateIsOne() {
        for rates in [FiringRates.usual, FiringRates(never: 30, decades: [10, 20, 30, 5]) ?? .usual] {
            #expect(abs(rates.mean { $0 } - 1) < 1e-9)
            #expect(abs(rates.mass(ofMostActive: 1) - 1) < 1e-9)
        }
    }

    @Test func latentsThatNeverFiredAreCountedAmongAll() throws {
        let rates = try #require(FiringRates(never: 75, decades: [0, 25]))
        #expect(abs(rates.firing - 0.25) < 1e-12)
        #expect(rates.basis == .measured)
        // All firing is that of a quarter, whose rates are from 10 to 100 and so within a factor of ten of each other.
        #expect(abs(rates.mass(ofMostActive: 0.25) - 1) < 1e-12)
        #expect(rates.mass(ofMostActive: 0.125) > 0.5)
        #expect(rates.share(ofRate: 1e-9) == rates.firing)
    }

    @Test func aStateInWhichNothingFiredTellsNothing() {
        #expect(FiringRates(never: 10, decades: []) == nil)
        #expect(FiringRates(never: 10, decades: [0, 0]) == nil)
    }

    @Test func massAndShareNeverFall() {
        let rates = FiringRates.usual
        let masses = stride(from: 0.0, through: 1, by: 0.01).map { rates.mass(ofMostActive: $0) }
        #expect(zip(masses, masses.dropFirst()).allSatisfy { $0 <= $1 })
        // The most active latents have at least their share.
        #expect(zip(masses, stride(from: 0.0, through: 1, by: 0.01)).allSatisfy { $0 >= $1 - 1e-6 })
    }
}

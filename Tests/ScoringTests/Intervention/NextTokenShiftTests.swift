import Foundation
import Statistics
import Testing

@testable import Scoring

@Suite struct NextTokenShiftTests {
    @Test func theDivergenceOfAUniformDistributionIsThatInClosedForm() throws {
        for strength in [0.01, 0.5, 2, 9] as [Float] {
            for count in [2, 50, 5000] {
                let clean = [Float](repeating: -3, count: count)
                var changed = clean
                changed[count - 1] += strength
                let s = Double(changed[count - 1]) + 3
                let expected = log((exp(s) + Double(count - 1)) / Double(count)) - s / Double(count)
                let shift = try #require(NextTokenShift(clean: clean, changed: changed, rising: 5))
                #expect(abs(shift.divergence - expected) < 1e-9 * max(1, expected))
                #expect(shift.rising == [UInt32(count - 1)])
            }
        }
    }

    @Test func divergenceAndRisingTokensAreThoseOfPlainSums() throws {
        var generator = SeededGenerator(seed: 3)
        for _ in 0..<20 {
            let clean = (0..<300).map { _ in Float(generator.unit() * 12 - 6) }
            let changed = clean.map { $0 + Float(generator.unit() * 4 - 2) }
            func softmax(_ logits: [Float]) -> [Double] {
                let weights = logits.map { exp(Double($0)) }
                return weights.map { $0 / weights.reduce(0, +) }
            }
            let (p, q) = (softmax(clean), softmax(changed))
            let shift = try #require(NextTokenShift(clean: clean, changed: changed, rising: 5))
            #expect(abs(shift.divergence - zip(p, q).reduce(0) { $0 + $1.0 * log($1.0 / $1.1) }) < 1e-12)
            let expected = p.indices.sorted { q[$0] - p[$0] > q[$1] - p[$1] }.prefix(5)
            #expect(shift.rising == expected.map { UInt32($0) })
        }
    }

    @Test func nothingChangedIsNoDivergenceAndNothingRises() throws {
        let logits: [Float] = [3, -1, 0.25, 7, -90, -.infinity]
        let shift = try #require(NextTokenShift(clean: logits, changed: logits, rising: 5))
        #expect(shift.divergence == 0 && shift.rising.isEmpty)
    }

    @Test func ofEqualRisesTheLowestIdsAreTaken() throws {
        let shift = try #require(
            NextTokenShift(clean: [4, 0, 0, 0, 0, 0], changed: [0, 0, 0, 0, 0, 0], rising: 3))
        #expect(shift.rising == [1, 2, 3])
    }

    @Test func whatIsNoDistributionIsNotCompared() throws {
        #expect(NextTokenShift(clean: [1, 2], changed: [1]) == nil)
        #expect(NextTokenShift(clean: [], changed: []) == nil)
        for odd in [Float.nan, .infinity] {
            #expect(NextTokenShift(clean: [1, 2], changed: [1, odd]) == nil)
            #expect(NextTokenShift(clean: [odd, 2], changed: [1, 2]) == nil)
        }
        #expect(NextTokenShift(clean: [1, 2], changed: [-.infinity, -.infinity]) == nil)
        // A token that can no longer come is infinitely far.
        #expect(try #require(NextTokenShift(clean: [1, 2], changed: [1, -.infinity])).divergence == .infinity)
    }
}

import Foundation
import Testing

@testable import LanguageModels

@Suite struct TokenSamplerTests {
    private let logits: [Float] = [0.5, -1, 2, 2, 0, -.infinity, 1.5, .nan, -3, 1]

    private func draws(_ sampling: Sampling, _ count: Int, _ logits: [Float]) -> [UInt32] {
        var sampler = TokenSampler(sampling)
        return (0..<count).map { _ in logits.withUnsafeBufferPointer { sampler.next($0) } }
    }

    private func candidates(_ sampling: Sampling, _ logits: [Float]) -> [TokenSampler.Candidate] {
        logits.withUnsafeBufferPointer { TokenSampler.candidates($0, sampling) }
    }

    @Test func greedyTakesTheLowestOfEquals() {
        #expect(draws(.greedy, 3, logits) == [2, 2, 2])
        #expect(draws(.greedy, 1, [.nan, -.infinity]) == [0])
    }

    @Test func littleTemperatureIsGreedy() throws {
        let values = (0..<500).map { Float(($0 * 7919) % 4999) / 500 }
        let greedy = draws(.greedy, 1, values)[0]
        for temperature: Float in [1e-3, 1e-6, 1e-38, .leastNonzeroMagnitude] {
            #expect(
                draws(try Sampling(temperature: temperature, seed: 3), 50, values).allSatisfy { $0 == greedy })
        }
    }

    @Test(arguments: [0.7, 1, 2] as [Float]) func frequenciesAreThoseOfSoftmax(temperature: Float) throws {
        let logits: [Float] = [0.5, -1, 2, 1.9, 0, 1.5, -2, 1]
        let weights = logits.map { exp(Double($0) / Double(temperature)) }
        let total = weights.reduce(0, +)
        let count = 20_000
        var found = [Int](repeating: 0, count: logits.count)
        for token in draws(try Sampling(temperature: temperature, seed: 11), count, logits) { found[Int(token)] += 1 }
        let statistic = zip(found, weights).reduce(0.0) { sum, pair in
            let expected = Double(count) * pair.1 / total
            return sum + (Double(pair.0) - expected) * (Double(pair.0) - expected) / expected
        }
        // The 0.999 quantile of χ² with 7 degrees of freedom.
        #expect(statistic < 24.32)
    }

    @Test func topPKeepsTheSmallestSet() throws {
        // Probabilities 16/31, 8/31, 4/31, 2/31, 1/31.
        let logits: [Float] = [1, 4, 0, 3, 2].map { Float($0 * log(2.0)) }
        for (topP, expected) in [
            (0.1, [1]), (16 / 31.0 - 0.001, [1]), (16 / 31.0 + 0.001, [1, 3]), (24 / 31.0 + 0.001, [1, 3, 4]),
            (28 / 31.0 + 0.001, [1, 3, 4, 0]), (30 / 31.0 + 0.001, [1, 3, 4, 0, 2]),
        ] as [(Double, [UInt32])] {
            let sampling = try Sampling(temperature: 1, topP: Float(topP), seed: 1)
            #expect(candidates(sampling, logits).map(\.token) == expected)
            #expect(Set(draws(sampling, 2000, logits)) == Set(expected))
        }
    }

    @Test func topPAgreesWithItsDefinition() throws {
        let logits = (0..<1000).map { Float(($0 * 7919) % 499) / 50 }
        let all = candidates(try Sampling(temperature: 1, seed: 0), logits)
        let total = all.reduce(0) { $0 + $1.weight }
        let sorted = all.sorted { ($0.weight, $1.token) > ($1.weight, $0.token) }
        for topP: Float in [0.01, 0.3, 0.77, 0.95, 0.999] {
            var sum = 0.0
            let expected = sorted.prefix { candidate in
                defer { sum += candidate.weight }
                return sum < Double(topP) * total
            }
            #expect(candidates(try Sampling(temperature: 1, topP: topP, seed: 0), logits) == Array(expected))
        }
    }

    @Test func topKKeepsTheLikeliest() throws {
        let logits = (0..<300).map { Float(($0 * 7919) % 97) / 10 }
        let sorted = candidates(try Sampling(temperature: 1, seed: 0), logits)
            .sorted { ($0.weight, $1.token) > ($1.weight, $0.token) }
        for count in [1, 2, 7, 100, 299, 300, 1000] {
            let found = candidates(try Sampling(temperature: 1, topK: count, seed: 0), logits)
            #expect(Set(found.map(\.token)) == Set(sorted.prefix(count).map(\.token)))
        }
        // Tokens 0 and 97 are among equals: the lower ids are taken.
        #expect(candidates(try Sampling(temperature: 1, topK: 2, seed: 0), [1, 1, 1, 0]).map(\.token) == [0, 1])
    }

    @Test func drawsFollowFromTheSeedAndTheirNumberOnly() throws {
        let logits = (0..<100).map { Float($0 % 10) / 10 }
        let sampling = try Sampling(temperature: 1, seed: 7)
        let some = draws(sampling, 20, logits)
        #expect(draws(sampling, 20, logits) == some)
        #expect(draws(try Sampling(temperature: 1, seed: 8), 20, logits) != some)
        var sampler = TokenSampler(sampling)
        let greedy: [Float] = [0, 1]
        for place in 0..<20 {
            // What was drawn from before does not matter.
            let values = place == 10 ? logits : greedy
            let token = values.withUnsafeBufferPointer { sampler.next($0) }
            if place == 10 { #expect(token == some[10]) }
        }
    }

    @Test func wrongSettingsAreNamed() {
        for (temperature, topP, topK, name) in [
            (-1, 1, nil, "temperature"), (.nan, 1, nil, "temperature"), (.infinity, 1, nil, "temperature"),
            (1, 0, nil, "topP"), (1, 1.5, nil, "topP"), (1, .nan, nil, "topP"), (1, 1, 0, "topK"),
        ] as [(Float, Float, Int?, String)] {
            let error = #expect(throws: ModelError.self) {
                try Sampling(temperature: temperature, topP: topP, topK: topK, seed: 0)
            }
            guard case .sampling(name, _, _) = error else {
                Issue.record("\(name) should have been named")
                continue
            }
        }
    }
}

import Elements
import Foundation
import Testing

@testable import Statistics

@Suite struct ScoreReplicatesTests {
    private let values = (0..<ScoreReplicates.count).map { $0 == 3 ? nil : Double($0) / 100 - 1 }

    @Test func aListTakesAByteForEachReplicate() throws {
        let one = try #require(ScoreReplicates(parts: [values]))
        #expect(one.bytes.count == 210 && ScoreReplicates(bytes: one.bytes) == one)
        for (a, b) in zip(values, one.parts[0]) { #expect(isRounded(b, a, scale: 2)) }
        let two = try #require(ScoreReplicates(parts: [values, values.reversed()]))
        #expect(two.bytes.count == 419 && ScoreReplicates(bytes: two.bytes) == two)
        #expect(two.parts.count == 2 && two.values[3] == nil && two.values[196] == nil)
        #expect(isRounded(two.values[0], -0.005, scale: 2))
    }

    @Test func valuesInNatsKeepTheirSpread() throws {
        let nats = (0..<ScoreReplicates.count).map { 12 + 0.03 * sin(Double($0)) }
        let kept = try #require(ScoreReplicates(parts: [nats])).parts[0]
        for (a, b) in zip(nats, kept) { #expect(isRounded(b, a, scale: 0.06)) }
        let same = try #require(ScoreReplicates(parts: [nats.map { _ in 0.7 }]))
        #expect(same.parts[0].allSatisfy { abs(($0 ?? 0) - 0.7) < 1e-6 } && ScoreReplicates(bytes: same.bytes) == same)
        let none = try #require(ScoreReplicates(parts: [nats.map { _ in nil }]))
        #expect(none.parts[0].allSatisfy { $0 == nil } && ScoreReplicates(bytes: none.bytes) == none)
    }

    @Test func whatWasKeptInSixteenBitsIsStillRead() throws {
        func wide(_ values: [Double?]) -> [UInt8] {
            values.flatMap { value -> [UInt8] in
                let code = value.map { UInt16(($0 * 32_767).rounded() + 32_767) } ?? .max
                return [UInt8(truncatingIfNeeded: code), UInt8(code >> 8)]
            }
        }
        let one = try #require(ScoreReplicates(bytes: wide(values)))
        let two = try #require(ScoreReplicates(bytes: wide(values) + wide(values.reversed())))
        #expect(one.parts.count == 1 && two.parts.count == 2)
        for (a, b) in zip(values, one.parts[0]) { #expect(isRounded(b, a, scale: 2)) }
        for (a, b) in zip(values.reversed(), two.parts[1]) { #expect(isRounded(b, a, scale: 2)) }
        #expect(one.replicates(of: .lexical) == nil)
    }

    @Test func tiersStandBesideTheHeadline() throws {
        let headline = try #require(ScoreReplicates(parts: [values, values]))
        let tiers = [NegativeTier.random, .lexical, .semantic].enumerated().map { index, tier in
            let first = values.map { $0.map { $0 / Double(index + 1) } }
            return TierScore(
                tier: tier, figure: Estimate(value: 0, lower: 0, upper: 0, count: 10), windows: 10,
                replicates: ScoreReplicates(parts: [first, values]))
        }
        let missing = TierScore(tier: .neighbour, figure: nil, windows: 3, replicates: headline)
        let all = headline.adding(tiers + [missing])
        // The random tier's are the headline's, and the others' take one list each.
        #expect(all.bytes.count == 837 && ScoreReplicates(bytes: all.bytes) == all && all.parts == headline.parts)
        #expect(all.replicates(of: .random) == headline && all.replicates(of: .neighbour) == nil)
        let semantic = try #require(all.replicates(of: .semantic))
        for (a, b) in zip(values, semantic.values) { #expect(isRounded(b, a.map { ($0 + $0 / 3) / 2 }, scale: 2)) }
    }

    @Test func otherBytesAreNone() throws {
        let bytes = try #require(ScoreReplicates(parts: [values])).bytes
        #expect(ScoreReplicates(parts: [[0.5]]) == nil && ScoreReplicates(parts: []) == nil)
        let wrong: [[UInt8]] = [
            [], [2], [1, 2, 3], bytes.dropLast(), [3] + bytes.dropFirst(), [2, 9] + bytes.dropFirst(2),
        ]
        for wrong in wrong {
            #expect(ScoreReplicates(bytes: wrong) == nil)
        }
        // Three parts, a least value that is no number, and a tier without a headline.
        #expect(ScoreReplicates(bytes: bytes + bytes.dropFirst() + bytes.dropFirst()) == nil)
        #expect(ScoreReplicates(bytes: bytes.prefix(2) + [0, 0, 0xc0, 0x7f] + bytes.dropFirst(6)) == nil)
        #expect(ScoreReplicates(bytes: [2, 3] + bytes.dropFirst(2)) == nil)
        #expect(ScoreReplicates(parts: [values.map { _ in 1e300 }]) == nil)
    }
}

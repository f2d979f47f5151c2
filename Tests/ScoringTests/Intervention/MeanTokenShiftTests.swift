import Foundation
import Statistics
import Testing

@testable import Scoring

/// The mean shift of the next token, against plain sums.
@Suite struct MeanTokenShiftTests {
    private static let vocabulary = 300

    private func logits(_ prompts: Int, seed: UInt64) -> [[Float]] {
        var generator = SeededGenerator(seed: seed)
        return (0..<prompts).map { _ in
            (0..<Self.vocabulary).map { _ in Float.random(in: -3...3, using: &generator) }
        }
    }

    private func softmax(_ logits: [Float]) -> [Double] {
        let weights = logits.map { exp(Double($0)) }
        let sum = weights.reduce(0, +)
        return weights.map { $0 / sum }
    }

    @Test func changesAndDivergencesAreMeansOverPrompts() throws {
        let (clean, changed) = (logits(7, seed: 3), logits(7, seed: 4))
        var shift = MeanTokenShift(vocabulary: Self.vocabulary)
        for (one, other) in zip(clean, changed) {
            let isTaken = shift.add(clean: one, changed: other)
            #expect(isTaken)
        }
        let (p, q) = (clean.map(softmax), changed.map(softmax))
        let divergence = zip(p, q).map { p, q in zip(p, q).reduce(0) { $0 + $1.0 * log($1.0 / $1.1) } }
        #expect(abs(shift.divergence - divergence.reduce(0, +) / 7) < 1e-9)
        func mean(_ values: [[Double]], _ token: Int) -> Double { values.reduce(0) { $0 + $1[token] } / 7 }
        let changes = (0..<Self.vocabulary).map { token in
            zip(p, q).reduce(0) { $0 + log($1.1[token] / $1.0[token]) } / 7
        }
        let tokens = Array(0..<Self.vocabulary)
        let rising = tokens.filter { changes[$0] > 0 && mean(q, $0) >= 1 / 300.0 }.sorted { changes[$0] > changes[$1] }
        let falling = tokens.filter { changes[$0] < 0 && mean(p, $0) >= 1 / 300.0 }.sorted { changes[$0] < changes[$1] }
        #expect(rising.count > 20 && falling.count > 20)
        #expect(shift.rising.map { Int($0.token) } == rising && shift.falling.map { Int($0.token) } == falling)
        for change in shift.rising + shift.falling { #expect(abs(change.nats - changes[Int(change.token)]) < 1e-9) }
    }

    /// The rarest token's probability is multiplied by most, and still it hardly ever comes.
    @Test func whatIsRarerThanByChanceIsNotNamed() {
        var (clean, changed) = ([Float](repeating: 0, count: 300), [Float](repeating: 0, count: 300))
        (clean[9], changed[9]) = (-40, -20)
        (clean[5], changed[5]) = (0, 2)
        (clean[6], changed[6]) = (2, 0)
        var shift = MeanTokenShift(vocabulary: 300)
        #expect(shift.rising.isEmpty && shift.falling.isEmpty && shift.divergence == 0)
        let isTaken = shift.add(clean: clean, changed: changed)
        #expect(isTaken && shift.rising.map(\.token) == [5] && shift.falling.first?.token == 6)
        #expect(!(shift.rising + shift.falling).contains { $0.token == 9 })
    }

    @Test func nothingThatCannotBeComparedIsTaken() {
        let sound = [Float](repeating: 0, count: 4)
        for wrong in [[], [0, 0, 0], [0, 0, 0, .nan], [.infinity, 0, 0, 0]] as [[Float]] {
            var shift = MeanTokenShift(vocabulary: 4)
            let (asClean, asChanged) = (
                shift.add(clean: wrong, changed: sound), shift.add(clean: sound, changed: wrong)
            )
            #expect(!asClean && !asChanged)
        }
        // A token that one of both rules out has no change that could be named.
        var shift = MeanTokenShift(vocabulary: 4)
        let isTaken = shift.add(clean: [-.infinity, 0, 0, 0], changed: [9, 0, 0, 0])
        #expect(isTaken && shift.rising.isEmpty && shift.falling.map(\.token) == [1, 2, 3])
    }
}

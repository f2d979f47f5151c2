import Elements
import Foundation
import Testing

@testable import Statistics

/// Latents that are scored on the same documents, some of which are easier than others for all: how often the interval of
/// their mean holds what it would be over all documents.
@Suite struct DocumentCoverageTests {
    private static let trials = 200
    private static let latents = 30
    private static let documents = 60

    private static func normal(_ generator: inout SeededGenerator) -> Double {
        (-2 * log(1 - generator.unit())).squareRoot() * cos(2 * .pi * generator.unit())
    }

    /// The shares of intervals that hold the mean over all trials, with documents resampled and by latents alone.
    ///
    /// `score` makes one latent's value and replicates from the documents' common effects.
    private func coverage(
        _ range: ClosedRange<Double>, seed: UInt64,
        score: (_ effects: [Double], _ documents: [UInt32], _ generator: inout SeededGenerator) -> (
            Double?, ScoreReplicates?
        )
    ) throws -> (both: Double, alone: Double) {
        var generator = SeededGenerator(seed: seed)
        var means: [(both: Estimate, alone: Estimate)] = []
        for trial in 0..<Self.trials {
            let effects = (0..<Self.documents).map { _ in Self.normal(&generator) }
            let documents = (0..<Self.documents).map { UInt32(trial * 1000 + $0) }
            let scores = try (0..<Self.latents).map { _ in
                let (value, replicates) = score(effects, documents, &generator)
                return (try #require(value), try #require(replicates))
            }
            let both = LatentMeans(
                of: scores.map { LatentValue(value: $0, count: 1, replicates: $1) }, range: range)
            let alone = LatentMeans(
                of: scores.map { LatentValue(value: $0.0, count: 1) }, range: range, resamples: 400)
            #expect(both?.resamplesDocuments == true && alone?.resamplesDocuments == false)
            means.append((try #require(both?.macro), try #require(alone?.macro)))
        }
        let truth = means.reduce(0) { $0 + $1.both.value } / Double(Self.trials)
        func share(_ estimates: [Estimate]) -> Double {
            Double(estimates.count { $0.lower <= truth && truth <= $0.upper }) / Double(Self.trials)
        }
        return (share(means.map(\.both)), share(means.map(\.alone)))
    }

    private func check(_ coverage: (both: Double, alone: Double)) {
        // 92 to 93 % over many trials: what sixty documents have in common is itself an estimate, and each latent's own mean
        // takes a little of it away. Less three standard deviations of 200 draws.
        #expect(coverage.both > 0.87, "with documents \(coverage.both)")
        #expect(coverage.alone < 0.8, "by latents alone \(coverage.alone)")
    }

    @Test func intervention() throws {
        check(
            try coverage(-1000...1000, seed: 1) { effects, documents, generator in
                let taken = (0..<30).map { _ in generator.next(below: Self.documents) }
                let drops = taken.map { 2 + effects[$0] + 2 * Self.normal(&generator) }
                return (
                    drops.reduce(0, +) / 30,
                    ScoreReplicates(documents: taken.map { documents[$0] }, values: drops)
                )
            })
    }

    /// What is found depends on the intruder's document and on those of the windows about it.
    @Test func intruder() throws {
        check(
            try coverage(0...1, seed: 2) { effects, documents, generator in
                let trials = (0..<30).map { _ in (0..<5).map { _ in generator.next(below: Self.documents) } }
                let found = trials.map { taken in
                    let ease = effects[taken[0]] + taken.dropFirst().reduce(0) { $0 + effects[$1] } / 4
                    return generator.unit() < 0.5 + 0.25 * tanh(ease) ? 1.0 : 0
                }
                return (
                    found.reduce(0, +) / 30,
                    ScoreReplicates(documents: trials.map { $0.map { documents[$0] } }, values: found)
                )
            })
    }

    /// Of some documents predictions say more than of others.
    @Test func simulation() throws {
        check(
            try coverage(-1...1, seed: 3) { effects, documents, generator in
                let windows = (0..<40).map { index in
                    let document = generator.next(below: Self.documents)
                    let truth = (0..<6).map { $0 == 0 && index < 20 ? 4 + 4 * generator.unit() : 0.0 }
                    let predicted = truth.map { Double?.some((0.5 + 0.5 * effects[document]) * $0 + generator.unit()) }
                    return CorrelatedWindow(
                        predicted: predicted, truth: truth, isPositive: index < 20, document: documents[document])
                }
                let correlation = ClusteredCorrelation(windows)
                return (correlation.estimate(resamples: 1, seed: 0)?.value, correlation.replicates)
            })
    }

    /// Some documents look as if they fitted any explanation.
    @Test func surprisal() throws {
        check(
            try coverage(0...1, seed: 4) { effects, documents, generator in
                let taken = (0..<40).map { _ in generator.next(below: Self.documents) }
                // Latents fire in one half of the documents and are silent in the other.
                let isPositive = taken.map { $0 % 2 == 0 }
                let information = zip(taken, isPositive).map {
                    effects[$0] + ($1 ? 1 : 0) + Self.normal(&generator)
                }
                return (
                    RankCurve(scores: information, isPositive: isPositive).area(),
                    ScoreReplicates(
                        documents: taken.map { documents[$0] }, scores: information, isPositive: isPositive)
                )
            })
    }
}

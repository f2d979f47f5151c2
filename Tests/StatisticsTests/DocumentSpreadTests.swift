import Elements
import Foundation
import Testing

@testable import Statistics

/// Intervals of means over latents that share documents.
@Suite struct DocumentSpreadTests {
    @Test func weightsArePoissonOfMeanOneAndTheSameForTheSameDocument() {
        let all = (0..<2000).flatMap { DocumentWeights.draw(UInt32($0) &* 7919) }
        let count = Double(all.count)
        let mean = all.reduce(0) { $0 + Double($1) } / count
        #expect(abs(mean - 1) < 0.005)
        #expect(abs(all.reduce(0) { $0 + pow(Double($1) - mean, 2) } / count - 1) < 0.01)
        for number in 0...5 {
            let share = Double(all.count { $0 == UInt8(number) }) / count
            #expect(abs(share - exp(-1) / (1...max(number, 1)).reduce(1.0) { $0 * Double($1) }) < 0.002)
        }
        var table = DocumentWeights()
        #expect(table.weights(of: 5) == DocumentWeights.draw(5) && table.weights(of: 5) != table.weights(of: 6))
        // Documents are drawn independently of one another.
        let (a, b) = (DocumentWeights.draw(1).map(Double.init), DocumentWeights.draw(2).map(Double.init))
        #expect(abs(Correlation.pearson(a, b) ?? 1) < 0.25)
    }

    @Test func replicatesAreThoseOfObservationsRepeatedByWeight() throws {
        var generator = SeededGenerator(seed: 3)
        let documents = (0..<60).map { _ in UInt32(generator.next(below: 12)) }
        let truths = (0..<60).map { $0 % 3 == 0 }
        let verdicts = truths.map { generator.unit() < 0.7 ? $0 : !$0 }
        let scores = (0..<60).map { _ in Double(generator.next(below: 9)) }
        let rates = try #require(
            ScoreReplicates(documents: documents, isPositive: truths, isYes: verdicts)?.parts)
        let areas = try #require(
            ScoreReplicates(documents: documents, scores: scores, isPositive: truths)?.parts)
        for replicate in 0..<ScoreReplicates.count {
            var table = ConfusionTable()
            var drawn: [Int] = []
            for (index, document) in documents.enumerated() {
                for _ in 0..<Int(DocumentWeights.draw(document)[replicate]) {
                    table.count(isPositive: truths[index], verdict: verdicts[index])
                    drawn.append(index)
                }
            }
            #expect(isRounded(rates[0][replicate], table.truePositiveRate?.value))
            #expect(isRounded(rates[1][replicate], table.trueNegativeRate?.value))
            let area = RankCurve(scores: drawn.map { scores[$0] }, isPositive: drawn.map { truths[$0] }).area()
            #expect(isRounded(areas[0][replicate], area))
        }
        #expect(ScoreReplicates(documents: [1, nil], isPositive: [true, false], isYes: [true, true]) == nil)
    }

    /// Latents whose verdicts depend on documents that they share: the share of intervals of the macro mean that hold the
    /// truth, with documents resampled and without.
    private func coverage(shared: Double, seed: UInt64) throws -> (both: Double, latentsAlone: Double) {
        var generator = SeededGenerator(seed: seed)
        var (both, alone) = (0, 0)
        let trials = 300
        for trial in 0..<trials {
            // Every latent is judged on the same 40 windows of each class, two of a document each. Of some documents
            // nobody's right: an error comes of the document's own draw with the chance `shared`.
            let fromDocument = (0..<40).map { _ in generator.unit() }
            let values = try (0..<60).map { _ -> LatentValue in
                let error = 0.15 + 0.3 * generator.unit()
                var (truths, verdicts, documents) = ([Bool](), [Bool](), [UInt32]())
                for index in 0..<80 {
                    let own = generator.unit()
                    let errs = (generator.unit() < shared ? fromDocument[index / 2] : own) < error
                    truths.append(index < 40)
                    verdicts.append((index < 40) != errs)
                    documents.append(UInt32(trial * 1000 + index / 2))
                }
                var table = ConfusionTable()
                for (truth, yes) in zip(truths, verdicts) { table.count(isPositive: truth, verdict: yes) }
                return LatentValue(
                    value: try #require(BalancedAccuracy.value(of: table)), table: table, count: 80,
                    replicates: ScoreReplicates(documents: documents, isPositive: truths, isYes: verdicts))
            }
            let means = try #require(LatentMeans(of: values, resamples: 400, seed: UInt64(trial)))
            #expect(means.resamplesDocuments)
            let without = try #require(
                LatentMeans(
                    of: values.map { LatentValue(value: $0.value, table: $0.table, count: $0.count) }, resamples: 400,
                    seed: UInt64(trial)))
            #expect(!without.resamplesDocuments)
            if means.macro.lower <= 0.7 && 0.7 <= means.macro.upper { both += 1 }
            if without.macro.lower <= 0.7 && 0.7 <= without.macro.upper { alone += 1 }
        }
        return (Double(both) / Double(trials), Double(alone) / Double(trials))
    }

    @Test func latentsThatShareDocumentsHaveAnIntervalThatAllowsForIt() throws {
        let shared = try coverage(shared: 0.5, seed: 1)
        #expect(shared.both > 0.9, "coverage \(shared.both)")
        #expect(shared.latentsAlone < 0.6, "coverage \(shared.latentsAlone)")
    }

    @Test func latentsThatOnlyHappenToShareThemHaveNoWiderOneThanTheyNeed() throws {
        let apart = try coverage(shared: 0, seed: 2)
        #expect(apart.both > 0.915 && apart.both < 0.99, "coverage \(apart.both)")
    }
}

import Elements
import Testing

@testable import Statistics

@Suite struct LatentMeanTests {
    private func values(_ count: Int, parts: Int, isStopped: Bool = false) -> [LatentValue] {
        var generator = SeededGenerator(seed: 17)
        return (0..<count).map { latent in
            let table = ConfusionTable(
                truePositives: generator.next(below: 9), falseNegatives: 1 + generator.next(below: 9),
                trueNegatives: generator.next(below: 9), falsePositives: 1 + generator.next(below: 9))
            let replicates = (0..<parts).map { _ in
                (0..<ScoreReplicates.count).map { _ in generator.next(below: 50) == 0 ? nil : generator.unit() }
            }
            var value = LatentValue(
                value: generator.unit(), table: latent % 3 == 0 ? nil : table, count: 1 + generator.next(below: 30),
                firingRate: generator.unit(), replicates: parts == 0 ? nil : ScoreReplicates(parts: replicates))
            value.isStopped = isStopped
            return value
        }
    }

    @Test(arguments: [0, 1, 2], [1, 2, 7, 600])
    func isTheMacroMeanOfAllMeans(parts: Int, latents: Int) throws {
        for isStopped in [false, true] {
            let values = values(latents, parts: parts, isStopped: isStopped)
            let all = try #require(LatentMeans(of: values, range: 0...0.9, seed: 4))
            let alone = try #require(LatentMean(of: values, range: 0...0.9, seed: 4))
            #expect(alone.estimate == all.macro)
            #expect(alone.resamplesDocuments == all.resamplesDocuments)
            #expect(alone.resamplesDocuments == (parts > 0 && latents > 1))
        }
        #expect(LatentMean(of: []) == nil)
    }

    /// What documents add, from replicates held for all latents at once.
    @Test(arguments: [1, 2]) func documentsAddWhatReplicatesHaveInCommon(parts: Int) throws {
        let values = values(40, parts: parts)
        let spread = try #require(DocumentSpread(ofMeanOver: values))
        let contributions = values.map { value -> [Double] in
            let lists = value.replicates?.parts ?? []
            let table = value.table
            let rates = [table?.truePositiveRate?.value, table?.trueNegativeRate?.value]
            let own = parts == 1 ? [value.value] : rates.map { $0 ?? value.value }
            return (0..<ScoreReplicates.count).map { number in
                zip(lists, own).map { $0[number] ?? $1 }.reduce(0, +) / Double(parts) / 40
            }
        }
        let centred = contributions.map { own in own.map { $0 - own.reduce(0, +) / Double(own.count) } }
        let together = (0..<ScoreReplicates.count).map { number in centred.reduce(0) { $0 + $1[number] } }
        let alone = centred.joined().reduce(0) { $0 + $1 * $1 }
        let all = together.reduce(0) { $0 + $1 * $1 }
        let share = max(0, 1 - alone / all).squareRoot()
        for (deviation, own) in zip(spread.deviations, together) { #expect(abs(deviation - own * share) < 1e-12) }
        #expect(DocumentSpread(ofMeanOver: values + [LatentValue(value: 0.5, count: 1)]) == nil)
    }

    @Test(arguments: [(1, 5), (3, 10), (900, 1000)])
    func resampledMeansAreThoseOfOneGenerator(size: Int, count: Int) {
        var draw = SeededGenerator(seed: 2)
        let values = (0..<size).map { _ in draw.unit() }
        var generator = SeededGenerator(seed: 9)
        let expected = (0..<count).map { _ in
            (0..<size).reduce(0.0) { sum, _ in sum + values[generator.next(below: size)] } / Double(size)
        }
        #expect(Resampling.means(of: values, count, seed: 9) == expected)
    }
}

import Elements
import Hashing
import TestSupport
import Testing

@testable import Evidence

@Suite struct LatentNeighbourTests {
    @Test func wholeSamplesGiveTheExactJaccardIndex() {
        var generator = SplitMix(seed: 1)
        let sets = (0..<12).map { _ in Set((0..<40).filter { _ in generator.below(3) == 0 }.map(UInt64.init)) }
        // The first is the longest, and ends with the last of all, so that no sample is cut short.
        let samples = [Array(0..<40)] + sets.map { Array($0) }
        let found = CofiringNeighbours(samples: samples)
        for latent in samples.indices {
            let own = Set(samples[latent])
            let expected = samples.indices.filter { $0 != latent }.compactMap { other -> LatentNeighbour? in
                let shared = own.intersection(samples[other]).count
                let similarity = Double(shared) / Double(own.union(samples[other]).count)
                return shared > 0 ? LatentNeighbour(latent: other, similarity: similarity) : nil
            }.sorted { ($1.similarity, $0.latent) < ($0.similarity, $1.latent) }
            #expect(found.neighbours(of: latent, count: 100) == expected)
            #expect(found.neighbours(of: latent, count: 3) == Array(expected.prefix(3)))
        }
        #expect(found.neighbours(of: 99, count: 5).isEmpty && found.neighbours(of: -1, count: 5).isEmpty)
    }

    @Test func samplesThatAreCutShortEstimateTheJaccardIndexOfAllWindows() {
        var generator = SplitMix(seed: 2)
        var error = 0.0
        var worst = 0.0
        var pairs = 0.0
        for _ in 0..<20 {
            let windows = (0..<6000).map { _ in generator.next() }
            // Latents that share a part of one common set, more or less of it.
            let common = windows.filter { _ in generator.below(3) == 0 }
            let sets = (0..<5).map { latent in
                Set(common.filter { _ in generator.below(6) > latent })
                    .union(windows.filter { _ in generator.below(12) == 0 })
            }
            let found = CofiringNeighbours(samples: sets.map { Array($0.sorted().prefix(128)) })
            for latent in 0..<5 {
                for neighbour in found.neighbours(of: latent, count: 10) {
                    let other = sets[neighbour.latent]
                    let truth =
                        Double(sets[latent].intersection(other).count)
                        / Double(sets[latent].union(other).count)
                    error += neighbour.similarity - truth
                    worst = max(worst, abs(neighbour.similarity - truth))
                    pairs += 1
                }
            }
        }
        #expect(pairs == 400)
        // A share of about 180 windows has a standard error below .04, the mean of 400 dependent ones one far below.
        #expect(abs(error / pairs) < 0.015 && worst < 0.2)
    }

    @Test func aReservoirsNeighboursAreThoseThatFireInTheSameWindows() throws {
        let stream = try RandomStream(seed: 12, contexts: 60)
        let view = try stream.reservoir(of: stream.contexts).view()
        let found = CofiringNeighbours(view: view)
        for latent in 0..<view.coder.latents {
            let own = Set(view.evidence(of: latent).train.map(\.window.identity))
            for neighbour in found.neighbours(of: latent, count: 100) {
                let other = Set(view.evidence(of: neighbour.latent).train.map(\.window.identity))
                #expect(!own.isDisjoint(with: other) && neighbour.similarity > 0 && neighbour.similarity <= 1)
            }
        }
    }
}

import Testing

@testable import Explaining

@Suite struct LevelTests {
    /// Two blocks of likeness `own` within and `other` between them.
    private func blocks(_ sizes: [Int], own: Double, other: Double) -> LikenessMatrix {
        let block = sizes.enumerated().flatMap { Array(repeating: $0, count: $1) }
        var matrix = LikenessMatrix(count: block.count)
        for first in block.indices {
            for second in 0...first { matrix[first, second] = block[first] == block[second] ? own : other }
        }
        return matrix
    }

    /// Within a block all windows are alike, so the separation is the difference, weighed by the mass in clusters.
    @Test func separationIsInClosedFormForBlocks() throws {
        var settings = SeveralSettings()
        settings.fewest = 3
        let matrix = blocks([6, 5, 2], own: 0.8, other: 0.1)
        let masses = [Double](repeating: 1, count: 11) + [0.5, 0.5]
        let level = try #require(Level.best(of: matrix, masses: masses, settings: settings))
        #expect(level.clusters == [Array(0..<6), Array(6..<11)])
        #expect(abs(level.separation - 0.7 * 11 / 12) < 1e-12)
    }

    @Test func aClusterOfLittleMassIsNone() {
        var settings = SeveralSettings()
        settings.fewest = 3
        let matrix = blocks([6, 5], own: 0.8, other: 0.1)
        let masses = [Double](repeating: 1, count: 6) + [Double](repeating: 0.1, count: 5)
        #expect(Level.best(of: matrix, masses: masses, settings: settings) == nil)
        #expect(Level.best(of: matrix, masses: masses.map { _ in 0 }, settings: settings) == nil)
    }

    /// The separation of each level of random likenesses, by going through all pairs.
    @Test func theBestLevelIsThatOfBruteForce() throws {
        var settings = SeveralSettings()
        settings.fewest = 2
        settings.share = 0.1
        var generator = TestGenerator(state: 5)
        for _ in 0..<20 {
            let count = 18
            var matrix = LikenessMatrix(count: count)
            for first in 0..<count {
                for second in 0...first { matrix[first, second] = Double.random(in: 0...1, using: &generator) }
            }
            let masses = (0..<count).map { _ in Double.random(in: 0.1...1, using: &generator) }
            let total = masses.reduce(0, +)
            var partition = Array(0..<count)
            var best = -Double.infinity
            for joining in AverageLinkage(matrix).joinings {
                partition = partition.map { $0 == joining.second ? joining.first : $0 }
                let groups = Set(partition).map { name in partition.indices.filter { partition[$0] == name } }
                    .filter { $0.count >= 2 && $0.reduce(0) { $0 + masses[$1] } >= 0.1 * total }
                guard groups.count > 1 else { continue }
                var sum = 0.0
                for (own, group) in groups.enumerated() {
                    for window in group {
                        func mean(_ others: [Int]) -> Double {
                            let values = others.filter { $0 != window }.map { matrix[window, $0] }
                            return values.reduce(0, +) / Double(values.count)
                        }
                        let nearest =
                            groups.enumerated().filter { $0.offset != own }.map { mean($0.element) }.max() ?? 0
                        sum += masses[window] * (mean(group) - nearest)
                    }
                }
                best = max(best, sum / total)
            }
            let level = try #require(Level.best(of: matrix, masses: masses, settings: settings))
            #expect(abs(level.separation - best) < 1e-9)
        }
    }
}

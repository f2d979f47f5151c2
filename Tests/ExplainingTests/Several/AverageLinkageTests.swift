import Testing

@testable import Explaining

@Suite struct AverageLinkageTests {
    private func likeness(_ count: Int, seed: UInt64) -> LikenessMatrix {
        var generator = TestGenerator(state: seed)
        var matrix = LikenessMatrix(count: count)
        for first in 0..<count {
            for second in 0...first { matrix[first, second] = Double.random(in: -1...1, using: &generator) }
        }
        return matrix
    }

    /// Joins the two clusters with the largest mean over all pairs of their windows, looked up anew at each step.
    private func bruteForce(_ likeness: LikenessMatrix) -> [AverageLinkage.Joining] {
        var clusters = (0..<likeness.count).map { [$0] }
        var joinings: [AverageLinkage.Joining] = []
        while clusters.count > 1 {
            var best: (first: Int, second: Int, mean: Double)?
            for first in clusters.indices {
                for second in clusters.indices where second > first {
                    let pairs = clusters[first].flatMap { one in clusters[second].map { likeness[one, $0] } }
                    let mean = pairs.reduce(0, +) / Double(pairs.count)
                    if mean > best?.mean ?? -.infinity { best = (first, second, mean) }
                }
            }
            guard let best else { break }
            joinings.append(
                AverageLinkage.Joining(
                    first: clusters[best.first].min() ?? 0, second: clusters[best.second].min() ?? 0,
                    likeness: best.mean))
            clusters[best.first] += clusters.remove(at: best.second)
        }
        return joinings
    }

    @Test(arguments: [0, 1, 2, 3, 7, 24, 40]) func everyJoiningIsThatOfBruteForce(count: Int) {
        for seed in 1...5 {
            let matrix = likeness(count, seed: UInt64(seed))
            let found = AverageLinkage(matrix).joinings
            let expected = bruteForce(matrix)
            #expect(found.map(\.first) == expected.map(\.first) && found.map(\.second) == expected.map(\.second))
            #expect(zip(found, expected).allSatisfy { abs($0.likeness - $1.likeness) < 1e-12 })
            #expect(found.count == max(count - 1, 0))
        }
    }

    @Test func ofEqualsTheLowestWindowsAreJoinedFirst() {
        let joinings = AverageLinkage(LikenessMatrix(count: 4)).joinings
        #expect(joinings.map(\.first) == [0, 0, 0] && joinings.map(\.second) == [1, 2, 3])
    }
}

import Alignment
import TestSupport
import Testing

@Suite struct SparseAssignmentTests {
    /// The largest total of all assignments, tried one by one; a row may stay without a partner.
    private func exhaustive(_ graph: CandidateGraph, row: Int = 0, taken: Set<Int> = []) -> Int64 {
        guard row < graph.rows else { return 0 }
        var best = exhaustive(graph, row: row + 1, taken: taken)
        for (column, weight) in graph.pairs(of: row) where !taken.contains(column) {
            let rest = exhaustive(graph, row: row + 1, taken: taken.union([column]))
            best = max(best, SparseAssignment.units(weight) + rest)
        }
        return best
    }

    private func graph(
        rows: Int, columns: Int, density: Double, levels: Int, _ stream: inout NumberStream
    ) -> CandidateGraph {
        CandidateGraph(
            columns: columns,
            pairs: (0..<rows).map { _ in
                (0..<columns).compactMap { column in
                    guard Double.random(in: 0..<1, using: &stream) < density else { return nil }
                    return (column, Float(Int.random(in: -1...levels, using: &stream)) / Float(levels))
                }
            })
    }

    @Test func everySmallProblemHasTheTotalOfTheBestOfAllAssignments() {
        var stream = NumberStream(seed: 1)
        for trial in 0..<600 {
            // Few levels make ties; low density leaves rows without a partner.
            let graph = graph(
                rows: 1 + trial % 7, columns: 1 + trial / 7 % 7, density: [0.2, 0.5, 1][trial % 3],
                levels: [2, 5, 1000][trial / 3 % 3], &stream)
            let assignment = SparseAssignment(graph)
            #expect(assignment.total == exhaustive(graph))
            #expect(assignment.isCertified(for: graph))
        }
    }

    @Test func largerProblemsAreProvenByTheirPotentials() {
        var stream = NumberStream(seed: 2)
        for (rows, columns, density, levels) in [
            (300, 300, 0.05, 1 << 20), (300, 200, 0.3, 7), (150, 400, 1, 3), (400, 400, 0.01, 2),
            (200, 200, 1, 1 << 22),
        ] {
            let graph = graph(rows: rows, columns: columns, density: density, levels: levels, &stream)
            let assignment = SparseAssignment(graph)
            #expect(assignment.isCertified(for: graph))
            #expect(assignment.total > 0)
        }
    }

    @Test func aCertificateOfAnotherProblemIsRefused() {
        let graph = CandidateGraph(columns: 2, pairs: [[(0, 0.5), (1, 0.25)], [(0, 0.5)]])
        let richer = CandidateGraph(columns: 2, pairs: [[(0, 0.5), (1, 0.25)], [(0, 0.5), (1, 0.75)]])
        let assignment = SparseAssignment(graph)
        #expect(assignment.partners == [1, 0])
        #expect(assignment.isCertified(for: graph))
        #expect(!assignment.isCertified(for: richer))
    }

    @Test func theLargerSumWinsOverMorePairs() {
        // Both rows could have a partner, for .1 + .2; one pair of .9 is worth more.
        let graph = CandidateGraph(columns: 2, pairs: [[(0, 0.9), (1, 0.1)], [(0, 0.2)]])
        #expect(SparseAssignment(graph).partners == [0, nil])
        let worthMore = CandidateGraph(columns: 2, pairs: [[(0, 0.9), (1, 0.8)], [(0, 0.2)]])
        #expect(SparseAssignment(worthMore).partners == [1, 0])
    }

    @Test func whatIsNotPositiveOrGivenTwiceOrElsewhereIsNoPair() {
        let graph = CandidateGraph(
            columns: 2, pairs: [[(0, 0), (1, -0.5), (2, 1), (-1, 1)], [(1, 0.25), (1, 0.75), (0, .nan)], []])
        #expect(graph.count == 1)
        #expect(SparseAssignment(graph).partners == [nil, 1, nil])
    }
}

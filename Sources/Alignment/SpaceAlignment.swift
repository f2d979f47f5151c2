import Dataflow

/// How the rows of one matrix of two coders match: those of their decoders, or of their encoders.
public struct SpaceAlignment: Sendable {
    /// One latent of each coder.
    public struct Pair: Sendable, Hashable {
        /// The latent of the first coder.
        public let a: Int
        /// The latent of the second coder.
        public let b: Int
        /// The cosine of their rows.
        public let cosine: Double
    }

    /// The pairs of the assignment of largest total cosine among candidates, by the first coder's latent.
    public let pairs: [Pair]
    /// The most pairs that there could be: the rows that are not zeros of the coder that has fewer.
    public let possible: Int
    /// The rows of zeros of the first coder, which have no direction and are never matched.
    public let zeroA: Int
    /// The rows of zeros of the second coder.
    public let zeroB: Int
    /// The number of candidate pairs.
    public let candidates: Int
    /// By how much at most the best assignment among all pairs, candidates or not, has a larger total; 0 proves there is none.
    public let shortfall: Double
    /// Pairs each of which is the other's nearest.
    public let mutualNearest: Int
    let mutual: Set<Int>

    /// The sum of the matched cosines.
    public var total: Double { pairs.reduce(0) { $0 + $1.cosine } }

    /// The mean of the matched cosines; `nil` if nothing is matched.
    public var mean: Double? { pairs.isEmpty ? nil : total / Double(pairs.count) }

    /// Finds candidates and assigns; runs on the threads of a pool.
    init(_ a: UnitRows, _ b: UnitRows, candidates kept: Int, pool: ComputePool<Void>, threads: Int) async throws {
        let found = try await CandidateSearch(a: a, b: b, kept: max(1, min(kept, max(a.count, b.count))))
            .run(on: pool, threads: threads)
        self = try await pool.run { _ in SpaceAlignment(a, b, found) }
    }

    private init(_ a: UnitRows, _ b: UnitRows, _ found: CandidateSearch.Found) {
        let graph = CandidateGraph(found)
        let assignment = SparseAssignment(graph)
        pairs = assignment.partners.enumerated().compactMap { row, column in
            guard let column, let cosine = a.cosine(row, with: b, column) else { return nil }
            return Pair(a: row, b: column, cosine: cosine)
        }
        (zeroA, zeroB) = (a.count - a.directed, b.count - b.directed)
        possible = min(a.directed, b.directed)
        candidates = graph.count
        shortfall = Self.shortfall(of: assignment, found)
        mutual = Self.mutual(found)
        mutualNearest = mutual.count
    }

    /// The most by which the total of an assignment of all pairs can exceed this one's.
    ///
    /// A pair that is no candidate is worth at most what the worst kept neighbour of its row is, and of its column. Potentials of all rows
    /// raised to that are feasible for all pairs, so that by duality the raise bounds the gain; so does that of all columns.
    private static func shortfall(of assignment: SparseAssignment, _ found: CandidateSearch.Found) -> Double {
        func raise(_ potentials: [Int64], _ nearest: NearestRows) -> Int64 {
            potentials.enumerated().reduce(0) { sum, entry in
                sum + max(0, SparseAssignment.units(nearest.ceiling(of: entry.offset)) - entry.element)
            }
        }
        let units = min(raise(assignment.rowPotentials, found.ofA), raise(assignment.columnPotentials, found.ofB))
        return Double(units) / Double(SparseAssignment.unitsInOne)
    }

    /// The rows whose nearest column has them as its nearest.
    private static func mutual(_ found: CandidateSearch.Found) -> Set<Int> {
        Set(
            (0..<found.ofA.rows).filter { row in
                guard let there = found.ofA.nearest(of: row), let back = found.ofB.nearest(of: Int(there.index)) else {
                    return false
                }
                return Int(back.index) == row
            })
    }
}

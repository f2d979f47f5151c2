/// A one-to-one assignment of rows to columns of largest total weight, among candidate pairs only.
///
/// It maximises the sum of the weights of the pairs chosen, no row and no column chosen twice. A row or a column may
/// stay without a partner, which counts as 0: if candidates allow more pairs with a smaller sum, the larger sum wins.
/// Weights are rounded to multiples of 2⁻³², so that all arithmetic is exact; `isCertified(for:)` proves the result by
/// linear-programming duality.
public struct SparseAssignment: Sendable {
    /// How many units of the rounded weights and potentials make 1.
    public static let unitsInOne: Int64 = 1 << 32

    /// The column of each row; `nil` if it has none.
    public let partners: [Int?]
    /// The total of the rounded weights, in units.
    public let total: Int64
    /// The potential of each row, in units: at least 0, and 0 if it has no partner.
    public let rowPotentials: [Int64]
    /// The potential of each column, in units: at least 0, and 0 if it has no partner.
    public let columnPotentials: [Int64]

    /// Solves the problem of a graph.
    ///
    /// Rows first bid against each other for columns, a bounded number of times (augmenting row reduction); what then has no partner
    /// is placed by shortest augmenting paths. Source: Jonker and Volgenant, Computing 38 (1987), in the sparse form.
    public init(_ graph: CandidateGraph) {
        var search = AssignmentSearch(graph)
        let waiting = search.bid(atMost: 8 * graph.rows)
        for row in waiting { search.place(row) }
        partners = search.columnOfRow.map { $0 < 0 ? nil : Int($0) }
        rowPotentials = search.rowPotentials
        columnPotentials = search.columnPotentials
        total = search.total
    }

    /// A weight in units.
    public static func units(_ weight: Float) -> Int64 { Int64((Double(weight) * Double(unitsInOne)).rounded()) }

    /// Whether the potentials prove that no assignment of the graph's pairs has a larger total.
    ///
    /// They do if `potential(row) + potential(column)` is at least the weight of every pair, if no potential is
    /// negative, and if the total equals the sum of all potentials: any other total is at most that sum.
    public func isCertified(for graph: CandidateGraph) -> Bool {
        guard rowPotentials.count == graph.rows, columnPotentials.count == graph.columns,
            rowPotentials.allSatisfy({ $0 >= 0 }), columnPotentials.allSatisfy({ $0 >= 0 })
        else { return false }
        var taken = Set<Int>()
        var sum: Int64 = 0
        for row in 0..<graph.rows {
            var isPaired = partners[row] == nil
            for (column, weight) in graph.pairs(of: row) {
                let weight = Self.units(weight)
                guard rowPotentials[row] + columnPotentials[column] >= weight else { return false }
                if partners[row] == column {
                    isPaired = taken.insert(column).inserted
                    sum += weight
                }
            }
            guard isPaired else { return false }
        }
        return sum == total && sum == rowPotentials.reduce(0, +) + columnPotentials.reduce(0, +)
    }
}

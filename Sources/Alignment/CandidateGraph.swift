/// Candidate pairs of rows and columns with their weights, sorted by row and column.
public struct CandidateGraph: Sendable {
    /// The number of rows.
    public let rows: Int
    /// The number of columns.
    public let columns: Int
    /// The index at which each row's pairs begin, and at last the end of all.
    let starts: [Int]
    let neighbours: [Int32]
    let weights: [Float]

    /// Makes a graph from the pairs of each row; of pairs that are given twice the first counts, and those whose weight is not positive
    /// or whose column is not there are left out, for they are never part of a largest sum.
    public init(columns: Int, pairs: [[(column: Int, weight: Float)]]) {
        self.init(rows: pairs.count, columns: columns) { row in
            pairs[row].map { (Int32(clamping: $0.column), $0.weight) }
        }
    }

    /// Makes the graph of what is near to what: of each pair that one of the two sides keeps.
    init(_ found: CandidateSearch.Found) {
        var backwards = [[(Int32, Float)]](repeating: [], count: found.ofA.rows)
        for column in 0..<found.ofB.rows {
            for (row, cosine) in found.ofB.entries(of: column) { backwards[Int(row)].append((Int32(column), cosine)) }
        }
        self.init(rows: found.ofA.rows, columns: found.ofB.rows) { row in
            defer { backwards[row] = [] }
            return found.ofA.entries(of: row).map { ($0.index, $0.cosine) } + backwards[row]
        }
    }

    private init(rows: Int, columns: Int, pairs: (Int) -> [(Int32, Float)]) {
        var starts = [0]
        var neighbours: [Int32] = []
        var weights: [Float] = []
        for row in 0..<rows {
            var last: Int32 = -1
            let ordered = pairs(row).enumerated().sorted { ($0.element.0, $0.offset) < ($1.element.0, $1.offset) }
            for (column, weight) in ordered.lazy.map(\.element)
            where column != last && column >= 0 && column < columns && weight > 0 && weight.isFinite {
                last = column
                neighbours.append(column)
                weights.append(weight)
            }
            starts.append(neighbours.count)
        }
        self.rows = rows
        self.columns = columns
        self.starts = starts
        self.neighbours = neighbours
        self.weights = weights
    }

    /// The number of pairs.
    public var count: Int { neighbours.count }

    /// The pairs of a row.
    public func pairs(of row: Int) -> [(column: Int, weight: Float)] {
        (starts[row]..<starts[row + 1]).map { (Int(neighbours[$0]), weights[$0]) }
    }
}

import HeapModule

/// A partial assignment with potentials under which no pair is worth more than the potentials of its two ends.
///
/// Between the steps: potentials are at least 0; a pair of partners is worth exactly its potentials; a column without a partner has
/// potential 0. When each row without a partner has potential 0 too, the assignment is one of largest weight.
struct AssignmentSearch {
    private let graph: CandidateGraph
    private let weights: [Int64]
    private(set) var rowPotentials: [Int64]
    private(set) var columnPotentials: [Int64]
    /// The column of each row, −1 if it has none.
    private(set) var columnOfRow: [Int32]
    private var rowOfColumn: [Int32]

    private var distances: [Int64]
    /// The row from which a column is reached.
    private var reachedFrom: [Int32]
    private var isReached: [Bool]
    private var isSettled: [Bool]
    private var heap = Heap<Reach>()

    init(_ graph: CandidateGraph) {
        self.graph = graph
        weights = graph.weights.map(SparseAssignment.units)
        rowPotentials = Array(repeating: 0, count: graph.rows)
        columnPotentials = Array(repeating: 0, count: graph.columns)
        columnOfRow = Array(repeating: -1, count: graph.rows)
        rowOfColumn = Array(repeating: -1, count: graph.columns)
        distances = Array(repeating: 0, count: graph.columns)
        reachedFrom = Array(repeating: -1, count: graph.columns)
        isReached = Array(repeating: false, count: graph.columns)
        isSettled = Array(repeating: false, count: graph.columns)
    }

    /// The sum of the weights of all partners.
    var total: Int64 {
        var sum: Int64 = 0
        for row in 0..<graph.rows {
            for pair in graph.starts[row]..<graph.starts[row + 1] where graph.neighbours[pair] == columnOfRow[row] {
                sum += weights[pair]
            }
        }
        return sum
    }

    /// Lets rows take the column worth most to them, from its holder if necessary, in at most `steps` steps.
    ///
    /// A row raises the column's potential until its second choice, which may be to have none, is worth as much.
    ///
    /// - Returns: The rows still without a partner that may be worth one.
    mutating func bid(atMost steps: Int) -> [Int] {
        var queue = Array((0..<graph.rows).reversed())
        var waiting: [Int] = []
        var left = steps
        while let row = queue.popLast() {
            let (best, second, column, free) = choices(of: row)
            guard best > 0, let column else {
                rowPotentials[row] = 0
                continue
            }
            rowPotentials[row] = best
            left -= 1
            if best == second {
                // Nothing to bid: the row takes what is free among equals, else it waits.
                if let free { join(row, free) } else { waiting.append(row) }
                continue
            }
            guard left > 0 || rowOfColumn[column] < 0 else {
                waiting.append(row)
                continue
            }
            rowPotentials[row] = second
            columnPotentials[column] += best - second
            let former = Int(rowOfColumn[column])
            join(row, column)
            if former >= 0 {
                columnOfRow[former] = -1
                queue.append(former)
            }
        }
        return waiting
    }

    /// The worth of a row's best and second choice (at least 0: none), the best column, and a best one that is free.
    private func choices(of row: Int) -> (best: Int64, second: Int64, column: Int?, free: Int?) {
        var (best, second): (Int64, Int64) = (0, 0)
        var column: Int?
        var free: Int?
        for pair in graph.starts[row]..<graph.starts[row + 1] {
            let candidate = Int(graph.neighbours[pair])
            let worth = weights[pair] - columnPotentials[candidate]
            if worth > best {
                (second, best, column, free) = (best, worth, candidate, nil)
            } else if worth > second {
                second = worth
            }
            if worth == best, free == nil, rowOfColumn[candidate] < 0 { free = candidate }
        }
        return (best, second, column, free)
    }

    private mutating func join(_ row: Int, _ column: Int) {
        columnOfRow[row] = Int32(column)
        rowOfColumn[column] = Int32(row)
    }

    /// Finds the shortest way, in what is lost of the total, to give a row a partner or to leave it or another without one.
    ///
    /// Ends are a column without a partner, and any row on the way whose potential can be brought to 0.
    mutating func place(_ root: Int) {
        var best = rowPotentials[root]
        var end = End.row(root)
        var settledRows: [(row: Int, distance: Int64)] = []
        var settledColumns: [Int] = []
        var reached: [Int] = []
        heap = []
        var row = root
        var distance: Int64 = 0
        while true {
            settledRows.append((row, distance))
            for pair in graph.starts[row]..<graph.starts[row + 1] {
                let column = Int(graph.neighbours[pair])
                guard !isSettled[column] else { continue }
                let there = distance + rowPotentials[row] + columnPotentials[column] - weights[pair]
                guard there < best, !isReached[column] || there < distances[column] else { continue }
                if !isReached[column] { reached.append(column) }
                isReached[column] = true
                distances[column] = there
                reachedFrom[column] = Int32(row)
                if rowOfColumn[column] < 0 {
                    (best, end) = (there, .column(column))
                } else {
                    heap.insert(Reach(distance: there, column: column))
                }
            }
            guard let (nearest, column) = popUnsettled(), nearest < best else { break }
            isSettled[column] = true
            settledColumns.append(column)
            (row, distance) = (Int(rowOfColumn[column]), nearest)
            if distance + rowPotentials[row] < best { (best, end) = (distance + rowPotentials[row], .row(row)) }
        }
        for (row, distance) in settledRows { rowPotentials[row] -= best - distance }
        for column in settledColumns { columnPotentials[column] += best - distances[column] }
        exchange(from: end, root: root)
        for column in reached { (isReached[column], isSettled[column]) = (false, false) }
    }

    private enum End {
        case column(Int)
        case row(Int)
    }

    private mutating func popUnsettled() -> (Int64, Int)? {
        while let nearest = heap.popMin() {
            let (distance, column) = (nearest.distance, nearest.column)
            if !isSettled[column] { return (distance, column) }
        }
        return nil
    }

    /// Gives each row on the way the column by which it was left.
    private mutating func exchange(from end: End, root: Int) {
        var column: Int
        switch end {
        case .column(let free): column = free
        case .row(let row):
            guard row != root else { return }
            column = Int(columnOfRow[row])
            columnOfRow[row] = -1
        }
        while true {
            let row = Int(reachedFrom[column])
            let former = Int(columnOfRow[row])
            join(row, column)
            guard row != root, former >= 0 else { return }
            column = former
        }
    }
}

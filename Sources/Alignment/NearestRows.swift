/// The largest positive cosines of each of many rows, up to a fixed number per row.
///
/// Of equal cosines those with the lower index are kept, so that what is kept does not depend on the order of arrival.
struct NearestRows: Sendable {
    let rows: Int
    /// The most that are kept of a row.
    let kept: Int
    /// How many there are of each row.
    private(set) var counts: [Int32]
    /// The value that a cosine must reach to be kept, by row; any positive one before a row is full.
    private(set) var bounds: [Float]
    /// `[rows, kept]`, each row a heap whose first is the worst.
    private var indices: [Int32]
    private var cosines: [Float]

    init(rows: Int, kept: Int) {
        self.rows = rows
        self.kept = kept
        counts = Array(repeating: 0, count: rows)
        bounds = Array(repeating: .leastNonzeroMagnitude, count: rows)
        indices = Array(repeating: -1, count: rows * kept)
        cosines = Array(repeating: 0, count: rows * kept)
    }

    /// Keeps a cosine if it is among the largest of its row.
    @inline(__always)
    mutating func offer(row: Int, index: Int32, cosine: Float) {
        // Nearly all that is offered is below the bound.
        if cosine >= bounds[row] { insert(row: row, index: index, cosine: cosine) }
    }

    private mutating func insert(row: Int, index: Int32, cosine: Float) {
        let start = row * kept
        var hole = Int(counts[row])
        if hole < kept {
            counts[row] += 1
            while hole > 0 {
                let parent = (hole - 1) / 2
                guard isWorse(cosine, index, than: start + parent) else { break }
                move(start + parent, to: start + hole)
                hole = parent
            }
        } else {
            guard !isWorse(cosine, index, than: start) else { return }
            hole = 0
            while true {
                var child = 2 * hole + 1
                guard child < kept else { break }
                if child + 1 < kept,
                    isWorse(cosines[start + child + 1], indices[start + child + 1], than: start + child)
                {
                    child += 1
                }
                guard !isWorse(cosine, index, than: start + child) else { break }
                move(start + child, to: start + hole)
                hole = child
            }
        }
        indices[start + hole] = index
        cosines[start + hole] = cosine
        if Int(counts[row]) == kept { bounds[row] = cosines[start] }
    }

    /// Keeps what another holds of the same rows.
    mutating func merge(_ other: NearestRows) {
        for row in 0..<rows {
            for place in row * kept..<row * kept + Int(other.counts[row]) {
                offer(row: row, index: other.indices[place], cosine: other.cosines[place])
            }
        }
    }

    /// Takes the rows of another, which has rows `first...` of these.
    mutating func replace(from first: Int, with other: NearestRows) {
        counts.replaceSubrange(first..<first + other.rows, with: other.counts)
        bounds.replaceSubrange(first..<first + other.rows, with: other.bounds)
        indices.replaceSubrange(first * kept..<(first + other.rows) * kept, with: other.indices)
        cosines.replaceSubrange(first * kept..<(first + other.rows) * kept, with: other.cosines)
    }

    /// The cosines kept of a row, in no order.
    func entries(of row: Int) -> [(index: Int32, cosine: Float)] {
        (row * kept..<row * kept + Int(counts[row])).map { (indices[$0], cosines[$0]) }
    }

    /// The nearest of a row; `nil` if no cosine is positive.
    func nearest(of row: Int) -> (index: Int32, cosine: Float)? {
        entries(of: row).max { ($0.cosine, $1.index) < ($1.cosine, $0.index) }
    }

    /// An upper bound of the cosines of a row that were not kept; 0 if all positive ones were kept.
    func ceiling(of row: Int) -> Float { Int(counts[row]) < kept ? 0 : bounds[row] }

    private func isWorse(_ cosine: Float, _ index: Int32, than place: Int) -> Bool {
        cosine < cosines[place] || (cosine == cosines[place] && index > indices[place])
    }

    private mutating func move(_ place: Int, to target: Int) {
        indices[target] = indices[place]
        cosines[target] = cosines[place]
    }
}

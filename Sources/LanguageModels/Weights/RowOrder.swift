/// Which order the rows of a stored matrix are in.
enum RowOrder: Sendable, Hashable {
    /// The order in which they are used.
    case asUsed
    /// The two rows of each rotated pair side by side, as GGUF files of the Llama architecture store queries and keys;
    /// used with all first rows of a head before all second ones.
    case pairs(headWidth: Int)
    /// Query, key and value of each head together, as GPT-NeoX stores them; used with all queries before all keys before all values.
    case heads(headWidth: Int)
    /// The tensor holds the matrix transposed, as GPT-2's `Conv1D` stores it.
    case transposed
    /// The same, and its rows are those of two matrices in turn; used with all of the first before all of the second.
    case transposedPairs

    /// Whether the tensor's columns are the matrix' rows.
    var isTransposed: Bool { self == .transposed || self == .transposedPairs }

    /// Puts rows of `width` values into the order in which they are used; a transposed tensor is `[width, rows]` before.
    func restore(_ values: UnsafeMutablePointer<Float>, rows: Int, width: Int) {
        switch self {
        case .asUsed: return
        case .pairs(let headWidth):
            for head in 0..<rows / headWidth {
                Self.permute(values + head * headWidth * width, rows: headWidth, width: width) { row in
                    row % 2 * (headWidth / 2) + row / 2
                }
            }
        case .heads(let headWidth):
            let heads = rows / (3 * headWidth)
            Self.permute(values, rows: rows, width: width) { row in
                let (head, part) = (row / (3 * headWidth), row / headWidth % 3)
                return (part * heads + head) * headWidth + row % headWidth
            }
        case .transposed: Self.transpose(values, rows: rows, columns: width)
        case .transposedPairs:
            Self.transpose(values, rows: rows, columns: width)
            RowOrder.pairs(headWidth: rows).restore(values, rows: rows, width: width)
        }
    }

    /// The numbers of the stored rows in the order in which they are used; empty if that is their own.
    func storedRows(rows: Int) -> [Int32] {
        guard self != .asUsed, !isTransposed, let most = Int32(exactly: rows) else { return [] }
        // The bits of row numbers are moved as the rows would be.
        var numbers = (0..<most).map { Float(bitPattern: UInt32(bitPattern: $0)) }
        numbers.withUnsafeMutableBufferPointer { buffer in
            if let start = buffer.baseAddress { restore(start, rows: rows, width: 1) }
        }
        return numbers.map { Int32(bitPattern: $0.bitPattern) }
    }

    /// Moves each row to the place that `place` gives for it.
    private static func permute(
        _ values: UnsafeMutablePointer<Float>, rows: Int, width: Int, place: (Int) -> Int
    ) {
        withUnsafeTemporaryAllocation(of: Float.self, capacity: rows * width) { copy in
            guard let stored = copy.baseAddress else { return }
            stored.update(from: values, count: rows * width)
            for row in 0..<rows {
                (values + place(row) * width).update(from: stored + row * width, count: width)
            }
        }
    }

    /// Turns `[columns, rows]` into `[rows, columns]`, in squares that stay in the cache.
    private static func transpose(_ values: UnsafeMutablePointer<Float>, rows: Int, columns: Int) {
        let side = 16
        withUnsafeTemporaryAllocation(of: Float.self, capacity: rows * columns) { copy in
            guard let stored = copy.baseAddress else { return }
            stored.update(from: values, count: rows * columns)
            for top in stride(from: 0, to: rows, by: side) {
                for left in stride(from: 0, to: columns, by: side) {
                    for row in top..<min(top + side, rows) {
                        for column in left..<min(left + side, columns) {
                            values[row * columns + column] = stored[column * rows + row]
                        }
                    }
                }
            }
        }
    }
}

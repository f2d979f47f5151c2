internal import LinearAlgebra

/// Contexts that go through the blocks together, and the row ranges that go through a matrix product together.
struct ContextGroup: Equatable {
    /// One context's rows within a unit.
    struct Span: Equatable {
        let start: Int
        let count: Int
    }

    /// Rows of one matrix product.
    struct Unit: Equatable {
        /// The unit's first row in the group.
        let start: Int
        /// The rows of all its contexts.
        let rows: Int
        /// The contexts, rows counted from the unit's start.
        let contexts: [Span]
    }

    /// The contexts' indices in the batch.
    let contexts: Range<Int>
    let units: [Unit]
    /// All rows of the group.
    let rows: Int

    /// Splits a batch of contexts of given lengths into groups of about `target` rows.
    static func groups(lengths: [Int], mode: BatchMode, target: Int) -> [ContextGroup] {
        var groups: [ContextGroup] = []
        var first = 0
        while first < lengths.count {
            var end = first + 1
            var rows = lengths[first]
            while end < lengths.count, rows + lengths[end] <= target {
                rows += lengths[end]
                end += 1
            }
            groups.append(ContextGroup(first..<end, lengths: lengths, mode: mode))
            first = end
        }
        return groups
    }

    private init(_ contexts: Range<Int>, lengths: [Int], mode: BatchMode) {
        self.contexts = contexts
        var units: [Unit] = []
        var rows = 0
        switch mode {
        case .ragged:
            var spans: [Span] = []
            for length in lengths[contexts] {
                spans.append(Span(start: rows, count: length))
                rows += length
            }
            if rows > 0 { units.append(Unit(start: 0, rows: rows, contexts: spans)) }
        case .perContext:
            for length in lengths[contexts] where length > 0 {
                units.append(Unit(start: rows, rows: length, contexts: [Span(start: 0, count: length)]))
                rows += length
            }
        }
        self.units = units
        self.rows = rows
    }
}

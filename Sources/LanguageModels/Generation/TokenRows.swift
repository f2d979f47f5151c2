/// Where new tokens of several texts stand among the rows that go through the blocks.
struct TokenRows: Equatable {
    /// Consecutive tokens of one text within a unit.
    struct Span: Equatable {
        /// The text's place in the list of texts.
        let text: Int
        /// The first token's place among the text's new tokens.
        let offset: Int
        /// The first token's position in the text.
        let first: Int
        let count: Int
        /// The first token's row in the unit.
        let row: Int
    }

    /// Rows of one matrix product.
    struct Unit: Equatable {
        /// The unit's first row among all.
        let start: Int
        /// All rows: those of tokens and rows of zeros.
        let rows: Int
        let spans: [Span]
    }

    let units: [Unit]
    /// All rows, those of zeros included.
    var rows: Int { units.reduce(0) { $0 + $1.rows } }

    /// The rows of tokens that are computed each by itself: one after the other.
    init(single texts: [(first: Int, count: Int)]) {
        var spans: [Span] = []
        var rows = 0
        for (text, (first, count)) in texts.enumerated() {
            spans.append(Span(text: text, offset: 0, first: first, count: count, row: rows))
            rows += count
        }
        units = [Unit(start: 0, rows: rows, spans: spans)]
    }

    /// The rows of tokens that go through matrix products together.
    ///
    /// A token's position decides at which place of a group of rows it stands, so that its bits are the same in whatever
    /// pieces its text is added and whatever other texts are there.
    init(together texts: [(first: Int, count: Int)], period: RowPeriod) {
        switch period {
        case .groups(let size): units = [Self.aligned(texts, period: max(size, 1))]
        case .none: units = Self.tiles(texts)
        }
    }

    private static func aligned(_ texts: [(first: Int, count: Int)], period: Int) -> Unit {
        var spans: [Span] = []
        var rows = 0
        for (text, (first, count)) in texts.enumerated() where count > 0 {
            rows += (first % period - rows % period + period) % period
            spans.append(Span(text: text, offset: 0, first: first, count: count, row: rows))
            rows += count
        }
        return Unit(start: 0, rows: (rows + period - 1) / period * period, spans: spans)
    }

    private static func tiles(_ texts: [(first: Int, count: Int)]) -> [Unit] {
        let size = KeyValuePage.positions
        var units: [Unit] = []
        for (text, (start, count)) in texts.enumerated() {
            var first = start
            while first < start + count {
                let end = min(start + count, (first / size + 1) * size)
                let span = Span(
                    text: text, offset: first - start, first: first, count: end - first, row: first % size)
                units.append(Unit(start: units.count * size, rows: size, spans: [span]))
                first = end
            }
        }
        return units
    }

    /// For each text the rows of its new tokens.
    func rows(texts: Int) -> [[Int]] {
        var result = [[Int]](repeating: [], count: texts)
        for unit in units {
            for span in unit.spans {
                result[span.text] += (0..<span.count).map { unit.start + span.row + $0 }
            }
        }
        return result
    }
}

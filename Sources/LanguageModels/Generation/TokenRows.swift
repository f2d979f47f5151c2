/// The positions of new tokens of several texts among the rows that go through the blocks: one after the other.
struct TokenRows: Equatable {
    /// The new tokens of one text.
    struct Span: Equatable {
        /// The text's place in the list of texts.
        let text: Int
        /// The first token's position in the text.
        let first: Int
        let count: Int
        /// The first token's row.
        let row: Int

        /// The rows of the tokens.
        var rows: Range<Int> { row..<row + count }
    }

    let spans: [Span]
    /// The number of rows.
    let count: Int

    init(_ texts: [(first: Int, count: Int)]) {
        var spans: [Span] = []
        var count = 0
        for (text, new) in texts.enumerated() {
            spans.append(Span(text: text, first: new.first, count: new.count, row: count))
            count += new.count
        }
        self.spans = spans
        self.count = count
    }
}

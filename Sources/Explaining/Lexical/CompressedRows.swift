import Elements

/// Lists of numbers one after the other.
struct CompressedRows: Sendable {
    /// `[rows + 1]`: row `r` is `values[starts[r]..<starts[r + 1]]`.
    let starts: [Int]
    let values: [Int32]

    var residentBytes: Int { starts.residentBytes + values.residentBytes }

    init(_ rows: [ArraySlice<Int32>]) {
        var starts = [0]
        starts.reserveCapacity(rows.count + 1)
        var total = 0
        for row in rows {
            total += row.count
            starts.append(total)
        }
        self.starts = starts
        values = rows.flatMap(\.self)
    }

    /// Row `r` lists the lists that contain `r`; what is outside `0..<rows` is passed over.
    init(transposing lists: [some Collection<Int32>], rows: Int) {
        var starts = [Int](repeating: 0, count: rows + 1)
        for list in lists {
            for value in list where value >= 0 && Int(value) < rows { starts[Int(value) + 1] += 1 }
        }
        for row in 0..<rows { starts[row + 1] += starts[row] }
        var next = starts
        var values = [Int32](repeating: 0, count: starts[rows])
        for (index, list) in lists.enumerated() {
            for value in list where value >= 0 && Int(value) < rows {
                values[next[Int(value)]] = Int32(clamping: index)
                next[Int(value)] += 1
            }
        }
        self.starts = starts
        self.values = values
    }

    /// A row; empty for one that does not exist.
    subscript(row: Int) -> ArraySlice<Int32> {
        guard row >= 0, row + 1 < starts.count else { return [] }
        return values[starts[row]..<starts[row + 1]]
    }
}

/// Marks for listing each term of a window once.
struct TermScratch {
    private var isSeen: [Bool]

    init(count: Int) { isSeen = [Bool](repeating: false, count: count) }

    mutating func distinctTerms(of tokens: some Sequence<UInt32>, in vocabulary: LexicalVocabulary) -> [Int32] {
        var terms: [Int32] = []
        for token in tokens {
            vocabulary.forEachTerm(of: token) { term in
                if !isSeen[Int(term)] {
                    isSeen[Int(term)] = true
                    terms.append(term)
                }
            }
        }
        for term in terms { isSeen[Int(term)] = false }
        return terms
    }
}

public import Elements
public import Hashing

/// The train-side pool windows by the terms they contain and the latents that fire in them: made once per view.
///
/// Only windows with the train bit and without the test bit are taken, so that nothing found here has seen a test document.
public struct LexicalIndex: Sendable {
    /// The number of windows taken.
    public let windowCount: Int
    /// A hash of the identities of the windows taken, in the pool's order.
    public let digest: Hash128

    let vocabulary: LexicalVocabulary
    /// By identity: the window's number.
    let numbers: [Hash128: Int]
    /// Windows of term `t`, ascending.
    let termWindows: CompressedRows
    /// Windows in which latent `l` fires, ascending.
    let latentWindows: CompressedRows

    /// Reads a pool; latents outside `0..<latents` are passed over.
    public init(pool: [PoolWindow], latents: Int, vocabulary: LexicalVocabulary) {
        let windows = pool.filter { $0.isTrain && !$0.isTest }
        var hasher = SipHasher(key: SipKey(k0: 0, k1: 0), wide: true)
        var numbers: [Hash128: Int] = [:]
        var terms: [[Int32]] = []
        terms.reserveCapacity(windows.count)
        var scratch = TermScratch(count: vocabulary.termCount)
        for (number, window) in windows.enumerated() {
            hasher.update(window.window.identity.high)
            hasher.update(window.window.identity.low)
            numbers[window.window.identity] = number
            terms.append(scratch.distinctTerms(of: window.window.tokens, in: vocabulary))
        }
        windowCount = windows.count
        digest = hasher.finalize128()
        self.vocabulary = vocabulary
        self.numbers = numbers
        termWindows = CompressedRows(transposing: terms, rows: vocabulary.termCount)
        latentWindows = CompressedRows(transposing: windows.map(\.latents), rows: max(latents, 0))
    }
}

/// Lists of numbers one after the other.
struct CompressedRows: Sendable {
    /// `[rows + 1]`: row `r` is `values[starts[r]..<starts[r + 1]]`.
    let starts: [Int]
    let values: [Int32]

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

import Elements

/// Two neighbouring tokens by a term each; `token` is `anything` if any token may come second.
struct LexicalPair: Hashable {
    /// Stands for any token in second place.
    static let anything: Int32 = -1

    let before: Int32
    let token: Int32

    /// The most terms a vocabulary may have for pairs to be told apart, and the most windows they are looked for in.
    static let maximumTerms = (1 << 20) - 1
    static let maximumWindows = 1 << 16

    /// Before, token and a window's number in one word, so that sorting brings a pair's windows together.
    func key(window: Int) -> UInt64 {
        UInt64(UInt32(bitPattern: before)) << 44 | UInt64(UInt32(bitPattern: token) & 0xF_FFFF) << 24
            | UInt64(truncatingIfNeeded: window & 0xFF_FFFF)
    }

    init(before: Int32, token: Int32) {
        self.before = before
        self.token = token
    }

    /// The pair of a key.
    init(key: UInt64) {
        before = Int32(truncatingIfNeeded: key >> 44)
        let second = Int32(truncatingIfNeeded: key >> 24 & 0xF_FFFF)
        token = second == 0xF_FFFF ? Self.anything : second
    }
}

/// In which windows each pair of neighbouring terms stands.
///
/// Pairs are made of tokens, words and classes. A vocabulary or a pool that is too large for them has none.
struct LexicalPairs: Sendable {
    /// Ascending; see `LexicalPair.key(window:)`.
    private let keys: [UInt64]

    init(windows: [[UInt32]], vocabulary: LexicalVocabulary) {
        guard windows.count <= LexicalPair.maximumWindows, Self.areTold(apartIn: vocabulary) else {
            keys = []
            return
        }
        var keys: [UInt64] = []
        var own: [UInt64] = []
        for (number, tokens) in windows.enumerated() {
            own.removeAll(keepingCapacity: true)
            for index in tokens.indices.dropFirst() {
                Self.forEachPair(before: tokens[index - 1], token: tokens[index], in: vocabulary) {
                    own.append($0.key(window: number))
                }
            }
            keys.append(contentsOf: own)
        }
        keys.sort()
        var kept = 0
        for index in keys.indices where index == 0 || keys[index] != keys[kept - 1] {
            keys[kept] = keys[index]
            kept += 1
        }
        keys.removeLast(keys.count - kept)
        self.keys = keys
    }

    var residentBytes: Int { keys.residentBytes }

    /// Whether there is nothing to be found.
    var isEmpty: Bool { keys.isEmpty }

    static func areTold(apartIn vocabulary: LexicalVocabulary) -> Bool {
        vocabulary.termCount < LexicalPair.maximumTerms
    }

    /// Calls `body` with every pair that two neighbouring tokens are of.
    static func forEachPair(
        before: UInt32, token: UInt32, in vocabulary: LexicalVocabulary, _ body: (LexicalPair) -> Void
    ) {
        vocabulary.forEachPairTerm(of: before) { first in
            body(LexicalPair(before: first, token: LexicalPair.anything))
            vocabulary.forEachPairTerm(of: token) { second in body(LexicalPair(before: first, token: second)) }
        }
    }

    /// The windows of a pair, ascending.
    func windows(of pair: LexicalPair) -> [Int32] {
        let first = pair.key(window: 0)
        var low = 0
        var high = keys.count
        while low < high {
            let middle = (low + high) / 2
            if keys[middle] < first { low = middle + 1 } else { high = middle }
        }
        var windows: [Int32] = []
        while low < keys.count, keys[low] >> 24 == first >> 24 {
            windows.append(Int32(truncatingIfNeeded: keys[low] & 0xFF_FFFF))
            low += 1
        }
        return windows
    }
}

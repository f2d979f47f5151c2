/// Collects the merges of a vocabulary of pieces.
struct PieceMergeBuilder {
    let tokens: TokenBytes
    let index: TokenIndex
    /// Tokens that merges never give, since text that spells a control token is not that token.
    let controls: Set<UInt32>
    /// Tokens that are cut out of text before it is merged.
    let literals: Set<UInt32>
    private var merges: [(left: UInt32, right: UInt32, token: UInt32)] = []
    private(set) var joins = JoinTable()

    init(tokens: TokenBytes, index: TokenIndex, controls: Set<UInt32>, literals: Set<UInt32>) {
        self.tokens = tokens
        self.index = index
        self.controls = controls
        self.literals = literals
    }

    /// The merges added so far, the earlier of the lower rank; of two of the same pair the later counts.
    var table: MergeTable {
        var table = MergeTable(capacity: merges.count)
        for (rank, merge) in merges.enumerated() {
            table.insert(
                merge.left, merge.right, MergeTable.Merge(rank: UInt32(truncatingIfNeeded: rank), token: merge.token))
        }
        return table
    }

    /// Adds a merge of the next rank; `false` if there are no such pieces.
    mutating func add(_ left: Substring, _ right: Substring) -> Bool {
        let first = SentencePieces.bytes(of: String(left))
        let second = SentencePieces.bytes(of: String(right))
        guard let left = index.find(first, in: tokens), let right = index.find(second, in: tokens),
            let merged = index.find(first + second, in: tokens)
        else { return false }
        insert(left, right, merged)
        return true
    }

    private mutating func insert(_ left: UInt32, _ right: UInt32, _ token: UInt32) {
        merges.append((left, right, token))
        joins.insert(tokens[token])
    }

    /// Adds the merges that give each token by its score: the highest first.
    ///
    /// Among merges of equal score, the one whose left part has the most scalars goes first, then the one whose right
    /// part has, then the lower id: the order of `generate_merges` in Hugging Face `transformers`.
    mutating func add(byScore scores: [Double]) {
        let ids = (0..<UInt32(truncatingIfNeeded: min(scores.count, tokens.count)))
            .filter { !literals.contains($0) && !tokens[$0].isEmpty }
            .sorted { (scores[Int($1)], $0) < (scores[Int($0)], $1) }
        var start = 0
        while start < ids.count {
            var end = start + 1
            while end < ids.count, scores[Int(ids[end])] == scores[Int(ids[start])] { end += 1 }
            if end == start + 1 {
                for split in splits(of: ids[start]) { insert(split.left, split.right, ids[start]) }
            } else {
                var group = ids[start..<end].flatMap { id in
                    let scalars = tokens[id].reduce(0) { $0 + ($1 & 0xc0 != 0x80 ? 1 : 0) }
                    return splits(of: id).map { (split: $0, scalars: scalars, id: id) }
                }
                group.sort { ($1.split.leftCount, $1.scalars, $0.id) < ($0.split.leftCount, $0.scalars, $1.id) }
                for entry in group { insert(entry.split.left, entry.split.right, entry.id) }
            }
            start = end
        }
    }

    private struct Split {
        let left: UInt32
        let right: UInt32
        /// In scalars.
        let leftCount: Int
    }

    /// The pairs of parts that a token can be made of, longest left part first.
    private func splits(of token: UInt32) -> [Split] {
        tokens[token].withUnsafeBufferPointer { bytes in
            var splits = [Split]()
            var hash = TokenIndex.Hash()
            var leftCount = 0
            for place in bytes.indices {
                if place > 0, bytes[place] & 0xc0 != 0x80 {
                    leftCount += 1
                    if let left = index.find(UnsafeBufferPointer(rebasing: bytes[..<place]), hash, in: tokens),
                        let right = index.find(UnsafeBufferPointer(rebasing: bytes[place...]), in: tokens)
                    {
                        splits.append(Split(left: left, right: right, leftCount: leftCount))
                    }
                }
                hash.append(bytes[place])
            }
            return splits.reversed()
        }
    }
}

extension Vocabulary {
    /// Makes a byte-level vocabulary of tokens by id and merges by rank.
    ///
    /// Throws if a merge names a token that does not exist. Merges of characters outside the byte alphabet are passed over,
    /// since no text can reach them.
    init(
        file: String, byteLevel texts: [String], controls: Set<UInt32>, added: [AddedToken],
        merges pairs: [(left: Substring, right: Substring)], rule: SplitRule
    ) throws(TokenizerError) {
        let literals = controls.union(added.map(\.token))
        var tokens = TokenBytes(capacity: texts.count)
        var index = TokenIndex(capacity: texts.count)
        for (id, text) in texts.enumerated() {
            let token = UInt32(truncatingIfNeeded: id)
            if tokens.append(text, isLiteral: literals.contains(token)) { index.insert(token, in: tokens) }
        }
        var merges = MergeTable(capacity: pairs.count)
        var joined = [UInt8]()
        for (rank, pair) in pairs.enumerated() {
            joined.removeAll(keepingCapacity: true)
            guard ByteAlphabet.append(pair.left, to: &joined) else { continue }
            let split = joined.count
            guard ByteAlphabet.append(pair.right, to: &joined) else { continue }
            guard split > 0, joined.count > split, let left = index.find(joined[..<split], in: tokens),
                let right = index.find(joined[split...], in: tokens), let merged = index.find(joined, in: tokens)
            else { throw Self.unknownMerge(file, rank, pair) }
            merges.insert(left, right, MergeTable.Merge(rank: UInt32(truncatingIfNeeded: rank), token: merged))
        }
        let byteTokens = (UInt8.min...UInt8.max).map { index.find(CollectionOfOne($0), in: tokens) }
        self.init(
            file: file, tokens: tokens,
            model: .pairs(
                PairMerging(
                    symbols: .bytes, splitting: .rule(rule), merges: merges, index: index, byteTokens: byteTokens)),
            controls: controls, added: added)
    }

    static func unknownMerge(
        _ file: String, _ rank: Int, _ pair: (left: Substring, right: Substring)
    ) -> TokenizerError {
        TokenizerError(
            .invalid, file: file, field: "merges[\(rank)]", found: "\(pair.left) \(pair.right)",
            expected: "two tokens of the vocabulary whose union is one too")
    }
}

extension Vocabulary {
    /// The merges of a vocabulary of pieces.
    enum PieceMerges {
        /// By rank, as a `tokenizer.json` lists them.
        case listed([(left: Substring, right: Substring)])
        /// By the score of what they give, as a GGUF file has it; the higher goes first.
        case scored([Double])
    }

    /// Makes a vocabulary of SentencePiece's pieces by id, in which `▁` stands for a space.
    ///
    /// Throws if a listed merge names a piece that does not exist.
    init(
        file: String, pieces texts: [String], bytePieces: Set<UInt32>, controls: Set<UInt32>, added: [AddedToken],
        merges written: PieceMerges
    ) throws(TokenizerError) {
        let literals = controls.union(added.map(\.token))
        var tokens = TokenBytes(capacity: texts.count)
        var index = TokenIndex(capacity: texts.count)
        var fallback = [UInt32?](repeating: nil, count: 256)
        for (id, text) in texts.enumerated() {
            let token = UInt32(truncatingIfNeeded: id)
            if bytePieces.contains(token), let byte = SentencePieces.byte(of: text) {
                tokens.append(CollectionOfOne(byte))
                fallback[Int(byte)] = token
            } else if controls.contains(token) {
                tokens.append(text.utf8)
            } else {
                tokens.append(SentencePieces.bytes(of: text))
                if !text.isEmpty { index.insert(token, in: tokens) }
            }
        }
        var builder = PieceMergeBuilder(tokens: tokens, index: index, controls: controls, literals: literals)
        switch written {
        case .listed(let pairs):
            for (rank, pair) in pairs.enumerated() {
                guard builder.add(pair.left, pair.right) else { throw Self.unknownMerge(file, rank, pair) }
            }
        case .scored(let scores): builder.add(byScore: scores)
        }
        let byteTokens = (UInt8.min...UInt8.max).map { byte in
            byte < 0x80 ? index.find(CollectionOfOne(byte), in: tokens) : nil
        }
        var merging = PairMerging(
            symbols: .scalars, splitting: .joins(builder.joins), merges: builder.table, index: index,
            byteTokens: byteTokens)
        let known = fallback.compactMap { $0 }
        if known.count == 256 {
            merging.fallbackTokens = known
        } else {
            // A run of unknown scalars may have to be one token.
            merging.splitting = .joins(JoinTable(joinsAll: true))
        }
        self.init(file: file, tokens: tokens, model: .pairs(merging), controls: controls, added: added)
        normalizer = .pieces(nil)
    }
}

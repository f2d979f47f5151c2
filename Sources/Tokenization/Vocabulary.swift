/// All that a tokenizer file says, whatever its format: what `Tokenizer` works from.
struct Vocabulary: Sendable {
    /// What is done with a byte that has no token.
    enum UnknownByte: Sendable, Hashable {
        /// It is left out.
        case drop
        /// It becomes this token; one token for a run of them where `fused`.
        case token(UInt32, fused: Bool)
    }

    /// The bytes of each token.
    let tokens: TokenBytes
    /// Finds byte-level tokens.
    let index: TokenIndex
    /// The token of each single byte; `nil` where there is none.
    let byteTokens: [UInt32?]
    /// The merges.
    let merges: MergeTable
    /// How text is cut into words.
    let rule: SplitRule
    /// Control tokens: read in text only where asked for.
    let controls: Set<UInt32>
    /// Tokens that are cut out of text before all else, though they are no control tokens.
    let literals: Set<UInt32>
    /// Whether a word that is a token as it stands is taken without merging.
    var ignoresMerges = false
    /// Whether text is brought to Normalization Form C first.
    var normalizes = false
    /// What is done with a byte that has no token.
    var unknownByte = UnknownByte.drop
    /// The token before the first of a document.
    var bosToken: UInt32?
    /// Whether the file asks for it.
    var addsBOS: Bool?
    /// The token behind the last of a text or turn.
    var endOfSequence: UInt32?
    /// The Jinja template of chats.
    var chatTemplate: String?

    /// Makes a vocabulary of tokens by id and merges by rank.
    ///
    /// Throws where a merge names a token that does not exist. Merges of characters outside the byte alphabet are passed over,
    /// since no text can reach them.
    init(
        file: String, tokens texts: [String], controls: Set<UInt32>, literals: Set<UInt32>,
        merges pairs: [(left: Substring, right: Substring)], rule: SplitRule
    ) throws(TokenizerError) {
        var tokens = TokenBytes(capacity: texts.count)
        var index = TokenIndex(capacity: texts.count)
        for (id, text) in texts.enumerated() {
            let token = UInt32(truncatingIfNeeded: id)
            let isLiteral = controls.contains(token) || literals.contains(token)
            if tokens.append(text, isLiteral: isLiteral) { index.insert(token, in: tokens) }
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
            else {
                throw TokenizerError(
                    .invalid, file: file, field: "merges[\(rank)]", found: "\(pair.left) \(pair.right)",
                    expected: "two tokens of the vocabulary whose union is one too")
            }
            merges.insert(left, right, MergeTable.Merge(rank: UInt32(truncatingIfNeeded: rank), token: merged))
        }
        self.tokens = tokens
        self.index = index
        self.merges = merges
        self.rule = rule
        self.controls = controls
        self.literals = literals
        byteTokens = (UInt8.min...UInt8.max).map { index.find(CollectionOfOne($0), in: tokens) }
    }
}

import WeightFiles

extension Vocabulary {
    private enum TokenType {
        static let control = 3
        static let userDefined = 4
    }

    /// Reads the vocabulary in the metadata of a GGUF file.
    init(_ file: GGUFFile) throws(TokenizerError) {
        let model = file.metadata["tokenizer.ggml.model"]?.string
        guard model == "gpt2" else {
            throw TokenizerError(
                .unsupported, file: file.path, field: "tokenizer.ggml.model", found: model ?? "nothing",
                expected: "gpt2 (byte-level BPE)")
        }
        let pre = file.metadata["tokenizer.ggml.pre"]?.string ?? "default"
        guard let rule = SplitRule(ggufName: pre) else {
            throw TokenizerError(
                .unsupported, file: file.path, field: "tokenizer.ggml.pre", found: pre,
                expected: "one of " + SplitRule.ggufNames.joined(separator: ", "))
        }
        guard let texts = file.metadata["tokenizer.ggml.tokens"]?.strings, texts.count < Int(UInt32.max) else {
            throw Self.missing(file, "tokenizer.ggml.tokens", "an array of texts")
        }
        guard let merges = file.metadata["tokenizer.ggml.merges"]?.strings else {
            throw Self.missing(file, "tokenizer.ggml.merges", "an array of texts")
        }
        let types = file.metadata["tokenizer.ggml.token_type"]?.integers ?? []
        guard types.isEmpty || types.count == texts.count else {
            throw TokenizerError(
                .invalid, file: file.path, field: "tokenizer.ggml.token_type", found: "\(types.count) entries",
                expected: "\(texts.count), one for each token")
        }
        func tokens(of type: Int) -> Set<UInt32> {
            Set(types.indices.filter { types[$0] == type }.map { UInt32(truncatingIfNeeded: $0) })
        }
        var pairs = [(left: Substring, right: Substring)]()
        pairs.reserveCapacity(merges.count)
        for (rank, merge) in merges.enumerated() {
            guard let pair = Self.pair(of: merge) else {
                throw TokenizerError(
                    .invalid, file: file.path, field: "tokenizer.ggml.merges[\(rank)]", found: merge,
                    expected: "two tokens with a space between")
            }
            pairs.append(pair)
        }
        try self.init(
            file: file.path, tokens: texts, controls: tokens(of: TokenType.control),
            literals: tokens(of: TokenType.userDefined), merges: pairs, rule: rule)
        ignoresMerges = rule == .llama3
        normalizes = rule == .qwen2
        bosToken = try Self.token(file, "tokenizer.ggml.bos_token_id", count: texts.count)
        endOfSequence = try Self.token(file, "tokenizer.ggml.eos_token_id", count: texts.count)
        addsBOS = file.metadata["tokenizer.ggml.add_bos_token"]?.boolean
        chatTemplate = file.metadata["tokenizer.chat_template"]?.string
    }

    private static func missing(_ file: GGUFFile, _ key: String, _ expected: String) -> TokenizerError {
        TokenizerError(
            .invalid, file: file.path, field: key,
            found: file.metadata[key] == nil ? "nothing" : "another type of value", expected: expected)
    }

    private static func token(_ file: GGUFFile, _ key: String, count: Int) throws(TokenizerError) -> UInt32? {
        guard let value = file.metadata[key] else { return nil }
        guard let id = value.integer, id >= 0, id < count else {
            throw TokenizerError(
                .invalid, file: file.path, field: key, found: "\(value)", expected: "a token id below \(count)")
        }
        return UInt32(id)
    }
}

import WeightFiles

extension Vocabulary {
    /// Reads the vocabulary in the metadata of a GGUF file.
    init(_ file: GGUFFile) throws(TokenizerError) {
        switch file.metadata["tokenizer.ggml.model"]?.string {
        case "gpt2": try self.init(byteLevel: file)
        case "llama": try self.init(pieces: file)
        case let model:
            throw TokenizerError(
                .unsupported, file: file.path, field: "tokenizer.ggml.model", found: model ?? "nothing",
                expected: "gpt2 (byte-level BPE) or llama (BPE over SentencePiece's pieces)")
        }
        fieldOfTokens = "tokenizer.ggml.tokens"
        bosToken = try Self.token(file, "tokenizer.ggml.bos_token_id", count: tokens.count)
        endOfSequence = try Self.token(file, "tokenizer.ggml.eos_token_id", count: tokens.count)
        addsBOS = file.metadata["tokenizer.ggml.add_bos_token"]?.boolean ?? addsBOS
        if file.metadata["tokenizer.ggml.add_eos_token"]?.boolean == true {
            closing = endOfSequence.map { [$0] }
        }
        chatTemplate = file.metadata["tokenizer.chat_template"]?.string
    }

    private init(byteLevel file: GGUFFile) throws(TokenizerError) {
        let pre = file.metadata["tokenizer.ggml.pre"]?.string ?? "default"
        guard let rule = SplitRule(ggufName: pre) else {
            throw TokenizerError(
                .unsupported, file: file.path, field: "tokenizer.ggml.pre", found: pre,
                expected: "one of " + SplitRule.ggufNames.joined(separator: ", "))
        }
        let table = try GGUFTokenTable(file)
        guard let merges = file.metadata["tokenizer.ggml.merges"]?.strings else {
            throw GGUFTokenTable.missing(file, "tokenizer.ggml.merges", "an array of texts")
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
            file: file.path, byteLevel: table.texts, controls: table.controls, added: table.added, merges: pairs,
            rule: rule)
        if SplitRule.isLlama3(ggufName: pre), case .pairs(var merging) = model {
            merging.ignoresMerges = true
            model = .pairs(merging)
            addsBOS = true
        }
        if SplitRule.composes(ggufName: pre) { normalizer = .composed }
    }

    private init(pieces file: GGUFFile) throws(TokenizerError) {
        let table = try GGUFTokenTable(file)
        guard let scores = file.metadata["tokenizer.ggml.scores"]?.numbers else {
            throw GGUFTokenTable.missing(file, "tokenizer.ggml.scores", "an array of numbers")
        }
        guard scores.count == table.texts.count, scores.allSatisfy({ !$0.isNaN }) else {
            throw TokenizerError(
                .invalid, file: file.path, field: "tokenizer.ggml.scores",
                found: scores.count == table.texts.count ? "NaN" : "\(scores.count) entries",
                expected: "\(table.texts.count) numbers, one for each token")
        }
        try self.init(
            file: file.path, pieces: table.texts, bytePieces: table.bytes, controls: table.controls, added: table.added,
            merges: .scored(scores))
        let unknown = try Self.token(file, "tokenizer.ggml.unknown_token_id", count: tokens.count)
        if case .pairs(var merging) = model, let unknown {
            merging.unknown = .token(unknown, fused: true)
            model = .pairs(merging)
        }
        // The default of llama.cpp if the file does not say.
        addsBOS = true
        if file.metadata["tokenizer.ggml.add_space_prefix"]?.boolean ?? true {
            normalizer = .pieces(.always)
            dropsFirstSpace = true
        }
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

import JSONText

extension Vocabulary {
    /// Reads the vocabulary of a Hugging Face `tokenizer.json`, and what `tokenizer_config.json` beside it adds.
    init(jsonAt path: String) throws(TokenizerError) {
        let file = try JSONFile(path: path)
        let table = try JSONTokenTable(file)
        let kind = file.root["model"]?["type"]?.string ?? "BPE"
        switch kind {
        case "BPE" where TextProcessing.isByteLevel(file): try self.init(byteLevel: file, table)
        case "BPE": try self.init(pieces: file, table)
        case "WordPiece": try self.init(words: file, table)
        default: throw file.failure("model.type", kind, "BPE or WordPiece", .unsupported)
        }
        fieldOfTokens = "model.vocab"
        try readSettings(beside: file, tokens: table.texts)
    }

    private init(byteLevel file: JSONFile, _ table: JSONTokenTable) throws(TokenizerError) {
        let written = file.root["model"]
        if written?["byte_fallback"]?.boolean == true {
            throw file.failure("model.byte_fallback", "true", "false (byte-level BPE)", .unsupported)
        }
        try self.init(
            file: file.path, byteLevel: table.texts, controls: table.controls, added: table.added,
            merges: try Self.merges(of: file), rule: try TextProcessing.rule(of: file))
        normalizer = try TextProcessing.composes(file) ? .composed : .none
        try readMerging(file, table)
    }

    private init(pieces file: JSONFile, _ table: JSONTokenTable) throws(TokenizerError) {
        let normalizer = try TextProcessing.prefix(of: file)
        let falls = file.root["model"]?["byte_fallback"]?.boolean ?? false
        let bytes = table.texts.indices.filter { falls && SentencePieces.byte(of: table.texts[$0]) != nil }
        try self.init(
            file: file.path, pieces: table.texts, bytePieces: Set(bytes.map { UInt32(truncatingIfNeeded: $0) }),
            controls: table.controls, added: table.added, merges: .listed(try Self.merges(of: file)))
        self.normalizer = normalizer
        dropsFirstSpace = TextProcessing.dropsFirstSpace(file)
        try readMerging(file, table)
    }

    private mutating func readMerging(_ file: JSONFile, _ table: JSONTokenTable) throws(TokenizerError) {
        guard case .pairs(var merging) = model else { return }
        let written = file.root["model"]
        for key in ["continuing_subword_prefix", "end_of_word_suffix"] {
            if let affix = written?[key]?.string, !affix.isEmpty {
                throw file.failure("model.\(key)", affix, "none", .unsupported)
            }
        }
        merging.ignoresMerges = written?["ignore_merges"]?.boolean ?? false
        if merging.ignoresMerges, case .joins = merging.splitting {
            merging.splitting = .joins(JoinTable(joinsAll: true))
        }
        if let unknown = written?["unk_token"]?.string {
            guard let token = table.token(unknown) else {
                throw file.failure("model.unk_token", unknown, "a token of the vocabulary")
            }
            merging.unknown = .token(token, fused: written?["fuse_unk"]?.boolean ?? false)
        }
        model = .pairs(merging)
    }

    private static func merges(of file: JSONFile) throws(TokenizerError) -> [(left: Substring, right: Substring)] {
        guard let written = file.root["model"]?["merges"]?.array else {
            throw file.failure("model.merges", "nothing", "an array")
        }
        var pairs = [(left: Substring, right: Substring)]()
        pairs.reserveCapacity(written.count)
        for (rank, merge) in written.enumerated() {
            if let text = merge.string, let pair = pair(of: text) {
                pairs.append(pair)
            } else if let parts = merge.array, parts.count == 2, let left = parts[0].string, let right = parts[1].string
            {
                pairs.append((left[...], right[...]))
            } else {
                throw file.failure(
                    "model.merges[\(rank)]", merge.string ?? "no text", "two tokens with a space between")
            }
        }
        return pairs
    }

    /// The two sides of a merge written with a space between.
    static func pair(of merge: String) -> (left: Substring, right: Substring)? {
        guard let space = merge.utf8.dropFirst().firstIndex(of: 0x20) else { return nil }
        return (merge[..<space], merge[merge.utf8.index(after: space)...])
    }
}

import WeightFiles

extension Vocabulary {
    /// Reads the vocabulary of a Hugging Face `tokenizer.json`, and what `tokenizer_config.json` beside it adds.
    init(jsonAt path: String) throws(TokenizerError) {
        let file = try JSONFile(path: path)
        let model = file.root["model"]
        try Self.checkKind(of: model, in: file)
        let (texts, controls, literals) = try Self.tokens(of: model, in: file)
        guard let written = model?["merges"]?.array else { throw file.failure("model.merges", "nothing", "an array") }
        var pairs = [(left: Substring, right: Substring)]()
        pairs.reserveCapacity(written.count)
        for (rank, merge) in written.enumerated() {
            if let text = merge.string, let pair = Self.pair(of: text) {
                pairs.append(pair)
            } else if let parts = merge.array, parts.count == 2, let left = parts[0].string, let right = parts[1].string
            {
                pairs.append((left[...], right[...]))
            } else {
                throw file.failure(
                    "model.merges[\(rank)]", merge.string ?? "no text", "two tokens with a space between")
            }
        }
        try self.init(
            file: path, tokens: texts, controls: controls, literals: literals, merges: pairs,
            rule: try Self.rule(of: file))
        ignoresMerges = model?["ignore_merges"]?.boolean ?? false
        normalizes = try Self.normalizes(file)
        if let unknown = model?["unk_token"]?.string {
            guard let token = texts.lastIndex(of: unknown) else {
                throw file.failure("model.unk_token", unknown, "a token of the vocabulary")
            }
            unknownByte = .token(UInt32(truncatingIfNeeded: token), fused: model?["fuse_unk"]?.boolean ?? false)
        }
        try readSettings(beside: file, tokens: texts)
    }

    /// The two sides of a merge written with a space between.
    static func pair(of merge: String) -> (left: Substring, right: Substring)? {
        guard let space = merge.utf8.dropFirst().firstIndex(of: 0x20) else { return nil }
        return (merge[..<space], merge[merge.utf8.index(after: space)...])
    }

    private static func checkKind(of model: JSONValue?, in file: JSONFile) throws(TokenizerError) {
        let kind = model?["type"]?.string ?? "BPE"
        guard kind == "BPE" else { throw file.failure("model.type", kind, "BPE", .unsupported) }
        for key in ["continuing_subword_prefix", "end_of_word_suffix"] {
            if let affix = model?[key]?.string, !affix.isEmpty {
                throw file.failure("model.\(key)", affix, "none (byte-level BPE)", .unsupported)
            }
        }
        if model?["byte_fallback"]?.boolean == true {
            throw file.failure("model.byte_fallback", "true", "false (byte-level BPE)", .unsupported)
        }
    }

    private static func tokens(
        of model: JSONValue?, in file: JSONFile
    ) throws(TokenizerError) -> (texts: [String], controls: Set<UInt32>, literals: Set<UInt32>) {
        guard let vocabulary = model?["vocab"]?.object else {
            throw file.failure("model.vocab", "nothing", "an object")
        }
        let added = file.root["added_tokens"]?.array ?? []
        // Ids may have gaps, but a small file must not ask for a large table.
        let limit = 2 * (vocabulary.count + added.count) + 1024
        var texts = [String]()
        func place(_ text: String, _ id: Int?, _ field: String) throws(TokenizerError) -> UInt32 {
            guard let id, id >= 0, id < limit else {
                throw file.failure(field, id.map(String.init) ?? "no integer", "an id below \(limit)")
            }
            if id >= texts.count { texts += [String](repeating: "", count: id + 1 - texts.count) }
            texts[id] = text
            return UInt32(truncatingIfNeeded: id)
        }
        texts.reserveCapacity(vocabulary.count + added.count)
        for (text, id) in vocabulary { _ = try place(text, id.integer, "model.vocab[\(text)]") }
        var controls = Set<UInt32>()
        var literals = Set<UInt32>()
        for (index, token) in added.enumerated() {
            let field = "added_tokens[\(index)]"
            guard let content = token["content"]?.string else {
                throw file.failure(field + ".content", "no text", "a text")
            }
            for flag in ["single_word", "lstrip", "rstrip"] where token[flag]?.boolean == true {
                throw file.failure("\(field).\(flag)", "true", "false", .unsupported)
            }
            let id = try place(content, token["id"]?.integer, field + ".id")
            if token["special"]?.boolean == true { controls.insert(id) } else { literals.insert(id) }
        }
        return (texts, controls, literals)
    }

    private static func rule(of file: JSONFile) throws(TokenizerError) -> SplitRule {
        let written = file.root["pre_tokenizer"]
        let parts = written?["pretokenizers"]?.array ?? written.map { [$0] } ?? []
        let names = parts.map { $0["type"]?.string ?? "?" }
        func failure(_ found: String) -> TokenizerError {
            file.failure(
                "pre_tokenizer", found, "ByteLevel, Digits and ByteLevel, or Split and ByteLevel of a known expression",
                .unsupported)
        }
        guard let bytes = parts.last, names.last == "ByteLevel", parts.count <= 2 else {
            throw failure(names.joined(separator: ", "))
        }
        guard bytes["add_prefix_space"]?.boolean != true else { throw failure("add_prefix_space") }
        let splitsWords = bytes["use_regex"]?.boolean ?? true
        switch names.first {
        case "ByteLevel" where splitsWords && parts.count == 1: return .gpt2
        case "Digits" where splitsWords && parts[0]["individual_digits"]?.boolean == true: return .isolatedDigits
        case "Split" where !splitsWords:
            let expression = parts[0]["pattern"]?["Regex"]?.string ?? ""
            guard let rule = SplitRule(expression: expression), parts[0]["behavior"]?.string == "Isolated",
                parts[0]["invert"]?.boolean != true
            else { throw failure("Split by \(expression)") }
            return rule
        default: throw failure(names.joined(separator: ", "))
        }
    }

    private static func normalizes(_ file: JSONFile) throws(TokenizerError) -> Bool {
        guard let normalizer = file.root["normalizer"], let kind = normalizer["type"]?.string else { return false }
        let parts = normalizer["normalizers"]?.array ?? [normalizer]
        guard parts.allSatisfy({ $0["type"]?.string == "NFC" }) else {
            throw file.failure("normalizer", kind, "NFC or none", .unsupported)
        }
        return !parts.isEmpty
    }
}

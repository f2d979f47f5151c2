import JSONText

/// Interprets the `normalizer`, `pre_tokenizer` and `decoder` of a `tokenizer.json`.
enum TextProcessing {
    /// The members of a sequence, or the single value as a sequence of one; empty for no value.
    private static func parts(_ value: JSONValue?, _ key: String) -> [JSONValue] {
        guard let value, value["type"] != nil else { return [] }
        return value[key]?.array ?? [value]
    }

    private static func kind(_ part: JSONValue) -> String { part["type"]?.string ?? "?" }

    /// Whether text is turned into characters that stand for bytes.
    static func isByteLevel(_ file: JSONFile) -> Bool {
        parts(file.root["pre_tokenizer"], "pretokenizers").contains { kind($0) == "ByteLevel" }
    }

    /// How byte-level text is cut into words.
    static func rule(of file: JSONFile) throws(TokenizerError) -> SplitRule {
        let parts = parts(file.root["pre_tokenizer"], "pretokenizers")
        let names = parts.map(kind)
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
            let isInverted = parts[0]["invert"]?.boolean == true
            // Every known expression matches some of any text, so that nothing is left between matches: taking out what is not
            // matched comes to the same.
            guard let rule = SplitRule(expression: expression),
                parts[0]["behavior"]?.string == (isInverted ? "Removed" : "Isolated")
            else { throw failure("Split by \(expression)") }
            return rule
        default: throw failure(names.joined(separator: ", "))
        }
    }

    /// Whether byte-level text is brought to Normalization Form C first.
    static func composes(_ file: JSONFile) throws(TokenizerError) -> Bool {
        let parts = parts(file.root["normalizer"], "normalizers")
        if let other = parts.first(where: { kind($0) != "NFC" }) {
            throw file.failure("normalizer", kind(other), "NFC or none", .unsupported)
        }
        return !parts.isEmpty
    }

    /// How text over pieces is rewritten: `▁` for spaces goes without saying, and maybe one before it.
    static func prefix(of file: JSONFile) throws(TokenizerError) -> TextNormalizer {
        var prefix: TextNormalizer.Prefix?
        var replacesSpaces = false
        for part in parts(file.root["normalizer"], "normalizers") {
            switch kind(part) {
            case "Prepend" where part["prepend"]?.string == "\u{2581}": prefix = .always
            case "Replace" where part["pattern"]?["String"]?.string == " " && part["content"]?.string == "\u{2581}":
                replacesSpaces = true
            case let other:
                throw file.failure("normalizer", other, "Prepend of ▁, Replace of a space by ▁, or none", .unsupported)
            }
        }
        for part in parts(file.root["pre_tokenizer"], "pretokenizers") {
            switch kind(part) {
            case "Metaspace" where part["replacement"]?.string == "\u{2581}" && part["split"]?.boolean == false:
                replacesSpaces = true
                switch part["prepend_scheme"]?.string {
                case "first": prefix = .firstUnlessThere
                case "never": break
                default: prefix = .unlessThere
                }
            // After spaces have been replaced there are none to split at.
            case "Split" where replacesSpaces && part["pattern"]?["String"]?.string == " ": break
            case let other: throw unknownPreTokenizer(file, other)
            }
        }
        guard replacesSpaces else { throw unknownPreTokenizer(file, "none") }
        return .pieces(prefix)
    }

    private static func unknownPreTokenizer(_ file: JSONFile, _ found: String) -> TokenizerError {
        file.failure(
            "pre_tokenizer", found, "ByteLevel, Metaspace of ▁ without split, or none behind a Replace of a space by ▁",
            .unsupported)
    }

    /// Whether decoding drops the space that text starts with.
    static func dropsFirstSpace(_ file: JSONFile) -> Bool {
        parts(file.root["decoder"], "decoders").contains { part in
            switch kind(part) {
            case "Strip": part["content"]?.string == " " && (part["start"]?.integer ?? 0) > 0
            case "Metaspace": part["prepend_scheme"]?.string != "never" && part["add_prefix_space"]?.boolean != false
            default: false
            }
        }
    }

    /// How text is rewritten for WordPiece.
    static func bert(of file: JSONFile) throws(TokenizerError) -> TextNormalizer {
        let words = parts(file.root["pre_tokenizer"], "pretokenizers")
        guard words.map(kind) == ["BertPreTokenizer"] else {
            throw file.failure(
                "pre_tokenizer", words.map(kind).joined(separator: ", "), "BertPreTokenizer", .unsupported)
        }
        let normalizers = parts(file.root["normalizer"], "normalizers")
        guard let normalizer = normalizers.first else { return .none }
        guard normalizers.map(kind) == ["BertNormalizer"] else {
            throw file.failure(
                "normalizer", normalizers.map(kind).joined(separator: ", "), "BertNormalizer", .unsupported)
        }
        let lowercases = normalizer["lowercase"]?.boolean ?? true
        return .bert(
            BertNormalizer(
                cleansText: normalizer["clean_text"]?.boolean ?? true,
                isolatesIdeographs: normalizer["handle_chinese_chars"]?.boolean ?? true,
                stripsAccents: normalizer["strip_accents"]?.boolean ?? lowercases, lowercases: lowercases))
    }
}

/// How text is cut into words before pairs are merged; merges never cross words.
///
/// Each rule equals regular expressions that the reference applies.
enum SplitRule: Sendable, CaseIterable {
    /// `'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+`
    case gpt2
    /// First every `\p{N}` by itself, then the rule of GPT-2 over each stretch between.
    case isolatedDigits
    /// `(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+`
    case llama3
    /// The same with `\p{N}` for `\p{N}{1,3}`.
    case qwen2
    /// The rule of GPT-4o: with `U` for `[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]` and `W` for `[\p{Ll}\p{Lm}\p{Lo}\p{M}]`
    /// `[^\r\n\p{L}\p{N}]?U*W+(?i:'s|'t|'re|'ve|'m|'ll|'d)?|[^\r\n\p{L}\p{N}]?U+W*(?i:'s|…)?|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+`
    case gpt4o

    /// The meaning of each value of `tokenizer.ggml.pre`, by the table of llama.cpp.
    private static let rulesByGGUFName: [String: SplitRule] = [
        "default": .gpt2, "gpt-2": .gpt2, "gpt2": .gpt2, "phi-2": .gpt2, "mpt": .gpt2, "olmo": .gpt2, "gpt-neox": .gpt2,
        "jina-es": .gpt2, "jina-de": .gpt2, "jina-v2-es": .gpt2, "jina-v2-de": .gpt2,
        // The reference (transformers) reads SmolLM's vocabulary from GGUF by the rule of GPT-2, whereas the tokenizer.json that the
        // model was trained with isolates digits. The two differ only in white space before numbers and in wide number signs.
        "smollm": .gpt2,
        "starcoder": .isolatedDigits, "refact": .isolatedDigits, "command-r": .isolatedDigits,
        "codeshell": .isolatedDigits, "exaone": .isolatedDigits,
        "llama-bpe": .llama3, "llama3": .llama3, "llama-v3": .llama3, "dbrx": .llama3, "smaug-bpe": .llama3,
        "glm4": .llama3, "chatglm-bpe": .llama3,
        "gpt-4o": .gpt4o, "llama4": .gpt4o,
        "qwen2": .qwen2, "deepseek-r1-qwen": .qwen2, "stablelm2": .qwen2,
    ]

    /// The values of `tokenizer.ggml.pre` that are known.
    static var ggufNames: [String] { rulesByGGUFName.keys.sorted() }

    /// The rule that a GGUF file means by `tokenizer.ggml.pre`; `nil` for one not known here.
    init?(ggufName: String) {
        guard let rule = Self.rulesByGGUFName[ggufName] else { return nil }
        self = rule
    }

    /// Whether the models of a `tokenizer.ggml.pre` bring text to Normalization Form C, which a GGUF file does not say.
    static func composes(ggufName: String) -> Bool {
        ["qwen2", "deepseek-r1-qwen", "stablelm2", "gpt-neox"].contains(ggufName)
    }

    /// Whether a `tokenizer.ggml.pre` is that of Llama 3, which takes a word whole if it is a token.
    ///
    /// Such a model also asks for a BOS unless the file says otherwise.
    static func isLlama3(ggufName: String) -> Bool { ["llama-bpe", "llama3", "llama-v3"].contains(ggufName) }

    /// The rule that a `Split` pre-tokenizer's regular expression means; `nil` for one not known here.
    init?(expression: String) {
        switch expression {
        case Self.gpt2Expression: self = .gpt2
        case Self.llama3Expression: self = .llama3
        case Self.llama3Expression.replacing("\\p{N}{1,3}", with: "\\p{N}"): self = .qwen2
        case Self.gpt4oExpression: self = .gpt4o
        default: return nil
        }
    }

    private static var gpt4oExpression: String {
        let (upper, lower) = (#"[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]"#, #"[\p{Ll}\p{Lm}\p{Lo}\p{M}]"#)
        let (before, after) = (#"[^\r\n\p{L}\p{N}]?"#, "(?i:'s|'t|'re|'ve|'m|'ll|'d)?")
        return "\(before)\(upper)*\(lower)+\(after)|\(before)\(upper)+\(lower)*\(after)"
            + #"|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+"#
    }

    private static let gpt2Expression =
        #"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"#

    private static let llama3Expression =
        #"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"#
}

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

    /// The values of `tokenizer.ggml.pre` that are known.
    static let ggufNames = ["gpt-2", "default", "smollm", "llama-bpe", "llama3", "llama-v3", "qwen2"]

    /// The rule that a GGUF file means by `tokenizer.ggml.pre`; `nil` for one not known here.
    init?(ggufName: String) {
        switch ggufName {
        case "gpt-2", "default": self = .gpt2
        // The reference (transformers) reads SmolLM's vocabulary from GGUF by the rule of GPT-2, whereas the tokenizer.json that the
        // model was trained with isolates digits. The two differ only in white space before numbers and in wide number signs.
        case "smollm": self = .gpt2
        case "llama-bpe", "llama3", "llama-v3": self = .llama3
        case "qwen2": self = .qwen2
        default: return nil
        }
    }

    /// The rule that a `Split` pre-tokenizer's regular expression means; `nil` for one not known here.
    init?(expression: String) {
        switch expression {
        case Self.gpt2Expression: self = .gpt2
        case Self.llama3Expression: self = .llama3
        case Self.llama3Expression.replacing("\\p{N}{1,3}", with: "\\p{N}"): self = .qwen2
        default: return nil
        }
    }

    private static let gpt2Expression =
        #"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"#

    private static let llama3Expression =
        #"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"#
}

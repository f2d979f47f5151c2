import Foundation
import TestSupport
import WeightFiles

@testable import Tokenization

/// A byte-level vocabulary small enough to write down: bytes, merges, then control tokens and literals.
struct TinyVocabulary {
    var merges: [(left: String, right: String)] = []
    var controls = ["<|endoftext|>", "<|im_start|>", "<|im_end|>"]
    var literals: [String] = []
    var rule = "gpt-2"
    var template: String?

    /// The 256 characters of bytes, by byte.
    static let alphabet: [String] = {
        var alphabet = [String](repeating: "", count: 256)
        for value in 0x21...0x143 as ClosedRange<UInt32> {
            guard let scalar = Unicode.Scalar(value), let byte = ByteAlphabet.byte(of: scalar) else { continue }
            alphabet[Int(byte)] = String(scalar)
        }
        return alphabet
    }()

    /// Control tokens first, as in SmolLM2, then bytes, then what merges give, then literals.
    var tokens: [String] {
        var tokens = controls + Self.alphabet
        for merge in merges where !tokens.contains(merge.left + merge.right) { tokens.append(merge.left + merge.right) }
        return tokens + literals
    }

    /// Learns merges as BPE does: the most frequent pair of adjacent symbols, again and again.
    static func trained(on text: String, merges count: Int) -> TinyVocabulary {
        var words = text.split(separator: " ").map { ("Ġ" + $0).map(String.init) }
        var vocabulary = TinyVocabulary()
        for _ in 0..<count {
            var counts: [[String]: Int] = [:]
            for word in words { for pair in zip(word, word.dropFirst()) { counts[[pair.0, pair.1], default: 0] += 1 } }
            guard let best = counts.max(by: { ($0.value, $1.key.joined()) < ($1.value, $0.key.joined()) }) else {
                break
            }
            vocabulary.merges.append((best.key[0], best.key[1]))
            words = words.map { NaiveBPE.merged($0, best.key[0], best.key[1]) }
        }
        return vocabulary
    }

    static let sample = trained(
        on: "the cat that sat then thanked them there other then ran and the hat that the cat had had a heart",
        merges: 30)

    /// The bytes of a GGUF file of version 3.
    var gguf: [UInt8] {
        var entries: [(String, [UInt8])] = [
            ("tokenizer.ggml.model", string("gpt2")), ("tokenizer.ggml.pre", string(rule)),
            ("tokenizer.ggml.tokens", strings(tokens)),
            ("tokenizer.ggml.merges", strings(merges.map { $0.left + " " + $0.right })),
            ("tokenizer.ggml.token_type", types),
            ("tokenizer.ggml.bos_token_id", little(4 as UInt32) + little(1 as UInt32)),
            ("tokenizer.ggml.eos_token_id", little(4 as UInt32) + little(2 as UInt32)),
            ("tokenizer.ggml.add_bos_token", little(7 as UInt32) + [0]),
        ]
        if let template { entries.append(("tokenizer.chat_template", string(template))) }
        let head = Array("GGUF".utf8) + little(3 as UInt32) + little(0 as UInt64) + little(UInt64(entries.count))
        return entries.reduce(head) { $0 + text($1.0) + $1.1 }
    }

    private var types: [UInt8] {
        let literal = Set(literals)
        let control = Set(controls)
        return little(9 as UInt32) + little(5 as UInt32) + little(UInt64(tokens.count))
            + tokens.flatMap { little(Int32(control.contains($0) ? 3 : literal.contains($0) ? 4 : 1)) }
    }

    private func text(_ text: String) -> [UInt8] { little(UInt64(text.utf8.count)) + Array(text.utf8) }

    private func string(_ value: String) -> [UInt8] { little(8 as UInt32) + text(value) }

    private func strings(_ values: [String]) -> [UInt8] {
        little(9 as UInt32) + little(8 as UInt32) + little(UInt64(values.count)) + values.flatMap { text($0) }
    }

    private func little(_ value: some FixedWidthInteger) -> [UInt8] {
        withUnsafeBytes(of: value.littleEndian) { Array($0) }
    }

    /// The members of a `tokenizer.json`; a test may change them before it writes them.
    var json: [String: Any] {
        let tokens = tokens
        let special = Set(controls)
        let added = tokens.enumerated().filter { special.contains($0.element) || literals.contains($0.element) }
        return [
            "model": [
                "type": "BPE", "unk_token": NSNull(), "ignore_merges": false,
                "vocab": Dictionary(tokens.enumerated().map { ($0.element, $0.offset) }, uniquingKeysWith: { $1 }),
                "merges": merges.map { $0.left + " " + $0.right },
            ] as [String: Any],
            "added_tokens": added.map { entry -> [String: Any] in
                [
                    "id": entry.offset, "content": entry.element, "special": special.contains(entry.element),
                    "single_word": false, "lstrip": false, "rstrip": false, "normalized": false,
                ]
            },
            "normalizer": NSNull(),
            "pre_tokenizer": ["type": "ByteLevel", "add_prefix_space": false, "use_regex": true] as [String: Any],
        ]
    }

    var tokenizer: Tokenizer {
        get throws { try TemporaryFolder(["model.gguf": gguf]).load("model.gguf") }
    }
}

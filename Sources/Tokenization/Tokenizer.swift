public import Elements
import Synchronization

/// A byte-level BPE tokenizer, as GPT-2's, SmolLM's, Llama 3's and Qwen 2's.
///
/// Encoding may go on in any number of threads at once: each call takes a word cache from a pool and puts it back.
public final class Tokenizer: TextTokenizer {
    private let vocabulary: Vocabulary
    private let literals: TokenFinder
    private let controlsAndLiterals: TokenFinder
    private let controlsByText: [[UInt8]: UInt32]
    private let idle = Mutex<[WordEncoder]>([])

    init(_ vocabulary: Vocabulary) {
        self.vocabulary = vocabulary
        literals = TokenFinder(vocabulary.literals, of: vocabulary.tokens)
        controlsAndLiterals = TokenFinder(vocabulary.literals.union(vocabulary.controls), of: vocabulary.tokens)
        controlsByText = Dictionary(
            vocabulary.controls.sorted().map { (Array(vocabulary.tokens[$0]), $0) }, uniquingKeysWith: { $1 })
    }

    /// The number of token ids.
    public var count: Int { vocabulary.tokens.count }

    /// The token before the first of a document, where the file names one.
    public var bosToken: UInt32? { vocabulary.bosToken }

    /// Whether the file asks for a BOS before a document; `nil` where it does not say.
    public var addsBOS: Bool? { vocabulary.addsBOS }

    /// The token that ends a text or turn, where the file names one.
    public var endOfSequence: UInt32? { vocabulary.endOfSequence }

    /// The Jinja template of chats, where the file has one.
    public var chatTemplate: String? { vocabulary.chatTemplate }

    /// The bytes that a token stands for; a control token's are its text, such as `<|im_start|>`.
    public func bytes(of token: UInt32) -> [UInt8] { Array(vocabulary.tokens[token]) }

    /// Whether the token is a control token, not text.
    public func isSpecial(_ token: UInt32) -> Bool { vocabulary.controls.contains(token) }

    /// The id of a control token by its exact text; `nil` where there is none.
    public func specialToken(_ text: String) -> UInt32? { controlsByText[Array(text.utf8)] }

    /// The token ids of a text; control tokens written in it are read as plain text.
    ///
    /// As in the reference, a byte for which the vocabulary has neither a token nor an unknown token is left out.
    public func encode(_ text: String) -> [UInt32] { encode(text, cuttingOut: literals) }

    /// The token ids of a text; control tokens written in it become those tokens: for trusted text only.
    public func encodeWithSpecialTokens(_ text: String) -> [UInt32] { encode(text, cuttingOut: controlsAndLiterals) }

    /// The token ids of UTF-8 text; bytes that are not UTF-8 are kept as they are.
    public func encode(bytes: UnsafeBufferPointer<UInt8>) -> [UInt32] { encode(bytes: bytes, cuttingOut: literals) }

    private func encode(_ text: String, cuttingOut finder: TokenFinder) -> [UInt32] {
        var text = text
        return text.withUTF8 { encode(bytes: $0, cuttingOut: finder) }
    }

    private func encode(bytes: UnsafeBufferPointer<UInt8>, cuttingOut finder: TokenFinder) -> [UInt32] {
        var encoder = idle.withLock { $0.popLast() } ?? WordEncoder()
        var tokens = [UInt32]()
        tokens.reserveCapacity(bytes.count / 3 + 8)
        encoder.append(bytes, of: vocabulary, cuttingOut: finder, to: &tokens)
        idle.withLock { [encoder = consume encoder] in $0.append(encoder) }
        return tokens
    }
}

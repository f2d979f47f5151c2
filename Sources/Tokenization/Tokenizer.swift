public import Elements
import Synchronization

/// A tokenizer: byte-level BPE (GPT-2, SmolLM, Llama 3, Qwen 2), BPE over SentencePiece's pieces (Gemma, Llama 2, Mistral) or
/// WordPiece (BERT).
///
/// Encoding may go on in any number of threads at once: each call takes a word cache from a pool and puts it back.
public final class Tokenizer: TextTokenizer {
    let vocabulary: Vocabulary
    private let literals: AddedTokens
    private let controlsAndLiterals: AddedTokens
    private let controlsByText: [[UInt8]: UInt32]
    private let idle = Mutex<[WordEncoder]>([])

    init(_ vocabulary: Vocabulary) {
        self.vocabulary = vocabulary
        literals = AddedTokens(vocabulary.added, normalizer: vocabulary.normalizer, withControls: false)
        controlsAndLiterals = AddedTokens(vocabulary.added, normalizer: vocabulary.normalizer, withControls: true)
        controlsByText = Dictionary(
            vocabulary.controls.sorted().map { (Array(vocabulary.tokens[$0]), $0) }, uniquingKeysWith: { $1 })
    }

    /// The number of token ids.
    public var count: Int { vocabulary.tokens.count }

    /// The token before the first of a document, if the file names one.
    public var bosToken: UInt32? { vocabulary.bosToken }

    /// Whether the file asks for a BOS before a document; `nil` if it does not say.
    public var addsBOS: Bool? { vocabulary.addsBOS }

    /// The token that ends a text or turn, if the file names one.
    public var endOfSequence: UInt32? { vocabulary.endOfSequence }

    /// The Jinja template of chats, if the file has one.
    public var chatTemplate: String? { vocabulary.chatTemplate }

    /// The bytes that a token stands for; a control token's are its text, such as `<|im_start|>`.
    ///
    /// A WordPiece token that starts a word has a space before it.
    public func bytes(of token: UInt32) -> [UInt8] { Array(vocabulary.tokens[token]) }

    /// Whether the token is a control token, not text.
    public func isSpecial(_ token: UInt32) -> Bool { vocabulary.controls.contains(token) }

    /// The id of a control token by its exact text; `nil` if there is none.
    public func specialToken(_ text: String) -> UInt32? { controlsByText[Array(text.utf8)] }

    /// The token ids of a text; control tokens written in it are read as plain text.
    ///
    /// As in the reference, a byte is left out if the vocabulary has neither a token for it nor an unknown token.
    public func encode(_ text: String) -> [UInt32] { encode(text, cuttingOut: literals) }

    /// The token ids of a text; control tokens written in it become those tokens: for trusted text only.
    public func encodeWithSpecialTokens(_ text: String) -> [UInt32] { encode(text, cuttingOut: controlsAndLiterals) }

    /// The token ids of UTF-8 text; bytes that are not UTF-8 are kept as they are, unless a normalizer drops them.
    public func encode(bytes: UnsafeBufferPointer<UInt8>) -> [UInt32] { encode(bytes: bytes, cuttingOut: literals) }

    /// The token ids of a text that follows other tokens unless it is the first.
    func encode(_ text: String, isFirst: Bool) -> [UInt32] { encode(text, cuttingOut: literals, isFirst: isFirst) }

    private func encode(_ text: String, cuttingOut added: AddedTokens, isFirst: Bool = true) -> [UInt32] {
        var text = text
        return text.withUTF8 { encode(bytes: $0, cuttingOut: added, isFirst: isFirst) }
    }

    private func encode(
        bytes: UnsafeBufferPointer<UInt8>, cuttingOut added: AddedTokens, isFirst: Bool = true
    ) -> [UInt32] {
        var encoder = idle.withLock { $0.popLast() } ?? WordEncoder()
        var tokens = [UInt32]()
        tokens.reserveCapacity(bytes.count / 3 + 8)
        encoder.append(bytes, isFirst: isFirst, of: vocabulary, cuttingOut: added, to: &tokens)
        idle.withLock { [encoder = consume encoder] in $0.append(encoder) }
        return tokens
    }

    /// The tokens of a text, each with the range of the text's UTF-8 that it stands for.
    ///
    /// The tokens are those of `encode`, or of `encodeWithSpecialTokens` if control tokens are to be read.
    ///
    /// The ranges tile the text but for what a normalizer drops and white space around WordPiece's words.
    public func spans(of text: String, readingSpecialTokens: Bool = false) -> [TokenSpan] {
        var text = text
        return text.withUTF8 { spans(ofBytes: $0, readingSpecialTokens: readingSpecialTokens) }
    }

    /// The same for UTF-8 text that may be invalid.
    public func spans(
        ofBytes bytes: UnsafeBufferPointer<UInt8>, readingSpecialTokens: Bool = false
    ) -> [TokenSpan] {
        var encoder = SpanEncoder(vocabulary, cuttingOut: readingSpecialTokens ? controlsAndLiterals : literals)
        encoder.append(bytes)
        return encoder.spans
    }
}

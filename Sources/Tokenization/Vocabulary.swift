/// Everything that a tokenizer file says, whatever its format; `Tokenizer` is made from it.
struct Vocabulary: Sendable {
    /// How words become tokens.
    enum Model: Sendable {
        case pairs(PairMerging)
        case pieces(WordPieces)
    }

    /// The path of the file, for errors.
    let file: String
    /// The bytes that each token stands for.
    let tokens: TokenBytes
    /// How words become tokens.
    var model: Model
    /// Control tokens: read in text only if asked for.
    let controls: Set<UInt32>
    /// Tokens that are cut out of text before all else, control tokens among them.
    var added: [AddedToken]
    /// How text between added tokens is rewritten.
    var normalizer = TextNormalizer.none
    /// The control tokens that the file puts before a single text; `nil` if it does not say.
    var opening: [UInt32]?
    /// The control tokens that the file puts after a single text; `nil` if it does not say.
    var closing: [UInt32]?
    /// The token before the first of a document.
    var bosToken: UInt32?
    /// Whether the file asks for it.
    var addsBOS: Bool?
    /// The token after the last of a text or turn.
    var endOfSequence: UInt32?
    /// The Jinja template of chats.
    var chatTemplate: String?
    /// Whether decoding drops the space that text starts with, since it was put there by encoding.
    var dropsFirstSpace = false
    /// The field that says how contexts begin, for errors.
    var fieldOfTokens = "tokens"

    /// Looks a fault up in the file.
    func failure(_ field: String, _ found: String, _ expected: String) -> TokenizerError {
        TokenizerError(.invalid, file: file, field: field, found: found, expected: expected)
    }
}

/// Shows token ids as text.
public protocol TokenDecoder: Sendable {
    /// The number of token ids.
    var count: Int { get }
    /// The bytes that a token stands for; empty for an id out of range or a token without text.
    func bytes(of token: UInt32) -> [UInt8]
    /// Whether the token is a control token (BOS, chat marks), not text.
    func isSpecial(_ token: UInt32) -> Bool
}

extension TokenDecoder {
    /// The text of some tokens; bytes that are not UTF-8 are shown as U+FFFD.
    public func text(of tokens: some Sequence<UInt32>) -> String {
        String(decoding: tokens.flatMap { bytes(of: $0) }, as: UTF8.self)
    }
}

/// Turns text into token ids and back.
public protocol TextTokenizer: TokenDecoder {
    /// The token ids of a text; control tokens written in it are read as plain text.
    func encode(_ text: String) -> [UInt32]
    /// The id of a control token by its exact text, such as `<|im_start|>`; `nil` if there is none.
    func specialToken(_ text: String) -> UInt32?
}

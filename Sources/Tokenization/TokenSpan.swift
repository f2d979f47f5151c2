/// A token and where the text it stands for lies in the input.
public struct TokenSpan: Sendable, Hashable {
    /// The token id.
    public let token: UInt32
    /// The bytes of the input's UTF-8 that the token stands for.
    ///
    /// It is empty where the token stands for nothing of the text, as a space that is put before it. Tokens that share one character
    /// which a normalizer rewrote have the range of all of that character.
    public let range: Range<Int>

    /// Makes a span.
    public init(token: UInt32, range: Range<Int>) {
        self.token = token
        self.range = range
    }
}

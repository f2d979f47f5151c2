/// A token and the range of the input that it stands for.
public struct TokenSpan: Sendable, Hashable {
    /// The token id.
    public let token: UInt32
    /// The bytes of the input's UTF-8 that the token stands for.
    ///
    /// It is empty if the token stands for nothing in the text, such as a space that is put before it. Tokens that share
    /// one character which a normalizer rewrote have the range of that whole character.
    public let range: Range<Int>

    /// Makes a span.
    public init(token: UInt32, range: Range<Int>) {
        self.token = token
        self.range = range
    }
}

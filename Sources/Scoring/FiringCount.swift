/// How often a latent fired, over every token seen.
public struct FiringCount: Sendable, Hashable, Codable {
    /// Tokens at which it fired.
    public let tokensFired: Int
    /// All tokens.
    public let tokens: Int

    /// Makes a count.
    public init(tokensFired: Int, tokens: Int) {
        self.tokensFired = tokensFired
        self.tokens = tokens
    }
}

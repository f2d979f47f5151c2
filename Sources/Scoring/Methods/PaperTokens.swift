/// What the paper has for a method: tokens for 100 examples of one latent.
///
/// Source: G. Paulo et al., "Automatically interpreting millions of features in large language models" (2024), Table 1.
package struct PaperTokens: Sendable, Hashable {
    /// Tokens sent.
    package let tokensIn: Int
    /// Those of them that a cache of prefixes may hold.
    package let cacheable: Int?
    /// Tokens answered with; `nil` if there is no answer.
    package let tokensOut: Int?
}

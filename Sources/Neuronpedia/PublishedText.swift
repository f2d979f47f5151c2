package import Elements

/// The text of tokens as the subject has it, or their ids if no tokenizer is at hand.
package struct PublishedText: Sendable {
    private let tokenDecoder: (any TokenDecoder)?

    /// Takes a tokenizer, if there is one.
    package init(_ tokenDecoder: (any TokenDecoder)?) { self.tokenDecoder = tokenDecoder }

    /// The text of tokens that stand together.
    package func text(_ ids: [UInt32]) -> String {
        guard let tokenDecoder else { return ids.map { "[\($0)]" }.joined() }
        return tokenDecoder.text(of: ids)
    }
}

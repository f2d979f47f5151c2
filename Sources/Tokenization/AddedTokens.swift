/// The added tokens of a vocabulary, made ready to be found in text.
struct AddedTokens: Sendable {
    /// Those found in text as it is written.
    let written: TokenFinder
    /// Those found in text that has been normalized.
    let normalized: TokenFinder

    init(_ tokens: [AddedToken], normalizer: TextNormalizer, withControls: Bool) {
        let tokens = tokens.filter { withControls || !$0.isControl }
        written = TokenFinder(tokens.filter { !$0.isNormalized }.map { ($0, Array($0.content.utf8)) })
        var memory = BertNormalizer.Memory()
        normalized = TokenFinder(
            tokens.filter(\.isNormalized).map { token in
                var content = token.content
                let bytes = content.withUTF8 { text in
                    normalizer.normal(text, isFirst: true, &memory)?.bytes ?? Array(text)
                }
                return (token, bytes)
            })
    }
}

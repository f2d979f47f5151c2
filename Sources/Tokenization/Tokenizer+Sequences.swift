extension Tokenizer {
    /// The control tokens that the file puts before a single text: `<bos>`, `[CLS]` or none.
    public var tokensBeforeText: [UInt32] {
        vocabulary.opening ?? (vocabulary.addsBOS == true ? vocabulary.bosToken.map { [$0] } ?? [] : [])
    }

    /// The control tokens that the file puts after a single text: `[SEP]`, an end of sequence or none.
    public var tokensAfterText: [UInt32] { vocabulary.closing ?? [] }

    /// The ids of a text with the control tokens that the file puts around it, as an encoder model reads them.
    ///
    /// With `maximumLength` the text's own tokens are cut at the end so that all of them are no more than that, those around it
    /// included; `maximumLength` below their number gives them alone.
    public func encodeWithTokensAround(_ text: String, maximumLength: Int? = nil) -> [UInt32] {
        let before = tokensBeforeText
        let after = tokensAfterText
        var tokens = encode(text)
        if let maximumLength {
            let most = max(0, maximumLength - before.count - after.count)
            if tokens.count > most { tokens.removeLast(tokens.count - most) }
        }
        return before + tokens + after
    }

    /// The text that some tokens were made of, as far as they tell: without the space that encoding puts before a text.
    ///
    /// Bytes that are not UTF-8 are shown as U+FFFD.
    public func decode(_ tokens: some Sequence<UInt32>) -> String {
        var bytes = tokens.flatMap { vocabulary.tokens[$0] }[...]
        if vocabulary.dropsFirstSpace, bytes.first == 0x20 { bytes.removeFirst() }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Checks that each token has its row in an embedding of a number of rows.
    ///
    /// More rows than tokens are right: many models pad their embedding. Throws if there are fewer.
    public func check(vocabulary rows: Int) throws(TokenizerError) {
        guard count > rows else { return }
        throw TokenizerError(
            .invalid, file: vocabulary.file, field: vocabulary.fieldOfTokens, found: "\(count) tokens",
            expected: "at most \(rows), one for each row of the model's embedding: give the tokenizer of this model")
    }
}

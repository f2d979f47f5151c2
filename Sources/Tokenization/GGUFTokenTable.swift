import WeightFiles

/// The tokens in the metadata of a GGUF file, and of what type each is.
struct GGUFTokenTable {
    private enum TokenType {
        static let unknown = 2
        static let control = 3
        static let userDefined = 4
        static let byte = 6
    }

    /// The tokens' texts by id.
    let texts: [String]
    /// Control tokens.
    let controls: Set<UInt32>
    /// Tokens that stand for a byte.
    let bytes: Set<UInt32>
    /// Control and user-defined tokens.
    let added: [AddedToken]

    init(_ file: GGUFFile) throws(TokenizerError) {
        guard let texts = file.metadata["tokenizer.ggml.tokens"]?.strings, texts.count < Int(UInt32.max) else {
            throw Self.missing(file, "tokenizer.ggml.tokens", "an array of texts")
        }
        let types = file.metadata["tokenizer.ggml.token_type"]?.integers ?? []
        guard types.isEmpty || types.count == texts.count else {
            throw TokenizerError(
                .invalid, file: file.path, field: "tokenizer.ggml.token_type", found: "\(types.count) entries",
                expected: "\(texts.count), one for each token")
        }
        var controls = Set<UInt32>()
        var bytes = Set<UInt32>()
        var added = [AddedToken]()
        for (index, type) in types.enumerated() {
            let token = UInt32(truncatingIfNeeded: index)
            switch type {
            case TokenType.control, TokenType.unknown:
                controls.insert(token)
                added.append(AddedToken(token: token, content: texts[index], isControl: true))
            case TokenType.userDefined: added.append(AddedToken(token: token, content: texts[index]))
            case TokenType.byte: bytes.insert(token)
            default: break
            }
        }
        if types.isEmpty {
            for (index, text) in texts.enumerated() where SentencePieces.byte(of: text) != nil {
                bytes.insert(UInt32(truncatingIfNeeded: index))
            }
        }
        self.texts = texts
        self.controls = controls
        self.bytes = bytes
        self.added = added
    }

    /// The error of a field that is missing or of another type.
    static func missing(_ file: GGUFFile, _ key: String, _ expected: String) -> TokenizerError {
        TokenizerError(
            .invalid, file: file.path, field: key,
            found: file.metadata[key] == nil ? "nothing" : "another type of value", expected: expected)
    }
}

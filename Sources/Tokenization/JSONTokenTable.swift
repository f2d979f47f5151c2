import JSONText

/// The tokens of a `tokenizer.json`: those of the model, and those added to it.
struct JSONTokenTable {
    /// The tokens' texts by id; empty if no token has the id.
    private(set) var texts: [String] = []
    /// Control tokens.
    private(set) var controls = Set<UInt32>()
    /// The added tokens.
    private(set) var added: [AddedToken] = []

    init(_ file: JSONFile) throws(TokenizerError) {
        guard let vocabulary = file.root["model"]?["vocab"]?.object else {
            throw file.failure("model.vocab", "nothing", "an object")
        }
        let written = file.root["added_tokens"]?.array ?? []
        // Ids may have gaps, but a small file must not ask for a large table.
        let limit = 2 * (vocabulary.count + written.count) + 1024
        texts.reserveCapacity(vocabulary.count + written.count)
        var taken = [Bool]()
        func place(
            _ text: String, _ id: Int?, _ field: String, replaces: Bool
        ) throws(TokenizerError) -> UInt32 {
            guard let id, id >= 0, id < limit else {
                throw file.failure(field, id.map(String.init) ?? "no integer", "an id below \(limit)")
            }
            if id >= texts.count {
                texts += [String](repeating: "", count: id + 1 - texts.count)
                taken += [Bool](repeating: false, count: id + 1 - taken.count)
            }
            if taken[id], texts[id] != text, !replaces {
                throw file.failure(field, "\(id), which is that of \(texts[id])", "an id of its own")
            }
            taken[id] = true
            texts[id] = text
            return UInt32(truncatingIfNeeded: id)
        }
        for (text, id) in vocabulary { _ = try place(text, id.integer, "model.vocab[\(text)]", replaces: false) }
        for (index, token) in written.enumerated() {
            let field = "added_tokens[\(index)]"
            guard let content = token["content"]?.string else {
                throw file.failure(field + ".content", "no text", "a text")
            }
            let id = try place(content, token["id"]?.integer, field + ".id", replaces: true)
            let isControl = token["special"]?.boolean ?? false
            if isControl { controls.insert(id) }
            added.append(
                AddedToken(
                    token: id, content: content, isControl: isControl,
                    isNormalized: token["normalized"]?.boolean ?? !isControl,
                    stripsLeft: token["lstrip"]?.boolean ?? false, stripsRight: token["rstrip"]?.boolean ?? false,
                    isWholeWord: token["single_word"]?.boolean ?? false))
        }
    }

    /// The id of a token by its text.
    func token(_ text: String) -> UInt32? {
        texts.lastIndex(of: text).map { UInt32(truncatingIfNeeded: $0) }
    }
}

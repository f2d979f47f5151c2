internal import JSONText

extension ModelFiles {
    /// Which blocks see the last tokens only: by `layer_types` if a `config.json` has it, else by `otherwise`.
    func localBlocks(_ blocks: Int, otherwise: (Int) -> Bool) throws(ModelError) -> [Bool] {
        guard case .huggingFace(let configuration, _) = settings, let types = configuration["layer_types"] else {
            return (0..<blocks).map(otherwise)
        }
        if case .null = types { return (0..<blocks).map(otherwise) }
        guard let names = types.array, names.count == blocks else {
            throw failure(
                "layer_types", found: types.array.map { "\($0.count) values" } ?? types.text,
                expected: "a kind of attention for each of the \(blocks) blocks")
        }
        var isLocal: [Bool] = []
        for (index, name) in names.enumerated() {
            switch name.string {
            case "sliding_attention": isLocal.append(true)
            case "full_attention": isLocal.append(false)
            default:
                throw failure(
                    "layer_types.\(index)", found: name.text, expected: "sliding_attention or full_attention")
            }
        }
        return isLocal
    }

    /// The attention to the last tokens only; `nil` if there is no window or no block uses it.
    func localAttention(isLocal: [Bool], rope: RotaryEmbedding?) throws(ModelError) -> LocalAttention? {
        guard let window = try integer(.slidingWindow, in: 1...(1 << 40)), isLocal.contains(true) else { return nil }
        return LocalAttention(window: window, isLocal: isLocal, rope: rope)
    }
}

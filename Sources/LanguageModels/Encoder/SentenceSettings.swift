internal import JSONText

/// The files next to `config.json` that say how a sentence becomes a vector.
enum SentenceSettings {
    /// The most tokens of a sentence: never more than there are positions.
    ///
    /// It is what `sentence_bert_config.json` says, if that is there.
    static func maximumTokens(folder: String, positions: Int) throws(ModelError) -> Int {
        try checkPooling(folder: folder)
        let file = folder + "/sentence_bert_config.json"
        guard FileSystem.exists(file) else { return positions }
        let settings = try ModelFiles.parse(try FileSystem.read(file), file: file)
        guard let length = try settings.number(path: "max_seq_length", file: file) else { return positions }
        guard let tokens = Int(exactly: length), tokens > 0 else {
            throw .setting(
                name: "max_seq_length", file: file, found: "\(length)", expected: "an integer above 0")
        }
        return min(tokens, positions)
    }

    /// Throws if `1_Pooling/config.json` is there and asks for anything but the mean of all tokens.
    private static func checkPooling(folder: String) throws(ModelError) {
        let file = folder + "/1_Pooling/config.json"
        guard FileSystem.exists(file) else { return }
        for member in try ModelFiles.parse(try FileSystem.read(file), file: file).object ?? [] {
            guard member.key.hasPrefix("pooling_mode_"), case .boolean(let isOn) = member.value else { continue }
            guard isOn == (member.key == "pooling_mode_mean_tokens") else {
                throw .setting(
                    name: member.key, file: file, found: "\(isOn)", expected: "the mean of all tokens, nothing else")
            }
        }
    }
}

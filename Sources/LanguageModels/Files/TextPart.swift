internal import JSONText

/// The text's part of a folder whose model reads images too: settings of its own within `text_config`.
enum TextPart {
    /// The models whose text's part is built, each with the name of the part if its settings do not say.
    private static let names = ["gemma3": "gemma3_text"]

    /// The settings of the text's part, and their architecture; those of the whole if it is a model of text alone.
    ///
    /// Throws if the part is missing.
    static func settings(
        of whole: JSONValue, architecture: String, file: String
    ) throws(ModelError) -> (JSONValue, architecture: String) {
        guard let name = names[architecture] else { return (whole, architecture) }
        guard let part = whole["text_config"], part.object != nil else {
            throw .setting(
                name: "text_config", file: file, found: whole["text_config"]?.text ?? "missing",
                expected: "the settings of the text's part")
        }
        return (part, part["model_type"]?.string ?? name)
    }
}

extension ModelFiles {
    /// The same files with settings that a folder may leave out.
    func completed(by defaults: [JSONValue.Member]) -> ModelFiles {
        guard case .huggingFace(let configuration, let bytes) = settings, !defaults.isEmpty else { return self }
        let members = configuration.object ?? []
        let missing = defaults.filter { configuration[$0.key] == nil }
        return with(.huggingFace(.object(members + missing), bytes))
    }
}

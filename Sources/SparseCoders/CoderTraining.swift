/// How the texts that a coder was trained on were run, as far as its files say.
public struct CoderTraining: Sendable, Hashable {
    /// The model's name, such as `google/gemma-3-4b-it` or `pythia-70m-deduped`.
    public var model: String?
    /// Whether contexts began with BOS.
    public var beginsWithBOS: Bool?
    /// The tokens of a context.
    public var contextLength: Int?
    /// The mean number of active latents of a token (L0) that they state.
    public var latentsPerToken: Double?

    /// Makes it; by default nothing is known.
    public init(
        model: String? = nil, beginsWithBOS: Bool? = nil, contextLength: Int? = nil, latentsPerToken: Double? = nil
    ) {
        self.latentsPerToken = latentsPerToken
        self.model = model
        self.beginsWithBOS = beginsWithBOS
        self.contextLength = contextLength
    }

    /// Whether a model's name can be that of the one it was trained on: one holds the other, once case and signs are left out.
    ///
    /// A name without a digit, such as that of a folder called `subject`, may be any model's.
    public func mayBe(model name: String) -> Bool {
        guard let model else { return true }
        let (trained, run) = (Self.essence(model), Self.essence(name))
        let areNames = [trained, run].allSatisfy { $0.count >= 4 && $0.contains(where: \.isNumber) }
        return !areNames || trained.contains(run) || run.contains(trained)
    }

    /// Letters and digits of a name's last part, without what says how the model is stored or trained further.
    private static func essence(_ name: String) -> String {
        let last = name.split { $0 == "/" || $0 == "\\" }.last ?? ""
        var text = String(last.lowercased().filter { $0.isLetter || $0.isNumber })
        for word in ["small", "deduped", "gguf", "base", "instruct", "hf", "pt", "it", "v3"] where text.hasSuffix(word)
        {
            text = String(text.dropLast(word.count))
        }
        return text
    }
}

/// Where rows belong in Neuronpedia: a model, and a source in it.
package struct PublishedSource: Sendable, Hashable {
    /// The subject's name there, such as `gpt2-small`.
    package let model: String
    /// The source's name there, `{layer}-{set}`, such as `6-res-jb`.
    package let name: String

    /// Names a source.
    package init(model: String, name: String) {
        self.model = model
        self.name = name
    }

    /// The set that the source belongs to: its name without the layer, if it begins with one.
    package var set: String {
        guard let dash = name.firstIndex(of: "-"), name[..<dash].allSatisfy(\.isNumber), dash != name.startIndex else {
            return name
        }
        return String(name[name.index(after: dash)...])
    }

    /// The user whose rows an instance takes for a machine's: `seed` makes it in every instance.
    package static let bot = "clkht01d40000jv08hvalcvly"
}

/// How many windows a reservoir samples of each latent.
public struct SampleSizes: Sendable, Hashable, Codable {
    /// The number in force: lower than `asked` once memory was short.
    public let inForce: Int
    /// The number that the topology asks for.
    public let asked: Int

    package init(inForce: Int, asked: Int) {
        self.inForce = inForce
        self.asked = asked
    }

    /// What a reader of figures should know of it; `nil` if the number is the one asked for.
    public var note: String? {
        guard inForce < asked else { return nil }
        return "\(inForce) windows sampled per latent, of \(asked) asked for: state.memory was short"
    }
}

/// The parts of the evidence that a counted prompt shows in front of its lines.
public struct CountedParts: OptionSet, Sendable, Hashable, Codable {
    /// The parts as bits.
    public let rawValue: Int
    /// Makes parts of bits.
    public init(rawValue: Int) { self.rawValue = rawValue }

    /// The words at which the latent fired, with counts and mean strengths.
    public static let words = CountedParts(rawValue: 1)
    /// The word that comes right before most of them.
    public static let before = CountedParts(rawValue: 2)
    /// All parts.
    public static let all: CountedParts = [.words, .before]
}

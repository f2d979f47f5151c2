/// What a topology says of a coder whose files leave it open.
public struct CoderGivens: Sendable, Hashable {
    /// The mean length of the activations that it was trained on, for coders that scale them to √d_in.
    public var averageNorm: Double?
    /// The latents kept on a token.
    public var k: Int?

    /// Makes them; by default nothing is given.
    public init(averageNorm: Double? = nil, k: Int? = nil) {
        self.averageNorm = averageNorm
        self.k = k
    }
}

public import Elements
public import Hashing
import Inference

/// What the deciles of a latent look like, and how many examples of each were shown.
public struct SamplingReport: Sendable, Hashable, Codable {
    /// One block of rank.
    public struct Decile: Sendable, Hashable, Codable {
        /// The number of windows in the uniform sample.
        public let windows: Int
        /// The smallest peak; 0 where there is no window.
        public let lowestPeak: Float
        /// The largest peak; 0 where there is no window.
        public let highestPeak: Float
        /// How many of its windows were shown.
        public let shown: Int
    }

    /// The deciles by rank; 0 holds the strongest.
    public let deciles: [Decile]

    /// Reports on a latent's uniform sample, given the identities of the windows shown.
    public init(of sample: [Example], shown: some Sequence<Hash128>) {
        let identities = Set(shown)
        deciles = RankBlocks(of: sample, count: 10).blocks.map { block in
            Decile(
                windows: block.count, lowestPeak: block.last?.peak ?? 0, highestPeak: block.first?.peak ?? 0,
                shown: block.count { identities.contains($0.window.identity) })
        }
    }
}

/// What the files that a topology names tell of its cost.
package struct TopologyFacts: Sendable {
    /// The shape of what a node gives as codes.
    package struct Coder: Sendable, Hashable {
        /// The number of latents.
        package let latents: Int
        /// The latents that are active on a token of usual text.
        package let active: Double
        /// The operations of encoding one token; 0 where the codes were computed elsewhere.
        package let encoding: Double

        /// Takes a coder's shape.
        package init(latents: Int, active: Double, encoding: Double) {
            self.latents = latents
            self.active = active
            self.encoding = encoding
        }
    }

    /// The work of a model that runs in this process.
    package struct Model: Sendable, Hashable {
        /// The operations of reading one token through all blocks.
        package let reading: Double
        /// The operations of writing one token.
        package let writing: Double

        /// Takes a model's work.
        package init(reading: Double, writing: Double) {
            self.reading = reading
            self.writing = writing
        }
    }

    /// By the node that gives the codes.
    package var coders: [String: Coder] = [:]
    /// The operations of a token's way to the deepest hookpoint, by forward node.
    package var passes: [String: Double] = [:]
    /// By the name under `models:`.
    package var models: [String: Model] = [:]
    /// The processor seconds of one job that asks no language model, by node.
    package var seconds: [String: Double] = [:]
    /// The bytes that explain and score nodes take at most on usual text; `nil` if that is not known.
    package var holding: Double?
    /// The windows sampled per latent that a reservoir is expected to have in the end, where `state.memory` allows fewer than are
    /// asked for.
    package var samples: [String: Int] = [:]
    /// How unlike each other latents are in how often they fire, by reservoir; others are assumed.
    package var rates: [String: FiringRates] = [:]

    /// Knows nothing yet.
    package init() {}
}

package import Elements
package import Evidence

/// What the files that a topology names tell of a coder's latents; its calls may read weights, so they block.
package protocol CoderKnowledge: Sendable {
    /// The coder.
    var identity: CoderIdentity { get }
    /// Whether its directions are random, so that its scores are controls.
    var isRandom: Bool { get }
    /// Gives the text of tokens; `nil` if none is at hand.
    var tokenDecoder: (any TokenDecoder)? { get }
    /// What its codes rest on, for whoever wants to make them again.
    var facts: [SheetFact] { get }
    /// When explain nodes explain its latents again, by node; none of a node that never does.
    var reexplained: [String: Reexplaining] { get }
    /// Windows that its reservoir is asked to sample of each latent; `nil` if that is not known.
    var sample: Int? { get }

    /// How much a latent's decoder row raises each token's logit, `[vocabulary]`; `nil` if the subject's head is not at hand or
    /// tells nothing of what the coder writes.
    func promotion(of latent: Int) throws -> [Float]?

    /// The latents whose decoder rows have the largest cosines with a latent's, nearest first; none without a decoder.
    func neighbours(of latent: Int, count: Int) throws -> [LatentNeighbour]
}

extension CoderKnowledge {
    package var reexplained: [String: Reexplaining] { [:] }
    package var sample: Int? { nil }
}

/// A coder of which no more is known than its name: of a state whose topology is not at hand.
package struct NamedCoder: CoderKnowledge {
    package let identity: CoderIdentity
    package let isRandom: Bool
    package var tokenDecoder: (any TokenDecoder)? { nil }
    package var facts: [SheetFact] { [] }

    /// Makes one.
    package init(identity: CoderIdentity, isRandom: Bool) {
        self.identity = identity
        self.isRandom = isRandom
    }

    package func promotion(of latent: Int) -> [Float]? { nil }
    package func neighbours(of latent: Int, count: Int) -> [LatentNeighbour] { [] }
}

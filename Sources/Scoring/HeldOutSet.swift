public import Elements

/// What a latent's explanation may be scored on, after windows known to the train side are taken out.
public struct HeldOutSet: Sendable, Hashable {
    /// Test windows in which the latent fires.
    public let positives: [Example]
    /// Pool windows without the train bit in which the latent is silent.
    public let negatives: [PoolWindow]
    /// Further negatives by tier, each to be scored apart; empty if only random ones are asked for.
    public var tiers: [NegativeTier: TierDraw]
    /// Test windows left out because the same window is held on the latent's train side.
    public let droppedByIdentity: Int
    /// Test windows left out because they share a 13-gram with a train window shown to the explainer.
    public let droppedByOverlap: Int
    /// Test windows kept although they share such a 13-gram.
    public let sharing: Int
    /// Silent windows left out because they share such a 13-gram.
    public var negativesDropped = 0
    /// Silent windows kept although they share such a 13-gram.
    public var negativesSharing = 0
    /// How often the latent had fired by then; `nil` if that is not known.
    public let firing: FiringCount?
    /// Test windows of the last two days of event time in which the latent fires, some of them among `positives`.
    public var recent: [Example] = []

    /// Makes a set.
    public init(
        positives: [Example], negatives: [PoolWindow], droppedByIdentity: Int = 0, droppedByOverlap: Int = 0,
        sharing: Int = 0, firing: FiringCount? = nil, tiers: [NegativeTier: TierDraw] = [:]
    ) {
        self.positives = positives
        self.negatives = negatives
        self.tiers = tiers
        self.droppedByIdentity = droppedByIdentity
        self.droppedByOverlap = droppedByOverlap
        self.sharing = sharing
        self.firing = firing
    }

    /// How the set was held out, without its windows.
    public var account: HeldOutAccount { account(silent: negatives.count) }

    /// The same, of a set whose negatives are so many windows of a pool.
    func account(silent: Int) -> HeldOutAccount {
        HeldOutAccount(
            kept: positives.count, droppedByIdentity: droppedByIdentity, droppedByOverlap: droppedByOverlap,
            sharing: sharing, firing: firing,
            negatives: NegativeAccount(kept: silent, droppedByOverlap: negativesDropped, sharing: negativesSharing))
    }
}

extension HeldOutSet {
    /// Throws kind `tooFewExamples` if some questions lack a class.
    func check(_ questions: [Question], latent: Int, method: String) throws(ScoringError) {
        guard questions.contains(where: \.isPositive), questions.contains(where: { !$0.isPositive }) else {
            throw ScoringError(
                .tooFewExamples,
                "latent \(latent) has \(positives.count) held-out windows in which it fires and "
                    + "\(negatives.count) in which it is silent; \(method) needs both")
        }
    }
}

public import Elements
import Statistics

/// How many test windows were kept and left out: those in which a latent fires, and silent ones.
public struct HeldOutAccount: Sendable, Hashable, Codable {
    /// Test windows kept.
    public let kept: Int
    /// Test windows left out because they are held on the train side too.
    public let droppedByIdentity: Int
    /// Test windows left out because they overlap with a train window shown.
    public let droppedByOverlap: Int
    /// Test windows kept although they overlap.
    public let sharing: Int
    /// How often the latent had fired by then; `nil` if that is not known.
    public let firing: FiringCount?
    /// The silent windows; `nil` in plans of a version that did not count them.
    public let negatives: NegativeAccount?

    /// Makes an account.
    public init(
        kept: Int, droppedByIdentity: Int = 0, droppedByOverlap: Int = 0, sharing: Int = 0, firing: FiringCount? = nil,
        negatives: NegativeAccount? = nil
    ) {
        self.kept = kept
        self.droppedByIdentity = droppedByIdentity
        self.droppedByOverlap = droppedByOverlap
        self.sharing = sharing
        self.firing = firing
        self.negatives = negatives
    }

    /// Shares of all test windows and of all tokens, by the names under which a score reports them; each with its Wilson
    /// interval.
    public var details: [String: Estimate] {
        var details = ["firing_rate": firing.flatMap { Wilson.interval(successes: $0.tokensFired, of: $0.tokens) }]
        let total = kept + droppedByIdentity + droppedByOverlap
        details["share_dropped_by_identity"] = Wilson.interval(successes: droppedByIdentity, of: total)
        details["share_dropped_by_overlap"] = Wilson.interval(successes: droppedByOverlap, of: total)
        if sharing > 0 { details["share_overlapping"] = Wilson.interval(successes: sharing, of: total) }
        if let negatives { details.merge(negatives.details) { $1 } }
        return details.compactMapValues(\.self)
    }
}

/// How many silent windows were kept and left out.
public struct NegativeAccount: Sendable, Hashable, Codable {
    /// Silent windows kept.
    public let kept: Int
    /// Silent windows left out because they overlap with a window shown.
    public let droppedByOverlap: Int
    /// Silent windows kept although they overlap.
    public let sharing: Int

    /// Makes an account.
    public init(kept: Int, droppedByOverlap: Int = 0, sharing: Int = 0) {
        self.kept = kept
        self.droppedByOverlap = droppedByOverlap
        self.sharing = sharing
    }

    /// Shares of all of them.
    fileprivate var details: [String: Estimate?] {
        let total = kept + droppedByOverlap
        var details = [
            "share_of_silent_dropped_by_overlap": Wilson.interval(successes: droppedByOverlap, of: total)
        ]
        if sharing > 0 { details["share_of_silent_overlapping"] = Wilson.interval(successes: sharing, of: total) }
        return details
    }
}

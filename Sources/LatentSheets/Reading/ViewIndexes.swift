import Elements
import Evidence
import Synchronization

/// What is made of a whole view of evidence to show its latents, kept until a later view comes.
final class ViewIndexes: Sendable {
    /// Of one view.
    struct Index: Sendable {
        let epoch: UInt64
        let tiers: NegativeTiers
        /// `nil` for more latents than are compared with each other.
        let cofiring: CofiringNeighbours?
    }

    /// The latents up to which those that fire together are looked for: all samples are read for it.
    private static let mostCompared = 1 << 16

    /// Whether a coder's latents are compared with each other.
    static func compares(_ coder: CoderIdentity) -> Bool { coder.latents <= mostCompared }

    private let known = Mutex<[String: Index]>([:])

    /// The index of an update, made when it is first asked for.
    ///
    /// Two that ask at the same time may both make it.
    func index(of update: EvidenceUpdate) -> Index {
        let coder = update.view.coder
        if let index = known.withLock({ $0[coder.name] }), index.epoch == update.epoch { return index }
        let index = Index(
            epoch: update.epoch, tiers: NegativeTiers(pool: update.view.pool),
            cofiring: Self.compares(coder) ? CofiringNeighbours(view: update.view) : nil)
        known.withLock { $0[coder.name] = index }
        return index
    }
}

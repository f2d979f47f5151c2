package import Elements
package import Evidence
import Records
package import Running
package import Shuffle
package import Store

/// The owner of a reservoir: made on its own thread and never used on another.
package final class ReservoirWorker {
    package var reservoir: Reservoir
    /// Segments on disk since the last base.
    package var segmentCount: Int
    /// Whether the segments on disk name days that have not begun, so that a whole one has to take their place.
    package var mustFold: Bool
    /// The epoch of the latest segment that was restored; `nil` if there were none.
    let restored: UInt64?
    /// What has been told of the corpus, if other processes read it; `nil` if it is read here.
    package var shares: ShardMerge?
    /// Segments of that on disk since the last base.
    var ledgerSegments = 0
    /// What the samples may take; `nil` for no bound.
    package var budget: SampleBudget?
    private var tokensAtCheck: UInt64 = 0
    /// By latent, the tokens at which it had fired when `changed` was last asked; `nil` if that was restored and is not known.
    private var firedBefore: [UInt64]?
    /// The tokens after which the budget is looked at again, if no barrier comes first.
    private static let tokensBetweenChecks: UInt64 = 1 << 18

    /// Restores the reservoir from the segments kept.
    ///
    /// - Parameters:
    ///   - budget: What the samples may take; `nil` for no bound.
    ///   - today: In days since 1970; windows that are kept of a later day become today's.
    ///   - onLaterDay: Told of the latest day, if it lay after today.
    /// - Throws: `CancellationError` if `stop` is raised before that is done.
    package init(
        settings: ReservoirSettings, coder: CoderIdentity, node: String, state: any StateKeeper,
        budget: SampleBudget? = nil, today: Int64, onLaterDay: (_ day: Int64) -> Void,
        until stop: StopSignal = StopSignal()
    ) throws {
        self.budget = budget
        reservoir = Reservoir(settings: settings, coder: coder)
        let segments = try state.segments(of: node)
        for segment in segments {
            if stop.isRaised { throw CancellationError() }
            try reservoir.merge(segment, of: node, in: state.place)
        }
        segmentCount = segments.count
        restored = segments.last?.epoch
        firedBefore = segments.isEmpty ? [UInt64](repeating: 0, count: coder.latents) : nil
        let later = reservoir.limitDays(to: today)
        mustFold = later != nil
        if let later { onLaterDay(later) }
    }

    /// Has the reservoir take in what other processes tell, going on from what is kept beside its segments.
    package func share(
        by identity: ShuffleIdentity, map: ShardMap, owned: OwnedShards, acceptsGap: Bool, node: String,
        state: any StateKeeper
    ) throws {
        let kept = try state.segments(of: Self.ledgerName(of: node))
        ledgerSegments = kept.count
        do throws(RecordFault) {
            shares = try ShardMerge(
                identity: identity, map: map, owned: owned, acceptsGap: acceptsGap, restoring: kept.last?.bytes)
        } catch {
            throw StoreError.damagedSegment(
                path: state.place, node: Self.ledgerName(of: node), epoch: kept.last?.epoch ?? 0,
                reason: error.description)
        }
    }

    /// How many latents have fired since this was asked last, by a view of what there is now; `nil` if that is not known.
    func changed(in view: any EvidenceView) -> Int? {
        let isKnown = firedBefore != nil
        var fired = firedBefore ?? [UInt64](repeating: 0, count: view.coder.latents)
        // Written to in place.
        firedBefore = nil
        var changed = 0
        view.forEachFiring { latent, firing in
            guard fired[latent] != firing.tokens else { return }
            fired[latent] = firing.tokens
            changed += 1
        }
        firedBefore = fired
        return isKnown ? changed : nil
    }

    /// Counts and samples codes; tells how the sample size was lowered, if it was.
    func absorb(_ batch: CodeBatch, sharing: WorkSharing) throws -> SampleLowering? {
        try reservoir.absorb(batch, sharing: sharing)
        return lowerIfDue()
    }

    /// Lowers the sample size if much has been sampled since that was last looked at; tells how, if it was lowered.
    package func lowerIfDue() -> SampleLowering? {
        guard reservoir.totals.tokens >= tokensAtCheck + Self.tokensBetweenChecks else { return nil }
        return keepWithinBudget()
    }

    /// Lowers the sample size to the one that the budget allows; tells how, if it was lowered.
    func keepWithinBudget() -> SampleLowering? {
        tokensAtCheck = reservoir.totals.tokens
        guard let budget else { return nil }
        reservoir.settle()
        let before = reservoir.sample
        reservoir.lower(sampleTo: budget.sample(for: reservoir))
        return reservoir.sample < before ? SampleLowering(from: before, to: reservoir.sample) : nil
    }
}

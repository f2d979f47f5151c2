package import Elements
package import Evidence
import Records
package import Running
package import Shuffle
package import Store

/// The owner of a reservoir: made on its own thread and never used on another.
package final class ReservoirWorker {
    package var reservoir: Reservoir
    /// What is on disk: a base, and segments of later checkpoints.
    package var stored = StoredSize()
    /// Whether the segments on disk name days that have not begun, so that a whole one has to take their place.
    package var mustFold: Bool
    /// The epoch of the latest segment that was restored; `nil` if there were none.
    let restored: UInt64?
    /// What has been told of the corpus, if other processes read it; `nil` if it is read here.
    package var shares: ShardMerge?
    /// Segments of that on disk since the last base.
    var ledgerSegments = 0
    /// Segments of entries that were written ahead of the checkpoint that will name them.
    private var ahead: [CheckpointCommit.Segment] = []
    /// What the samples may take; `nil` for no bound.
    package var budget: SampleBudget?
    private var tokensAtCheck: UInt64 = 0
    /// Whether so much is sampled that the budget was looked at between barriers.
    private var isCheckedByTokens = false
    /// By latent, the tokens at which it had fired when `changed` was last asked; `nil` if that was restored and is not known.
    private var firedBefore: [UInt64]?
    /// The tokens after which the budget is looked at again, if no barrier comes first.
    private static let tokensBetweenChecks: UInt64 = 1 << 18

    /// Restores the reservoir from the segments kept.
    ///
    /// - Parameters:
    ///   - budget: What the samples may take; `nil` for no bound.
    ///   - sharing: Who helps with it.
    ///   - today: In days since 1970; windows that are kept of a later day become today's.
    ///   - onLaterDay: Told of the latest day, if it lay after today.
    /// - Throws: `CancellationError` if `stop` is raised before that is done.
    package init(
        settings: ReservoirSettings, coder: CoderIdentity, node: String, state: any StateKeeper,
        budget: SampleBudget? = nil, sharing: WorkSharing = .alone, today: Int64, onLaterDay: (_ day: Int64) -> Void,
        until stop: StopSignal = StopSignal()
    ) throws {
        self.budget = budget
        var reservoir = Reservoir(settings: settings, coder: coder)
        var (stored, restored) = (StoredSize(), UInt64?.none)
        try state.forEachSegment(of: node) { segment in
            if stop.isRaised { throw CancellationError() }
            try reservoir.merge(segment, of: node, in: state.place, sharing: sharing)
            stored.add(segment.bytes.count, epoch: segment.epoch, isBase: segment.isBase)
            restored = segment.epoch
        }
        (self.reservoir, self.stored, self.restored) = (reservoir, stored, restored)
        firedBefore = restored == nil ? [UInt64](repeating: 0, count: coder.latents) : nil
        let later = self.reservoir.limitDays(to: today)
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
        return lowerIfDue(sharing: sharing)
    }

    /// Writes new entries to the disk, for the checkpoint of an epoch that is to come, if they are more than `most`: so its
    /// barrier need not wait until all are written.
    func writeAhead(
        of node: String, epoch: () -> UInt64, above most: Int, to state: any StateKeeper, sharing: WorkSharing
    ) throws {
        guard reservoir.unwrittenEntries > most else { return }
        ahead += try write(isAhead: true, of: node, epoch: epoch(), to: state, sharing: sharing)
    }

    /// Writes what has changed to the disk, for the checkpoint that will name it, and gives all that belongs to that: nothing
    /// if nothing has changed.
    func writeSegments(
        of node: String, epoch: UInt64, to state: any StateKeeper, sharing: WorkSharing
    ) throws -> [CheckpointCommit.Segment] {
        defer { ahead = [] }
        return try ahead + write(isAhead: false, of: node, epoch: epoch, to: state, sharing: sharing)
    }

    private func write(
        isAhead: Bool, of node: String, epoch: UInt64, to state: any StateKeeper, sharing: WorkSharing
    ) throws -> [CheckpointCommit.Segment] {
        var bytes = 0
        let segment = try state.write(segmentOf: node, epoch: epoch) { take in
            bytes =
                try isAhead
                ? reservoir.writeEntriesAhead(sharing: sharing, to: take)
                : reservoir.writeSegment(epoch: epoch, sharing: sharing, to: take)
        }
        guard let segment else { return [] }
        stored.add(bytes, epoch: epoch, isBase: false)
        return [segment]
    }

    /// Puts one segment in the place of all that is on disk.
    func fold(_ node: String, upTo epoch: UInt64, in state: any StateKeeper, sharing: WorkSharing) throws {
        var bytes = 0
        // The base is written while it is encoded, and never in memory as a whole.
        try state.fold(node: node, upTo: epoch) { take in
            bytes = try reservoir.writeSegment(epoch: epoch, isWhole: true, sharing: sharing, to: take)
        }
        stored.add(bytes, epoch: epoch, isBase: true)
        mustFold = false
    }

    /// Lowers the sample size if much has been sampled since that was last looked at; tells how, if it was lowered.
    package func lowerIfDue(sharing: WorkSharing = .alone) -> SampleLowering? {
        // Wrapping, since what other processes tell is only what it should be if they are sound.
        guard reservoir.totals.tokens >= tokensAtCheck &+ Self.tokensBetweenChecks else { return nil }
        isCheckedByTokens = true
        return keepWithinBudget(sharing: sharing)
    }

    /// Does so at a barrier if it may be the last, or too little is sampled between barriers to do so by itself: a
    /// checkpoint waits for it.
    func lowerAtBarrier(isCaughtUp: Bool, sharing: WorkSharing) -> SampleLowering? {
        isCaughtUp || !isCheckedByTokens ? keepWithinBudget(sharing: sharing) : nil
    }

    /// Lowers the sample size to the one that the budget allows; tells how, if it was lowered.
    private func keepWithinBudget(sharing: WorkSharing) -> SampleLowering? {
        tokensAtCheck = reservoir.totals.tokens
        // Settling all pages is dear, and is needed only if what waits in them could be too much.
        guard let budget, reservoir.sampleBytesAtMost > budget.bytes(at: reservoir.sample) else { return nil }
        reservoir.settle(sharing: sharing)
        let before = reservoir.sample
        reservoir.lower(sampleTo: budget.sample(for: reservoir), sharing: sharing)
        return reservoir.sample < before ? SampleLowering(from: before, to: reservoir.sample) : nil
    }
}

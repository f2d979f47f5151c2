package import Elements
package import Evidence
package import Running
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

    /// How many latents have fired since this was asked last, by a view of what there is now; `nil` if that is not known.
    func changed(in view: any EvidenceView) -> Int? {
        let fired = (0..<view.coder.latents).map { view.statistics(of: $0).tokensFired }
        defer { firedBefore = fired }
        return firedBefore.map { before in zip(fired, before).count { $0 != $1 } }
    }

    /// Counts and samples codes; tells how the sample size was lowered, if it was.
    func absorb(_ batch: CodeBatch, sharing: WorkSharing) throws -> SampleLowering? {
        try reservoir.absorb(batch, sharing: sharing)
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

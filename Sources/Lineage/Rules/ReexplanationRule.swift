package import Elements

/// When a latent that has an explanation is explained again.
///
/// Evidence that has grown by a factor calls for it at any time. Peaks that are distributed otherwise, or a score that
/// has fallen, may call for it earlier, but from one time that a latent was explained again to the next its evidence
/// must have grown by the factor, whatever calls: what is asked grows with the logarithm of the stream.
package struct ReexplanationRule: Sendable, Hashable {
    /// The growth of the windows fired in that calls for an explanation by itself; 0 for never.
    package let regrowth: Int
    /// Whether peaks that have moved and scores that have fallen call for one.
    package let drift: Bool

    /// The growth between one time and the next if none was set.
    package static let spacing = 4

    /// Makes a rule.
    package init(regrowth: Int = 4, drift: Bool = true) {
        self.regrowth = regrowth
        self.drift = drift
    }

    /// Whether the rule ever calls.
    package var isActive: Bool { regrowth > 0 || drift }

    /// What of a latent's past decides.
    package struct Past: Sendable, Hashable {
        /// The evidence of the latest explanation, whatever became of it.
        package let basis: EvidenceBasis
        /// Whether the latest explanation was one made again.
        package let wasReexplained: Bool
        /// Whether a score node has found the standing explanation's current score below the interval it was accepted
        /// with.
        package let hasDrifted: Bool

        /// Makes a past.
        package init(basis: EvidenceBasis, wasReexplained: Bool, hasDrifted: Bool) {
            self.basis = basis
            self.wasReexplained = wasReexplained
            self.hasDrifted = hasDrifted
        }
    }

    /// Why a latent is to be explained again; `nil` if it is not.
    ///
    /// - Parameters:
    ///   - past: Its past.
    ///   - windowsFired: The windows (occurrences) in which it has fired now.
    ///   - peaks: The peaks of its train sample now; only read if they can decide.
    package func reason(_ past: Past, windowsFired: UInt64, peaks: () -> [Float]) -> AgainReason? {
        staleness(past, windowsFired: windowsFired) { PeakDrift(since: past.basis, peaks: peaks()) }?.reason
    }

    /// The same with how far it has gone; `peakDrift` compares the peaks of then and now, and is only asked if that can
    /// decide.
    package func staleness(_ past: Past, windowsFired: UInt64, peakDrift: () -> PeakDrift?) -> Staleness? {
        // Without a single further window there is nothing to explain from.
        guard windowsFired > past.basis.windowsFired else { return nil }
        let hasGrown = Self.hasGrown(from: past.basis.windowsFired, to: windowsFired, by: factor)
        if regrowth > 0, hasGrown {
            return Staleness(reason: .grown, amount: Double(windowsFired) / Double(max(past.basis.windowsFired, 1)))
        }
        guard drift, hasGrown || !past.wasReexplained else { return nil }
        if past.hasDrifted { return Staleness(reason: .fallen) }
        guard let found = peakDrift(), found.isMoved else { return nil }
        return Staleness(reason: .moved, amount: found.distance)
    }

    private var factor: Int { regrowth > 0 ? regrowth : Self.spacing }

    /// Whether a count has become `factor` times as large.
    package static func hasGrown(from old: UInt64, to new: UInt64, by factor: Int) -> Bool {
        let (wanted, overflow) = old.multipliedReportingOverflow(by: UInt64(max(factor, 1)))
        return !overflow && new >= max(wanted, 1)
    }
}

import Dispatch
package import Elements
package import LatentSheets
package import Store
import Synchronization

/// What is served of latents: sheets of one, and an index of all that is kept while nothing has changed.
package final class ServedSheets: Sendable {
    /// Reads sheets.
    package let reader: SheetReader
    private let store: any StoreReading
    private let evidence: @Sendable (_ coder: String) -> EvidenceUpdate?
    /// The latest index.
    private let known = Mutex<Known?>(nil)
    /// Held while an index is made, so that whoever needs one meanwhile waits for that one.
    private let making = Mutex<Void>(())
    /// Where an index is made that nobody waits for.
    private let besides = DispatchQueue(label: "gloss.index", qos: .utility)
    private let isRenewing = Atomic(false)
    /// How old an index may be though results have come since: results come many times a second.
    private let patience: Duration
    /// How long one waits for a newer index while there is one that is not too old.
    private let longestWait: Duration
    /// What is stored, as it was read last; held while it is read.
    private let stored = Mutex<StoredRows?>(nil)

    private struct Known: Sendable {
        let index: LatentIndex
        let epochs: [UInt64?]
        let made: ContinuousClock.Instant
        /// How long it took to make.
        let effort: Duration
        /// Everything of that index in one look, once somebody has asked for it.
        var overview: Overview?

        var age: Duration { made.duration(to: .now) }
    }

    /// How old an index may be that is shown while a newer one is made.
    private static let oldest = Duration.seconds(300)

    /// Makes one; `evidence` gives what a coder's reservoir holds, `nil` if that is not known.
    package init(
        store: any StoreReading, coders: [any CoderKnowledge], patience: Duration = .seconds(2),
        longestWait: Duration = .milliseconds(500),
        evidence: @escaping @Sendable (_ coder: String) -> EvidenceUpdate?
    ) {
        self.store = store
        self.evidence = evidence
        self.patience = patience
        self.longestWait = longestWait
        reader = SheetReader(store: store, coders: coders, evidence: evidence)
    }

    /// One line about each latent; blocks.
    ///
    /// Of many latents it may be some seconds old: a newer one is made meanwhile.
    package func index() throws -> LatentIndex { try latest().index }

    /// Makes an index before anybody asks for one, once the evidence of all coders is known.
    func evidenceCame() {
        let isComplete = !reader.coders.isEmpty && epochs.allSatisfy { $0 != nil }
        if isComplete, !isIndexed { renewBesides() }
    }

    private func latest() throws -> Known {
        guard let known = known.withLock({ $0 }) else { return try renewed() }
        if try isLatest(known) { return known }
        guard known.effort > longestWait, known.age < Self.oldest else { return try renewed() }
        renewBesides()
        return known
    }

    /// Whether an index is as new as is asked for.
    private func isLatest(_ known: Known) throws -> Bool {
        if known.age < patience { return true }
        return try known.epochs == epochs && known.index.cursor == store.latestCursor()
    }

    private var epochs: [UInt64?] { reader.coders.map { evidence($0.identity.name)?.epoch } }

    /// Makes an index, unless another has done so meanwhile.
    private func renewed() throws -> Known {
        try making.withLock { _ in
            if let known = known.withLock({ $0 }), try isLatest(known) { return known }
            let (start, epochs) = (ContinuousClock.now, epochs)
            let index = LatentIndex(
                try storedRows(), unfinished: try UnfinishedJobs(store: store), coders: reader.coders,
                evidence: evidence, staleness: reader.staleness)
            let end = ContinuousClock.now
            let new = Known(index: index, epochs: epochs, made: end, effort: start.duration(to: end))
            known.withLock { $0 = new }
            return new
        }
    }

    /// Makes an index that nobody waits for, unless that is being done.
    private func renewBesides() {
        guard !isRenewing.exchange(true, ordering: .acquiringAndReleasing) else { return }
        besides.async { [self] in
            // If it cannot be made, whoever asks next is told why.
            _ = try? renewed()
            isRenewing.store(false, ordering: .releasing)
        }
    }

    /// Waits until what is made besides is there.
    func settled() { besides.sync {} }

    /// Whether an index has been made.
    var isIndexed: Bool { known.withLock { $0 != nil } }

    /// How far latents have come and how scores are spread, without a line about each latent; blocks.
    package func summary() throws -> StateSummary {
        StateSummary(
            try storedRows(), unfinished: try UnfinishedJobs(store: store), coders: reader.coders, evidence: evidence,
            staleness: reader.staleness)
    }

    /// The rows of what is stored, read anew as far as anything has been stored since.
    private func storedRows() throws -> StoredRows {
        try stored.withLock { stored -> StoredRows in
            let (cursor, pinned) = (try store.latestCursor(), try store.pins())
            if let stored, stored.cursor == cursor, stored.pinned == pinned { return stored }
            let new = try stored?.updated(from: store) ?? StoredRows(store: store)
            stored = new
            return new
        }
    }

    /// Which latents a coder has, or which coders there are, in a sentence.
    package func latents(of name: String) -> String {
        if let coder = reader.coder(name)?.identity {
            return "coder \(name) has latents 0 to \(coder.latents - 1)"
        }
        let names = reader.coders.map(\.identity.name).sorted().joined(separator: ", ")
        return "no node of that id gives codes: \(names.isEmpty ? "there is none" : "there are \(names)")"
    }

    /// The largest activation of a latent; 0 if it is not known.
    func maximum(of key: LatentKey) -> Float { evidence(key.coder)?.view.statistics(of: key.latent).maximum ?? 0 }

    /// The counts of a latent at the checkpoint of an epoch or a later one; `nil` if its evidence is not known as late.
    ///
    /// - Parameter epoch: `nil` where that is not known, as of several shares.
    package func statistics(of key: LatentKey, from epoch: UInt64?) -> LatentStatistics? {
        guard let epoch, let update = evidence(key.coder), update.epoch >= epoch else { return nil }
        return update.view.statistics(of: key.latent)
    }

    /// Why jobs were given up; blocks.
    package func failures() throws -> [Overview.Failures] { try Overview.failures(in: store) }

    /// Everything in one look; blocks.
    package func overview() throws -> Overview {
        let latest = try latest()
        if let overview = latest.overview { return overview }
        let overview = try Overview(
            latest.index, coders: reader.coders, store: store,
            tokens: { [evidence] in evidence($0)?.view.totals.tokens })
        known.withLock { if $0?.made == latest.made { $0?.overview = overview } }
        return overview
    }
}

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
    /// The latest index; held while one is built, so that whoever asks meanwhile waits for that one.
    private let known = Mutex<Known?>(nil)
    /// What is stored, as it was read last; held while it is read.
    private let stored = Mutex<StoredRows?>(nil)

    private struct Known: Sendable {
        let index: LatentIndex
        let epochs: [UInt64?]
        let made: ContinuousClock.Instant
        /// Everything of that index in one look, once somebody has asked for it.
        var overview: Overview?
    }

    /// How old an index may be though results have come since: results come many times a second.
    private static let patience = Duration.seconds(2)

    /// Makes one; `evidence` gives what a coder's reservoir holds, `nil` if that is not known.
    package init(
        store: any StoreReading, coders: [any CoderKnowledge],
        evidence: @escaping @Sendable (_ coder: String) -> EvidenceUpdate?
    ) {
        self.store = store
        self.evidence = evidence
        reader = SheetReader(store: store, coders: coders, evidence: evidence)
    }

    /// One line about each latent; blocks.
    package func index() throws -> LatentIndex { try withKnown { $0.index } }

    /// Gives the latest index, which is made anew if anything has changed.
    private func withKnown<Value: Sendable>(_ body: (inout Known) throws -> Value) throws -> Value {
        try known.withLock { known -> Value in
            var latest = try refreshed(known)
            defer { known = latest }
            return try body(&latest)
        }
    }

    private func refreshed(_ known: Known?) throws -> Known {
        let epochs = reader.coders.map { evidence($0.identity.name)?.epoch }
        if let known {
            if ContinuousClock.now - known.made < Self.patience { return known }
            if known.epochs == epochs, known.index.cursor == (try store.latestCursor()) { return known }
        }
        let index = LatentIndex(
            try storedRows(), unfinished: try UnfinishedJobs(store: store), coders: reader.coders,
            evidence: evidence, staleness: reader.staleness)
        return Known(index: index, epochs: epochs, made: .now)
    }

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
        try withKnown { known in
            if let overview = known.overview { return overview }
            let overview = try Overview(
                known.index, coders: reader.coders, store: store,
                tokens: { [evidence] in evidence($0)?.view.totals.tokens })
            known.overview = overview
            return overview
        }
    }
}

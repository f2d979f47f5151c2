package import Elements
import JSONText
import StateNotes
package import Store

/// Tells one reader of evidence that has grown: of each reservoir once a checkpoint, and of the latents that it has chosen.
///
/// What it tells are no results: they have no cursor, and are made anew of what reservoirs note at their checkpoints. The first
/// time it tells how evidence stands.
package struct EvidenceFollower: Sendable {
    private struct Counts: Hashable {
        let windows: UInt64
        let maximum: Float
    }

    /// What a reservoir holds, with what tells it from what it held before.
    private struct Held {
        let note: EvidenceNote
        /// The hash of the counts, of joined shares those of all.
        let mark: String?
        /// The epoch of the checkpoint; `nil` of joined shares, whose processes count by themselves.
        let epoch: UInt64?
    }

    private let coder: String?
    private let latents: [Int]
    /// By reservoir: the mark of the counts that were told last.
    private var told: [String: String] = [:]
    /// By reservoir: the mark of the counts of which the chosen latents' were read last.
    private var read: [String: String] = [:]
    private var counts: [LatentKey: Counts] = [:]

    /// Makes one that has told nothing.
    ///
    /// - Parameters:
    ///   - coder: The coder whose evidence is told of; `nil` for every one.
    ///   - latents: The latents whose windows are told as well, of each coder that has them.
    package init(coder: String? = nil, latents: Set<Int> = []) {
        self.coder = coder
        self.latents = latents.sorted()
    }

    /// Whether the counts of chosen latents could not be read the last time.
    package private(set) var isOwing = false

    /// Gives the counts of a latent at the checkpoint of an epoch or a later one; `nil` if they cannot be read now.
    ///
    /// Without an epoch, as of several shares, only counts will do that are read when they are asked for.
    package typealias Counting = (_ key: LatentKey, _ epoch: UInt64?) -> LatentStatistics?

    /// What has grown since the last call, each as one line of JSON; blocks.
    ///
    /// What cannot be read now is told later.
    /// - Parameter statistics: Asked, if there is need, for what gives the counts of a latent.
    package mutating func next(
        in reader: StoreReader, statistics: () -> Counting
    ) -> [String] {
        let all = ((try? Self.held(in: reader)) ?? []).filter { coder == nil || $0.note.coder == coder }
        let grown = all.filter { told[$0.note.node] != $0.mark }
        let unread = latents.isEmpty ? [] : all.filter { read[$0.note.node] != $0.mark }
        guard !grown.isEmpty || !unread.isEmpty,
            let committed = try? reader.parts.compactMap({ try $0.latestCheckpoint()?.committed }).max()
        else { return [] }
        let time = Timestamp.text(committed)
        for held in grown { told[held.note.node] = held.mark }
        return grown.map { Self.event($0.note, at: time) } + latentEvents(of: unread, at: time, statistics)
    }

    /// What the reservoirs of a state, or of all shares of one, hold by their notes.
    private static func held(in reader: StoreReader) throws -> [Held] {
        guard !reader.shares.isEmpty else {
            return try EvidenceNote.notes.all(in: reader).map { Held(note: $0, mark: $0.countsDigest, epoch: $0.epoch) }
        }
        let parts = try reader.shares.map { (share: $0.name, notes: try EvidenceNote.notes.all(in: $0)) }
        return try EvidenceNote.joined(parts, in: reader.directory).map { note in
            let digests = parts.map { part in part.notes.first { $0.node == note.node }?.countsDigest ?? "" }
            return Held(note: note, mark: digests.joined(separator: " "), epoch: nil)
        }
    }

    private mutating func latentEvents(
        of unread: [Held], at time: String, _ statistics: () -> Counting
    ) -> [String] {
        isOwing = false
        guard !unread.isEmpty else { return [] }
        let statistics = statistics()
        var events: [String] = []
        for held in unread {
            let note = held.note
            var isWhole = true
            defer {
                if isWhole { read[note.node] = held.mark } else { isOwing = true }
            }
            guard let coder = note.coder else { continue }
            for latent in latents where latent < note.latents {
                let key = LatentKey(coder: coder, latent: latent)
                guard let now = statistics(key, held.epoch) else {
                    isWhole = false
                    continue
                }
                let counts = Counts(windows: now.windowsFired, maximum: now.maximum)
                guard self.counts.updateValue(counts, forKey: key) != counts else { continue }
                events.append(Self.event(key, counts, note, at: time))
            }
        }
        return events
    }

    private static func head(_ note: EvidenceNote, at time: String) -> [JSONValue.Member] {
        [
            ("v", .integer(1)), ("ts", .string(time)), ("type", .string("evidence")),
            ("coder", .string(note.coder ?? note.node)), ("node", .string(note.node)), ("epoch", .unsigned(note.epoch)),
        ]
    }

    private static func event(_ note: EvidenceNote, at time: String) -> String {
        let own: [JSONValue.Member] = [("tokens", .unsigned(note.totals.tokens)), ("fired", .integer(note.fired))]
        var members = head(note, at: time) + own
        if let changed = note.changed { members.append(("changed", .integer(changed))) }
        return JSONValue.object(members).text
    }

    private static func event(_ key: LatentKey, _ counts: Counts, _ note: EvidenceNote, at time: String) -> String {
        let own: [JSONValue.Member] = [
            ("latent", .integer(key.latent)), ("windows", .unsigned(counts.windows)),
            ("maximum", .number(Double(counts.maximum))),
        ]
        return JSONValue.object(head(note, at: time) + own).text
    }
}

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

    private let coder: String?
    private let latents: [Int]
    /// By reservoir: the hash of the counts that were told last.
    private var told: [String: String] = [:]
    /// By reservoir: the hash of the counts of which the chosen latents' were read last.
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
    package typealias Counting = (_ key: LatentKey, _ epoch: UInt64) -> LatentStatistics?

    /// What has grown since the last call, each as one line of JSON; blocks.
    ///
    /// What cannot be read now is told later.
    /// - Parameter statistics: Asked, if there is need, for what gives the counts of a latent.
    package mutating func next(
        in reader: some StoreReading & NoteReader, statistics: () -> Counting
    ) -> [String] {
        let notes = ((try? EvidenceNote.notes.all(in: reader)) ?? []).filter { coder == nil || $0.coder == coder }
        let grown = notes.filter { told[$0.node] != $0.countsDigest }
        let unread = latents.isEmpty ? [] : notes.filter { read[$0.node] != $0.countsDigest }
        guard !grown.isEmpty || !unread.isEmpty, let checkpoint = try? reader.latestCheckpoint() else { return [] }
        let time = Timestamp.text(checkpoint.committed)
        for note in grown { told[note.node] = note.countsDigest }
        return grown.map { Self.event($0, at: time) } + latentEvents(of: unread, at: time, statistics)
    }

    private mutating func latentEvents(
        of notes: [EvidenceNote], at time: String, _ statistics: () -> Counting
    ) -> [String] {
        isOwing = false
        guard !notes.isEmpty else { return [] }
        let statistics = statistics()
        var events: [String] = []
        for note in notes {
            var isWhole = true
            defer {
                if isWhole { read[note.node] = note.countsDigest } else { isOwing = true }
            }
            guard let coder = note.coder else { continue }
            for latent in latents where latent < note.latents {
                let key = LatentKey(coder: coder, latent: latent)
                guard let now = statistics(key, note.epoch) else {
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

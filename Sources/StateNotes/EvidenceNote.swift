public import Elements
import Hashing

/// What a reservoir holds at a checkpoint, for reports.
public struct EvidenceNote: Sendable, Codable {
    /// The id of the reservoir node.
    public let node: String
    /// The hash of all it holds, 32 hexadecimal digits; `nil` for several shares whose evidence was not merged.
    public let digest: String?
    /// The epoch of the checkpoint.
    public private(set) var epoch: UInt64
    /// What it has seen in all.
    public let totals: StreamTotals
    /// The latents of its coder.
    public let latents: Int
    /// Latents that have fired.
    public let fired: Int
    /// A hash of the counts of every latent, 32 hexadecimal digits; `nil` likewise.
    public let countsDigest: String?
    /// How often its latents have fired; `nil` in a note of an older version.
    public let activity: LatentActivity?
    /// The same by length of the context and by source; `nil` in a note of an older version.
    public let breakdown: ActivityBreakdown?
    /// The name of the encode node; `nil` in a note of an older version.
    public let coder: String?

    /// The windows sampled per latent; `nil` in a note of an older version.
    public let sample: SampleSizes?
    /// Latents that have fired since the checkpoint before; `nil` if that is not known, as at the first one after a start, and
    /// in a note of an older version.
    public private(set) var changed: Int?

    package init(
        node: String, view: any EvidenceView, epoch: UInt64, sample: SampleSizes? = nil, changed: Int? = nil
    ) {
        self.sample = sample
        self.changed = changed
        self.node = node
        self.epoch = epoch
        digest = view.digest.description
        totals = view.totals
        latents = view.coder.latents
        var hasher = CountsHasher()
        var fired = 0
        var activity = LatentActivity()
        let stream = view.breakdown
        var counting = BreakdownCounting(stream)
        view.forEachLatent { latent, statistics, firing in
            if statistics.tokensFired > 0 { fired += 1 }
            activity.count(tokensFired: statistics.tokensFired)
            hasher.update(statistics)
            hasher.update(firing)
            counting?.count(firing, of: latent)
        }
        hasher.update(stream)
        breakdown = counting.map { ActivityBreakdown($0) }
        self.activity = activity
        coder = view.coder.name
        self.fired = fired
        countsDigest = hasher.digest
    }

    /// What the reservoirs of several shares hold together, by their notes alone: latents are counted in the share that owns them.
    ///
    /// Tokens are those of the share that is furthest behind, and the breakdown is left out unless all have been told the same.
    /// - Returns: `nil` for no notes, or if they are about other coders.
    init?(joining notes: [EvidenceNote]) {
        guard let last = notes.min(by: { $0.totals.tokens < $1.totals.tokens }),
            notes.allSatisfy({ $0.node == last.node && $0.latents == last.latents && $0.coder == last.coder })
        else { return nil }
        (node, coder, latents, totals) = (last.node, last.coder, last.latents, last.totals)
        (digest, countsDigest, changed) = (nil, nil, nil)
        epoch = notes.map(\.epoch).min() ?? last.epoch
        fired = notes.reduce(0) { $0 &+ $1.fired }
        let (activities, sizes) = (notes.compactMap(\.activity), notes.compactMap(\.sample))
        activity = activities.count == notes.count ? LatentActivity(joining: activities, latents: last.latents) : nil
        let breakdowns = Self.areEven(notes) ? notes.map(\.breakdown) : []
        breakdown = ActivityBreakdown(joining: breakdowns, latents: last.latents)
        sample =
            sizes.count == notes.count
            ? SampleSizes(inForce: sizes.map(\.inForce).min() ?? 0, asked: sizes.map(\.asked).max() ?? 0) : nil
    }

    /// Whether all have been told the same part of the stream.
    static func areEven(_ notes: [EvidenceNote]) -> Bool { Set(notes.map(\.totals)).count < 2 }

    /// The note of a later checkpoint at which the reservoir holds the same; `nil` for a note of an older version.
    package func at(epoch: UInt64) -> EvidenceNote? {
        guard activity != nil, breakdown != nil, coder != nil, sample != nil else { return nil }
        var note = self
        note.epoch = epoch
        note.changed = 0
        return note
    }

    /// The notes of all reservoirs.
    package static let notes = NodeNotes<EvidenceNote>(list: "evidence.nodes", prefix: "evidence.note.")
}

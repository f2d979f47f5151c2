import Elements
public import StateNotes
import Store

/// The state of one of several processes, of which a report is made together.
public struct ReportedShare: Sendable {
    /// The name of its folder.
    public let name: String
    /// The epoch of its last checkpoint; 0 before the first.
    public let epoch: UInt64
    /// How far each partition was read at that checkpoint.
    let fences: [Fence]
    /// What its reservoirs note of themselves.
    public let evidence: [EvidenceNote]
    /// Whether records were skipped or counted twice, after a start with `--accept-gap`.
    public let isGapAccepted: Bool
    /// Whether its evidence was computed by more than one CPU kernel.
    public let isMixed: Bool

    /// Reads one; blocks.
    init(of reader: StoreReader) throws {
        name = reader.name
        let checkpoint = try reader.latestCheckpoint()
        epoch = checkpoint?.epoch ?? 0
        fences = checkpoint?.fences ?? []
        evidence = try EvidenceNote.notes.all(in: reader)
        isGapAccepted = try EvidenceFlags.isExact.read(in: reader) == false
        isMixed = try EvidenceFlags.isMixed.read(in: reader) ?? false
    }
}

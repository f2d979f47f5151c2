public import StateNotes
import Store

/// The state of one of several processes, of which a report is made together.
public struct ReportedShare: Sendable {
    /// The name of its folder.
    public let name: String
    /// The epoch of its last checkpoint; 0 before the first.
    public let epoch: UInt64
    /// What its reservoirs note of themselves.
    public let evidence: [EvidenceNote]
    /// Whether records were skipped or counted twice, after a start with `--accept-gap`.
    public let isGapAccepted: Bool
    /// Whether its evidence was computed by more than one CPU kernel.
    public let isMixed: Bool

    /// Reads one; blocks.
    init(of reader: StoreReader) throws {
        name = reader.name
        epoch = try reader.latestCheckpoint()?.epoch ?? 0
        evidence = try EvidenceNote.notes.all(in: reader)
        isGapAccepted = try EvidenceFlags.isExact.read(in: reader) == false
        isMixed = try EvidenceFlags.isMixed.read(in: reader) ?? false
    }
}

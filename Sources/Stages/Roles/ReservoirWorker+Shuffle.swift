package import Elements
package import Evidence
import Records
package import Shuffle
import Store

/// What became of records of the shuffle topic.
package struct MergedRecords: Sendable {
    /// The tokens that had not been counted before.
    package var tokens: UInt64 = 0
    /// The records that changed nothing, since they were of blocks that are over.
    package var repeated = 0
    /// Those that could not be merged.
    package var refused: [DeadLetter] = []
    /// What is missing; nothing after it was merged unless that is accepted.
    package var gap: ShuffleGap?
    /// Whether what is missing is accepted.
    package var isBridged = false
}

extension ReservoirWorker {
    /// The name under which what has been told of the corpus is kept beside a reservoir's evidence.
    package static func ledgerName(of node: String) -> String { "\(node).told" }

    /// Merges records, in their order, up to the first before which something is missing.
    package func merge(_ batch: ShuffleBatch, by node: String, sharing: WorkSharing = .alone) -> MergedRecords {
        var merged = MergedRecords()
        guard shares != nil else { return merged }
        for element in batch.elements {
            switch shares?.apply(element.record, into: &reservoir, sharing: sharing) {
            case .merged(let tokens): merged.tokens &+= tokens
            case .repeated: merged.repeated += 1
            case .refused(let fault):
                merged.refused.append(
                    DeadLetter(
                        position: element.position, node: node, code: fault.code.rawValue,
                        reason: fault.description, value: element.value))
            case .bridged(let gap): (merged.gap, merged.isBridged) = (gap, true)
            case .gap(let gap):
                merged.gap = gap
                return merged
            case nil: return merged
            }
        }
        return merged
    }

    /// The segments of a ledger above which they are folded: each stands for all before it.
    private static let mostLedgers = 4

    /// What has been told of the corpus, to be kept with the evidence; nothing if it has not changed or nobody tells.
    func takeLedger(of node: String) throws -> [CheckpointCommit.Segment] {
        guard let bytes = try shares?.segment() else { return [] }
        ledgerSegments += 1
        return [CheckpointCommit.Segment(node: Self.ledgerName(of: node), bytes: bytes)]
    }

    /// Puts one segment in the place of what the checkpoints up to an epoch have kept of the ledger, if that is much.
    func foldLedger(of node: String, upTo epoch: UInt64, in state: any StateKeeper) throws {
        guard ledgerSegments > Self.mostLedgers, let bytes = try shares?.wholeSegment() else { return }
        try state.fold(node: Self.ledgerName(of: node), upTo: epoch) { take in try take(bytes) }
        ledgerSegments = 1
    }
}

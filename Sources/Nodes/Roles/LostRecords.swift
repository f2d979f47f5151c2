import Elements
import Records
import Synchronization

/// Says once that something which other processes told of the corpus is lost, so that the evidence is not exact any more.
///
/// A mark that follows says that all before it has been told, and whoever told it does not do so again. Records of others, and what
/// never was a record, are no loss.
final class LostRecords: Sendable {
    private let note: @Sendable (_ what: String) throws -> Void
    private let isTold = Mutex(false)

    /// - Parameter note: Marks the evidence as inexact, and says why.
    init(note: @escaping @Sendable (_ what: String) throws -> Void) { self.note = note }

    /// Looks through what was refused of the shuffle topic.
    func look(through refused: [DeadLetter]) throws {
        let lost = refused.first { RecordFault.Code(rawValue: $0.code)?.isLoss == true }
        guard let lost, !isTold.withLock({ $0 }) else { return }
        let position = lost.position
        try note(
            "what was told in \(position.topic)/\(position.partition) at offset \(position.offset) is lost "
                + "(\(lost.code)), and is not told again: the evidence is inexact from now on; with another shuffle topic all "
                + "of the corpus is told anew")
        isTold.withLock { $0 = true }
    }
}

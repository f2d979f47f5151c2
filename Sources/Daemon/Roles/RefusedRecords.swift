import Elements
import Records
import Synchronization

/// Says what an owner of shares refuses of the shuffle topic, once for each cause: a process that must be stopped sends many.
final class RefusedRecords: Sendable {
    /// The causes that are told of at most, so that no record can fill the log.
    private static let most = 16

    private let sources: Set<String>
    private let told = Mutex<Set<[String]>>([])

    /// - Parameter sources: The names under which the shuffle topic is read.
    init(of sources: Set<String>) { self.sources = sources }

    /// What is said of records that were refused, each with its source; nothing of records that come from elsewhere.
    func notices(of letters: [DeadLetter]) -> [(source: String, text: String)] {
        letters.filter { sources.contains($0.node) }.compactMap { letter in
            let isOfAnother = Self.others.contains(letter.code)
            // The reason names the other process' hash, and is one for each; what else is wrong differs from record to record.
            let cause = [letter.node, letter.code, isOfAnother ? letter.reason : ""]
            let isNew = told.withLock { $0.count < Self.most && $0.insert(cause).inserted }
            guard isNew else { return nil }
            let place = "\(letter.position.topic)/\(letter.position.partition) at offset \(letter.position.offset)"
            let remedy =
                isOfAnother
                ? "Stop the process that writes it, and start all from one file, one version of gloss, the same weights and "
                    + "coders: each says at its start what it must have in common with the others."
                : "Nothing but gloss may write to this topic."
            return (letter.node, "refuses \(place), and merges nothing of it: \(letter.reason) \(remedy)")
        }
    }

    /// What is sound, but of a process that does not belong to these.
    private static let others: Set<String> = [
        RecordFault.Code.foreign.rawValue, RecordFault.Code.otherVersion.rawValue,
    ]
}

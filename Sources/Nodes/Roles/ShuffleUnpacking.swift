import Corpus
import Elements
import RecordReading
import Records
import Shuffle
import Stages

/// Reads and checks records of the shuffle topic, and keeps those that are for one reservoir.
struct ShuffleUnpacking: Sendable {
    /// The largest record that is read, in bytes.
    static let largestRecord = 16 << 20

    let reservoir: String
    let identity: ShuffleIdentity
    /// Given the records of the corpus that others could not use.
    let take: @Sendable ([DeadLetter]) -> Void
    /// Given the records of the topic that cannot be used.
    let refuse: @Sendable ([DeadLetter]) throws -> Void

    init(
        reservoir: String, identity: ShuffleIdentity, take: @escaping @Sendable ([DeadLetter]) -> Void,
        refuse: @escaping @Sendable ([DeadLetter]) throws -> Void
    ) {
        self.reservoir = reservoir
        self.identity = identity
        self.take = take
        self.refuse = refuse
    }

    /// The records of a batch that are for the reservoir; none if there are none.
    ///
    /// - Throws: What `refuse` throws.
    func batches(of batch: SourceBatch) throws -> [ShuffleBatch] {
        var elements: [ShuffleBatch.Element] = []
        var (letters, refused) = ([DeadLetter](), [DeadLetter]())
        for raw in batch.records {
            let value = raw.value ?? []
            do throws(RecordFault) {
                let record = try ShuffleRecord(value, in: Int(raw.position.partition), expecting: identity)
                if case .letter(let letter) = record.body {
                    letters.append(letter)
                } else if record.reservoir == reservoir {
                    elements.append(ShuffleBatch.Element(record, at: raw.position, value: value))
                }
            } catch {
                refused.append(
                    DeadLetter(
                        position: raw.position, node: raw.position.source, code: error.code.rawValue,
                        reason: error.description, value: value))
            }
        }
        if !letters.isEmpty { take(letters) }
        if !refused.isEmpty { try refuse(refused) }
        return elements.isEmpty ? [] : [ShuffleBatch(elements)]
    }
}

package import Corpus
package import Elements
import RecordReading
import Records
import Synchronization
import Tokenization
import Topology

/// Whether a source would take a record as its topology has it now.
package struct RecordExamination: Sendable {
    private let look: @Sendable (RawRecord) -> DeadLetter?

    /// The dead letter that a record would become; `nil` if it would be taken.
    package func refusal(of record: RawRecord) -> DeadLetter? { look(record) }

    /// Examines records of documents.
    init(_ decoder: RecordDecoder) {
        look = { record in
            guard case .deadLetter(let letter) = decoder.decode(record) else { return nil }
            return letter
        }
    }

    /// Examines binary records.
    ///
    /// - Parameter unpack: What the source does with a batch of them.
    init(
        node: String, maximumBytes: Int, _ expectation: RecordExpectation,
        unpack: @escaping @Sendable (RecordUnpacking, SourceBatch) -> Void
    ) {
        let records = BinaryRecords(node: node, maximumBytes: maximumBytes)
        look = { record in
            if case .deadLetter(let letter) = records.element(of: record, counted: 0) { return letter }
            let refusals = Refusals()
            let unpacking = RecordUnpacking(node: node, expectation: expectation) { refusals.add($0) }
            unpack(unpacking, SourceBatch(records: [record], positions: [:]))
            return refusals.first
        }
    }

    private final class Refusals: Sendable {
        private let letters = Mutex<[DeadLetter]>([])

        var first: DeadLetter? { letters.withLock { $0.first } }

        func add(_ found: [DeadLetter]) { letters.withLock { $0 += found } }
    }
}

/// A source whose records can be examined before it reads them.
protocol ExaminesRecords: ReadsRecords {
    /// What it takes; opens tokenizers, so it blocks.
    func examination(in graph: Graph) throws -> RecordExamination
}

extension Graph {
    /// What a source takes; `nil` if there is none of that name whose records can be examined.
    ///
    /// Opens tokenizers, so it blocks.
    package func examination(ofRecordsOf node: String) throws -> RecordExamination? {
        try all((any ExaminesRecords).self).first { $0.id == node }?.examination(in: self)
    }

    /// The smallest vocabulary among the tokenizers that read a source, beyond which it refuses token ids; `nil` for no bound.
    func vocabulary(reading node: Node) throws -> Int? {
        try readers(of: node).compactMap { $0 as? any NamesTokens }.map { try weights.tokenizer($0.model).count }.min()
    }
}

package import Corpus
package import Elements
import Records

/// Takes binary records as they are, for a stage that unpacks several at a time; refuses those that need no look inside.
package struct BinaryRecords: SourceDecoder {
    private let node: String
    private let maximumBytes: Int

    /// Takes records up to so many bytes.
    package init(node: String, maximumBytes: Int) {
        self.node = node
        self.maximumBytes = maximumBytes
    }

    package func dated(_ record: RawRecord) -> RawRecord {
        record.value.flatMap(RecordHeader.time(ofRecord:)).map(record.dated) ?? record
    }

    package func element(of record: RawRecord, counted: Int) -> DecodedRecord<RawRecord> {
        func refusal(_ code: String, _ reason: String) -> DecodedRecord<RawRecord> {
            .deadLetter(
                DeadLetter(
                    position: record.position, node: node, code: code, reason: reason, value: record.value ?? []))
        }
        guard let value = record.value else { return refusal("null-value", "The record's value is null.") }
        guard !value.isEmpty else { return refusal("empty", "The value has no bytes.") }
        // Of a record that is too large a file's reader holds the start, which says how large it is.
        let size = max(value.count, (try? RecordPrelude(value))?.size ?? 0)
        guard size <= maximumBytes else {
            let fault = RecordFault(
                .tooLarge, field: "size", found: "\(size)", expected: "at most \(maximumBytes), the `maximum_record`")
            return refusal(fault.code.rawValue, fault.description)
        }
        return .element(record)
    }

    package func batch(of elements: [RawRecord], reached: [Fence]) -> SourceBatch {
        SourceBatch(records: elements, positions: [:])
    }
}

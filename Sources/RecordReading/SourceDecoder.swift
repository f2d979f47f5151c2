package import Corpus
package import Dataflow
package import Elements

/// What a source makes of one record.
package enum DecodedRecord<Element: Sendable>: Sendable {
    /// Something to send.
    case element(Element)
    /// It cannot be used.
    case deadLetter(DeadLetter)
}

/// How records become what a source sends.
package protocol SourceDecoder: Sendable {
    /// What one record becomes.
    associatedtype Element: Sendable
    /// What is sent.
    associatedtype Batch: Weighed

    /// The record at the time that it says itself, if it does.
    func dated(_ record: RawRecord) -> RawRecord

    /// What a record becomes, of whose contexts so many are counted already.
    func element(of record: RawRecord, counted: Int) -> DecodedRecord<Element>

    /// What is sent of some records, after which partitions stand at these fences.
    func batch(of elements: [Element], reached: [Fence]) -> Batch
}

extension SourceDecoder {
    package func dated(_ record: RawRecord) -> RawRecord { record }
}

extension RecordDecoder: SourceDecoder {
    package func element(of record: RawRecord, counted: Int) -> DecodedRecord<Document> {
        switch decode(record) {
        case .document(var document):
            document.place = record.place(counted: counted)
            return .element(document)
        case .deadLetter(let letter): return .deadLetter(letter)
        }
    }

    package func batch(of elements: [Document], reached: [Fence]) -> DocumentBatch {
        DocumentBatch(documents: elements, reached: reached)
    }
}

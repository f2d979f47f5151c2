import Corpus
import Elements

extension FileSourceNode {
    /// The documents of the file, batch by batch; records that are none are passed over.
    func documents() -> AsyncMapSequence<RecordBatches, [Document]> {
        let decoder = RecordDecoder(format: records.format, node: id, maximumBytes: records.maximumBytes)
        return FileSource(path: path, source: id, maximumBytes: records.maximumBytes).records().map { batch in
            batch.compactMap { record in
                if case .document(let document) = decoder.decode(record) { document } else { nil }
            }
        }
    }
}

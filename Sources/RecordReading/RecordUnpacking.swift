import Corpus
package import Elements
package import Records

/// Turns binary records into what crosses the edges of a topology; what cannot be used is handed on as dead letters.
package struct RecordUnpacking: Sendable {
    private let node: String
    private let expectation: RecordExpectation
    private let refuse: @Sendable ([DeadLetter]) -> Void

    /// Unpacks the records of a node that fit an expectation.
    package init(
        node: String, expectation: RecordExpectation, refuse: @escaping @Sendable ([DeadLetter]) -> Void
    ) {
        self.node = node
        self.expectation = expectation
        self.refuse = refuse
    }

    /// The codes of some records; `nil` if none can be used.
    ///
    /// - Parameter masksFirst: Whether the first position of each context is left out.
    package func codes(of batch: SourceBatch, masksFirst: Bool) -> CodeBatch? {
        let records = sound(batch) { (bytes) throws(RecordFault) in try CodeRecord(bytes, expecting: expectation) }
        guard !records.isEmpty else { return nil }
        var contexts: [Context] = []
        var (rowStarts, latents, activations) = ([0], [Int32](), [Float]())
        for (raw, record) in records {
            contexts += elements(record.contexts, record.header, of: raw)
            guard masksFirst else {
                rowStarts += record.rowStarts.dropFirst().map { $0 + latents.count }
                latents += record.latents
                activations += record.activations
                continue
            }
            var row = 0
            for length in record.contexts.lengths {
                rowStarts.append(latents.count)
                let pairs = record.rowStarts[row + 1]..<record.rowStarts[row + length]
                let moved = latents.count - pairs.lowerBound
                if length > 1 { rowStarts += record.rowStarts[row + 2...row + length].map { $0 + moved } }
                latents += record.latents[pairs]
                activations += record.activations[pairs]
                row += length
            }
        }
        return CodeBatch(contexts: contexts, rowStarts: rowStarts, latents: latents, activations: activations)
    }

    /// The activations of some records; `nil` if none can be used.
    package func activations(of batch: SourceBatch) -> ActivationBatch? {
        let records = sound(batch) { (bytes) throws(RecordFault) in try ActivationRecord(bytes, expecting: expectation)
        }
        guard let first = records.first else { return nil }
        let contexts = records.flatMap { elements($0.record.contexts, $0.record.header, of: $0.raw) }
        var matrix = first.record.activations
        if records.count > 1 {
            let values = records.flatMap(\.record.activations.values)
            matrix = Matrix(rows: values.count / matrix.columns, columns: matrix.columns, values: values) ?? matrix
        }
        return ActivationBatch(contexts: contexts, activations: [expectation.hookpoint: matrix])
    }

    private func sound<Record>(
        _ batch: SourceBatch, read: ([UInt8]) throws(RecordFault) -> Record
    ) -> [(raw: RawRecord, record: Record)] {
        var records: [(RawRecord, Record)] = []
        var letters: [DeadLetter] = []
        for raw in batch.records {
            let value = raw.value ?? []
            do throws(RecordFault) {
                records.append((raw, try read(value)))
            } catch {
                letters.append(
                    DeadLetter(
                        position: raw.position, node: node, code: error.code.rawValue, reason: error.description,
                        value: value))
            }
        }
        if !letters.isEmpty { refuse(letters) }
        return records
    }

    private func elements(_ contexts: RecordContexts, _ header: RecordHeader, of raw: RawRecord) -> [Context] {
        contexts.elements(header, time: raw.timestamp, source: raw.position.collection)
    }
}

extension RecordPosition {
    /// The name of the collection that a record is from which names none: as documents are named.
    fileprivate var collection: String {
        topic.contains("/") || topic.isEmpty || topic == source ? source : "\(source)/\(topic)"
    }
}

import Corpus
package import Elements
package import Records

/// Turns binary records into what crosses the edges of a topology; what cannot be used is handed on as dead letters.
package struct RecordUnpacking: Sendable {
    private let node: String
    private let expectation: RecordExpectation
    private let floatsTogether: Int
    private let refuse: @Sendable ([DeadLetter]) -> Void

    /// Unpacks the records of a node that fit an expectation.
    package init(
        node: String, expectation: RecordExpectation, floatsTogether: Int = 1 << 20,
        refuse: @escaping @Sendable ([DeadLetter]) -> Void
    ) {
        self.floatsTogether = floatsTogether
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

    /// The activations of some records, in batches of whole contexts with about as many floats as are sent together.
    package func activations(of batch: SourceBatch) -> [ActivationBatch] {
        let records = sound(batch) { (bytes) throws(RecordFault) in try ActivationRecord(bytes, expecting: expectation)
        }
        return records.flatMap { raw, record in
            let (contexts, matrix) = (elements(record.contexts, record.header, of: raw), record.activations)
            var row = 0
            return Self.runs(of: record.contexts.lengths, most: floatsTogether / matrix.columns).map { run in
                let rows = contexts[run].reduce(0) { $0 + $1.tokens.count }
                defer { row += rows }
                var part = matrix
                if rows < matrix.rows {
                    let values = Array(matrix.values[row * matrix.columns..<(row + rows) * matrix.columns])
                    part = Matrix(rows: rows, columns: matrix.columns, values: values) ?? matrix
                }
                return ActivationBatch(contexts: Array(contexts[run]), activations: [expectation.hookpoint: part])
            }
        }
    }

    /// Runs of contexts with at most `most` tokens each, or of one context with more.
    private static func runs(of lengths: [Int], most: Int) -> [Range<Int>] {
        var (runs, first, held) = ([Range<Int>](), 0, 0)
        for (index, length) in lengths.enumerated() {
            if index > first, held + length > most {
                runs.append(first..<index)
                (first, held) = (index, 0)
            }
            held += length
        }
        return runs + [first..<lengths.count]
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
        let position = raw.position
        return contexts.elements(
            header, time: raw.timestamp, source: position.collection,
            reached: Fence(
                source: position.source, topic: position.topic, partition: position.partition, next: raw.next,
                last: nil, reading: raw.reading))
    }
}

extension RecordPosition {
    /// The name of the collection that a record is from which names none: as documents are named.
    fileprivate var collection: String {
        topic.contains("/") || topic.isEmpty || topic == source ? source : "\(source)/\(topic)"
    }
}

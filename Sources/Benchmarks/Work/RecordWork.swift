internal import Elements
internal import Records

/// Reading records of codes with all their checks, on one thread; the baseline is the checksum of the same bytes alone.
enum RecordWork {
    private static let latents = 131_072
    private static let records = 64
    /// How often the same records are read in one measurement.
    private static let repeats = 16

    static func trial(_ seconds: Seconds) throws -> Trial {
        var drawn = DrawnCodes(latents: latents, seed: 7)
        let values = try (0..<records).map { _ in try record(of: drawn.batch(contexts: 4)) }
        let tokens = Double(values.count * repeats * 4 * 256)
        let expectation = RecordExpectation(
            model: "drawn", hookpoint: "layers.1", coder: "drawn", width: latents, vocabulary: 1 << 32)
        let bytes = values.reduce(0) { $0 + $1.count } / (values.count * 4 * 256)
        let title = "reading records of codes, \(DrawnCodes.active) active, \(bytes) bytes a token, 1 thread"
        return Trial(
            title: title,
            baseline: .work(name: "their checksum") {
                try tokens
                    / seconds.ofThread {
                        for _ in 0..<repeats {
                            for value in values where Checksum.of(value) == 0 {
                                throw BenchmarkError.notMeasurable(what: "records", reason: "a checksum is wrong")
                            }
                        }
                    }
            }
        ) {
            try tokens
                / seconds.ofThread {
                    for _ in 0..<repeats {
                        for value in values { _ = try CodeRecord(value, expecting: expectation) }
                    }
                }
        }
    }

    private static func record(of batch: CodeBatch) throws -> [UInt8] {
        let header = RecordHeader(
            model: "drawn", hookpoint: "layers.1", coder: "drawn", width: latents, values: .f16)
        guard
            let contexts = RecordContexts(
                tokens: batch.contexts.flatMap(\.tokens), lengths: batch.contexts.map(\.tokens.count),
                prefixes: batch.contexts.map { _ in 0 }),
            let record = CodeRecord(
                header: header, contexts: contexts, rowStarts: batch.rowStarts, latents: batch.latents,
                activations: batch.activations)
        else { throw BenchmarkError.notMeasurable(what: "records", reason: "drawn codes are no record") }
        return try record.encoded()
    }
}

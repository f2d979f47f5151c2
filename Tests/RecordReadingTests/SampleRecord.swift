import Elements
import Records
import Testing

/// A small record of codes: two contexts of three and two tokens, the first of which begins with a token of its own.
enum SampleRecord {
    static let expectation = RecordExpectation(
        model: "m", hookpoint: "layers.1", coder: "c", width: 8, vocabulary: 100)

    static func codes(first: UInt32 = 7, time: Int64? = nil, coder: String = "c") throws -> [UInt8] {
        let contexts = try #require(
            RecordContexts(tokens: [1, first, 8, 9, 10], lengths: [3, 2], prefixes: [1, 0]))
        let header = RecordHeader(
            time: time, model: "m", hookpoint: "layers.1", coder: coder, width: 8, values: .f32)
        let record = try #require(
            CodeRecord(
                header: header, contexts: contexts, rowStarts: [0, 2, 2, 3, 4, 6], latents: [0, 7, 3, 2, 1, 5],
                activations: [1, 2, 3, 4, 5, 6]))
        return try record.encoded()
    }

    static func activations(first: UInt32 = 7) throws -> [UInt8] {
        let contexts = try #require(RecordContexts(tokens: [first, 8], lengths: [2], prefixes: [0]))
        let header = RecordHeader(model: "m", hookpoint: "layers.1", width: 8, values: .f32)
        let matrix = try #require(Matrix(rows: 2, columns: 8, values: (0..<16).map { Float($0) + Float(first) }))
        return try #require(ActivationRecord(header: header, contexts: contexts, activations: matrix)).encoded()
    }
}

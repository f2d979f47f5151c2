public import Elements

/// A document with the activations of its tokens at one hookpoint.
public struct ActivationRecord: Sendable, Hashable {
    /// What the record says of itself.
    public let header: RecordHeader
    /// The tokens.
    public let contexts: RecordContexts
    /// `[tokens, d_in]`, finite.
    public let activations: Matrix

    /// Makes a record; `nil` if the matrix has other rows than there are tokens, or another width than the header says.
    public init?(header: RecordHeader, contexts: RecordContexts, activations: Matrix) {
        guard activations.rows == contexts.tokens.count, activations.columns == header.width else { return nil }
        self.header = header
        self.contexts = contexts
        self.activations = activations
    }

    /// Reads the whole value of a record.
    ///
    /// - Parameter expectation: What must be in the header; `nil` takes anything.
    /// - Throws: `RecordFault` naming the first field that is not as it should be.
    public init(_ bytes: [UInt8], expecting expectation: RecordExpectation? = nil) throws(RecordFault) {
        var cursor = try RecordBody.open(bytes, as: .activations)
        let header = try RecordHeader(&cursor)
        guard header.coder.isEmpty else {
            throw RecordFault(
                .wrongShape, field: "coder", found: header.coder.shown, expected: "no text, for activations")
        }
        try expectation?.check(header)
        contexts = try RecordContexts(&cursor)
        if let expectation { try contexts.check(vocabulary: expectation.vocabulary) }
        let rows = contexts.tokens.count
        let (count, overflows) = rows.multipliedReportingOverflow(by: header.width)
        let values = try cursor.floats(overflows ? .max : count, as: header.values, field: "activations")
        try cursor.finish(after: "activations")
        guard let matrix = Matrix(rows: rows, columns: header.width, values: values) else {
            throw RecordFault(
                .wrongShape, field: "activations", found: "\(values.count)", expected: "\(rows) rows of \(header.width)"
            )
        }
        activations = matrix
        self.header = header
    }

    /// The record's bytes.
    ///
    /// - Throws: `RecordFault` for what no record can hold.
    public func encoded() throws(RecordFault) -> [UInt8] {
        var writer = RecordWriter(
            reserving: 256 + 4 * contexts.tokens.count + header.values.width * activations.values.count)
        try header.write(to: &writer)
        try contexts.write(to: &writer)
        try writer.floats(activations.values, as: header.values, field: "activations")
        return try RecordPrelude.record(.activations, body: writer.bytes)
    }
}

/// A document with the sparse codes of its tokens.
public struct CodeRecord: Sendable, Hashable {
    /// What the record says of itself.
    public let header: RecordHeader
    /// The tokens.
    public let contexts: RecordContexts
    /// `[tokens + 1]`: the pairs of token `t` are those from `rowStarts[t]` to `rowStarts[t + 1]`.
    public let rowStarts: [Int]
    /// The latent of each pair; ascending within a token, below the header's width.
    public let latents: [Int32]
    /// The activation of each pair; positive and finite.
    public let activations: [Float]

    /// Makes a record; `nil` if the rows contradict the tokens or each other.
    public init?(
        header: RecordHeader, contexts: RecordContexts, rowStarts: [Int], latents: [Int32], activations: [Float]
    ) {
        guard rowStarts.count == contexts.tokens.count + 1, rowStarts.first == 0, rowStarts.last == latents.count,
            latents.count == activations.count, zip(rowStarts, rowStarts.dropFirst()).allSatisfy({ $0 <= $1 })
        else { return nil }
        self.header = header
        self.contexts = contexts
        self.rowStarts = rowStarts
        self.latents = latents
        self.activations = activations
    }

    /// Reads the whole value of a record.
    ///
    /// - Parameter expectation: What must be in the header; `nil` takes anything.
    /// - Throws: `RecordFault` naming the first field that is not as it should be.
    public init(_ bytes: [UInt8], expecting expectation: RecordExpectation? = nil) throws(RecordFault) {
        var cursor = try RecordBody.open(bytes, as: .codes)
        header = try RecordHeader(&cursor)
        guard header.values != .bf16 else {
            throw RecordFault(
                .wrongShape, field: "values", found: "2 (bf16)", expected: "1 (f16) or 3 (f32), for codes")
        }
        guard header.width <= Int(Int32.max) else {
            throw RecordFault(
                .wrongShape, field: "width", found: "\(header.width)", expected: "at most \(Int32.max) latents")
        }
        try expectation?.check(header)
        contexts = try RecordContexts(&cursor)
        if let expectation { try contexts.check(vocabulary: expectation.vocabulary) }
        let counts: [UInt16] = try cursor.numbers(contexts.tokens.count, field: "active")
        var starts = [0]
        starts.reserveCapacity(counts.count + 1)
        var total = 0
        for count in counts {
            total += Int(count)
            starts.append(total)
        }
        rowStarts = starts
        latents = try cursor.numbers(total, field: "latents")
        activations = try cursor.floats(total, as: header.values, field: "activations")
        try cursor.finish(after: "activations")
        try checkPairs()
    }

    private func checkPairs() throws(RecordFault) {
        guard !areSound else { return }
        for row in 0..<contexts.tokens.count {
            var previous: Int32 = -1
            for pair in rowStarts[row]..<rowStarts[row + 1] {
                let latent = latents[pair]
                guard latent > previous, Int(latent) < header.width else {
                    throw RecordFault(
                        .wrongShape, field: "latents[\(pair)]", found: "\(UInt32(bitPattern: latent))",
                        expected: "above \(previous), the one before it of token \(row), and below \(header.width)")
                }
                previous = latent
                guard activations[pair] > 0 else {
                    throw RecordFault(
                        .wrongShape, field: "activations[\(pair)]", found: "\(activations[pair])", expected: "above 0")
                }
            }
        }
    }

    /// Whether all pairs are as they should be, without a word about what is not.
    private var areSound: Bool {
        let limit = Int32(clamping: header.width)
        return latents.withUnsafeBufferPointer { latents in
            activations.withUnsafeBufferPointer { activations in
                rowStarts.withUnsafeBufferPointer { starts in
                    var isSound = true
                    // The patterns of positive, finite numbers.
                    for activation in activations { isSound = isSound && activation.bitPattern &- 1 < 0x7f7f_ffff }
                    for row in 0..<starts.count - 1 {
                        var previous: Int32 = -1
                        for pair in starts[row]..<starts[row + 1] {
                            isSound = isSound && latents[pair] > previous
                            previous = latents[pair]
                        }
                        isSound = isSound && previous < limit
                    }
                    return isSound
                }
            }
        }
    }

    /// The record's bytes.
    ///
    /// - Throws: `RecordFault` for what no record can hold.
    public func encoded() throws(RecordFault) -> [UInt8] {
        guard header.values != .bf16 else {
            throw RecordFault(
                .wrongShape, field: "values", found: "2 (bf16)", expected: "1 (f16) or 3 (f32), for codes")
        }
        var writer = RecordWriter(reserving: 256 + 6 * contexts.tokens.count + 8 * latents.count)
        try header.write(to: &writer)
        try contexts.write(to: &writer)
        for (row, (start, end)) in zip(rowStarts, rowStarts.dropFirst()).enumerated() {
            guard let count = UInt16(exactly: end - start) else {
                throw RecordFault(
                    .tooLarge, field: "active[\(row)]", found: "\(end - start)", expected: "at most \(UInt16.max)")
            }
            writer.number(count)
        }
        for latent in latents { writer.number(latent) }
        try writer.floats(activations, as: header.values, field: "activations")
        try checkPairs()
        return try RecordPrelude.record(.codes, body: writer.bytes)
    }
}

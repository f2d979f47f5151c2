/// Tells gzip from plain text by the first bytes.
enum DetectedInput {
    private static let gzipMagic: [UInt8] = [0x1f, 0x8b]

    /// Whether an input at its start is of gzip.
    static func isCompressed(_ input: any ByteInput) throws(CorpusError) -> Bool {
        try PrefixedInput.peeking(gzipMagic.count, at: input).1 == gzipMagic
    }

    /// The uncompressed bytes of an input at its start.
    static func open(_ input: any ByteInput, path: String) throws(CorpusError) -> any ByteInput {
        let (whole, prefix) = try PrefixedInput.peeking(gzipMagic.count, at: input)
        guard prefix == gzipMagic else { return whole }
        return try GzipInput(whole, path: path)
    }
}

/// An input whose first bytes have already been read, to detect its format.
final class PrefixedInput: ByteInput {
    private var prefix: ArraySlice<UInt8>
    private let rest: any ByteInput

    init(prefix: [UInt8], rest: any ByteInput) {
        self.prefix = prefix[...]
        self.rest = rest
    }

    /// Reads up to `count` bytes to look at; the input gives them again.
    static func peeking(_ count: Int, at input: any ByteInput) throws(CorpusError) -> (PrefixedInput, [UInt8]) {
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: count, alignment: 16)
        defer { buffer.deallocate() }
        var filled = 0
        while filled < count {
            let read = try input.read(into: UnsafeMutableRawBufferPointer(rebasing: buffer[filled...]))
            guard read > 0 else { break }
            filled += read
        }
        let prefix = Array(buffer[..<filled])
        return (PrefixedInput(prefix: prefix, rest: input), prefix)
    }

    func read(into buffer: UnsafeMutableRawBufferPointer) throws(CorpusError) -> Int {
        guard !prefix.isEmpty else { return try rest.read(into: buffer) }
        let count = min(prefix.count, buffer.count)
        buffer.copyBytes(from: prefix.prefix(count))
        prefix = prefix.dropFirst(count)
        return count
    }

    func skip(_ count: Int64) throws(CorpusError) -> Int64 {
        guard count > Int64(prefix.count) else {
            prefix = prefix.dropFirst(Int(max(count, 0)))
            return max(count, 0)
        }
        let held = Int64(prefix.count)
        prefix = []
        return try held + rest.skip(count - held)
    }
}

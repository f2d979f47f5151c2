import CZlib

/// The uncompressed bytes of gzip data (RFC 1952), of one member or of several in a row.
final class GzipInput: ByteInput {
    private let path: String
    private let compressed: any ByteInput
    // zlib keeps the address of its stream, so the stream must not move.
    private let stream: UnsafeMutablePointer<z_stream>
    private let buffer: UnsafeMutableRawBufferPointer
    private var compressedBytes: Int64 = 0
    private var isInsideMember = true
    private var isAtEnd = false
    /// Whether the last read gave fewer bytes than requested.
    private var isStarved = false
    private var failure: CorpusError?

    init(_ compressed: any ByteInput, path: String) throws(CorpusError) {
        self.path = path
        self.compressed = compressed
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        buffer = .allocate(byteCount: 65_536, alignment: 16)
        // 15 is the largest window; 16 more asks for the gzip header and trailer to be read and checked.
        let status = inflateInit2_(stream, 15 + 16, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
        guard status == Z_OK else {
            throw .unreadable(path: path, operation: "start decompression", reason: "zlib gives status \(status)")
        }
    }

    deinit {
        inflateEnd(stream)
        stream.deallocate()
        buffer.deallocate()
    }

    /// Fills the buffer unless the compressed input comes slowly; bytes decoded before a fault are returned first.
    func read(into output: UnsafeMutableRawBufferPointer) throws(CorpusError) -> Int {
        let output = UnsafeMutableRawBufferPointer(rebasing: output.prefix(Int(Int32.max)))
        var filled = 0
        while filled < output.count, failure == nil, !isAtEnd {
            do throws(CorpusError) {
                if stream.pointee.avail_in == 0 {
                    if filled > 0, isStarved { break }
                    guard try refill() else {
                        guard !isInsideMember else { throw .truncatedGzip(path: path, offset: position) }
                        isAtEnd = true
                        break
                    }
                }
                if !isInsideMember, try !beginMember() { continue }
                filled += inflate(into: UnsafeMutableRawBufferPointer(rebasing: output[filled...]))
            } catch {
                failure = error
            }
        }
        if filled == 0, let failure { throw failure }
        return filled
    }

    private func inflate(into output: UnsafeMutableRawBufferPointer) -> Int {
        stream.pointee.next_out = output.bindMemory(to: UInt8.self).baseAddress
        stream.pointee.avail_out = UInt32(output.count)
        let status = CZlib.inflate(stream, Z_NO_FLUSH)
        switch status {
        case Z_STREAM_END: isInsideMember = false
        case Z_OK, Z_BUF_ERROR: break
        default: failure = corrupt(stream.pointee.msg.map { String(cString: $0) } ?? "zlib gives status \(status)")
        }
        return output.count - Int(stream.pointee.avail_out)
    }

    private var position: Int64 { compressedBytes - Int64(stream.pointee.avail_in) }

    private func corrupt(_ reason: String) -> CorpusError {
        .corruptGzip(path: path, offset: position, reason: reason)
    }

    private func refill() throws(CorpusError) -> Bool {
        let count = try compressed.read(into: buffer)
        compressedBytes += Int64(count)
        isStarved = count < buffer.count
        stream.pointee.next_in = buffer.bindMemory(to: UInt8.self).baseAddress
        stream.pointee.avail_in = UInt32(count)
        return count > 0
    }

    /// Gets ready for the next member; passes over zero bytes, with which tapes and block devices fill up.
    private func beginMember() throws(CorpusError) -> Bool {
        while stream.pointee.avail_in > 0, let next = stream.pointee.next_in, next.pointee == 0 {
            stream.pointee.next_in = next + 1
            stream.pointee.avail_in -= 1
        }
        guard stream.pointee.avail_in > 0 else { return false }
        guard inflateReset(stream) == Z_OK else { throw corrupt("the next member cannot be started") }
        isInsideMember = true
        return true
    }
}

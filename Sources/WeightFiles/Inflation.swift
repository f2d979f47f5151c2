internal import CZlib

/// Deflate (RFC 1951), by zlib.
enum Inflation {
    /// The most bytes that may come of all of an archive: deflate can reach 1,032 to 1, but no weights do.
    ///
    /// One MiB more is for small archives, of a bias of zeros for instance.
    static func most(fileSize: Int) -> UInt64 {
        let (product, overflows) = UInt64(fileSize).multipliedReportingOverflow(by: 64)
        return overflows ? .max : product &+ (1 << 20)
    }

    /// Fills the target with exactly what the source holds.
    ///
    /// Throws if the source is damaged or holds more or less than the target.
    static func fill(
        _ target: UnsafeMutableRawBufferPointer, from source: UnsafeRawBufferPointer, name: String, file: String
    ) throws(WeightFileError) {
        // zlib keeps the address of its stream, so the stream must not move.
        let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
        stream.initialize(to: z_stream())
        defer { stream.deallocate() }
        // A negative window asks for data without zlib's own header.
        guard inflateInit2_(stream, -15, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else {
            throw WeightFileError(
                .file, file: file, field: name, found: "no memory to decompress it", expected: "some 50 KiB")
        }
        defer { inflateEnd(stream) }
        var (read, written) = (0, 0)
        // One byte more than expected would show itself as a full window with the stream not at its end.
        var spare: UInt8 = 0
        while true {
            let input = min(source.count - read, Int(Int32.max))
            let output = min(target.count - written, Int(Int32.max))
            stream.pointee.next_in = source.baseAddress.map {
                UnsafeMutablePointer(mutating: ($0 + read).assumingMemoryBound(to: UInt8.self))
            }
            stream.pointee.avail_in = UInt32(input)
            let status: Int32
            if output > 0, let start = target.baseAddress {
                stream.pointee.next_out = (start + written).assumingMemoryBound(to: UInt8.self)
                stream.pointee.avail_out = UInt32(output)
                status = inflate(stream, Z_NO_FLUSH)
                written += output - Int(stream.pointee.avail_out)
            } else {
                status = withUnsafeMutablePointer(to: &spare) { spare in
                    stream.pointee.next_out = spare
                    stream.pointee.avail_out = 1
                    return inflate(stream, Z_NO_FLUSH)
                }
                if stream.pointee.avail_out == 0 { throw wrongSize("more", target.count, name, file) }
            }
            read += input - Int(stream.pointee.avail_in)
            if status == Z_STREAM_END { break }
            guard status == Z_OK else {
                let reason = stream.pointee.msg.map { String(cString: $0) } ?? "zlib gives status \(status)"
                let isShort = status == Z_BUF_ERROR && read == source.count
                throw WeightFileError(
                    isShort ? .truncated : .invalid, file: file, field: name,
                    found: isShort ? "\(written) bytes" : reason,
                    expected: isShort ? "\(target.count) bytes" : "deflated data")
            }
        }
        guard written == target.count else { throw wrongSize("\(written) bytes", target.count, name, file) }
    }

    private static func wrongSize(_ found: String, _ expected: Int, _ name: String, _ file: String) -> WeightFileError {
        WeightFileError(
            .invalid, file: file, field: name, found: found, expected: "\(expected) bytes, as the directory says")
    }

    /// The checksum of bytes that zip archives use, CRC-32.
    static func checksum(_ bytes: UnsafeRawBufferPointer) -> UInt32 {
        UInt32(
            truncatingIfNeeded: crc32_z(0, bytes.baseAddress?.assumingMemoryBound(to: UInt8.self), bytes.count))
    }
}

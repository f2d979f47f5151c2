/// Bytes that can be read once, front to back, with blocking calls.
protocol ByteInput: AnyObject {
    /// Fills the front of the buffer and returns how many bytes were read; 0 at the end.
    func read(into buffer: UnsafeMutableRawBufferPointer) throws(CorpusError) -> Int

    /// Passes over some bytes and returns how many there were: fewer than asked only at the end.
    func skip(_ count: Int64) throws(CorpusError) -> Int64
}

extension ByteInput {
    func skip(_ count: Int64) throws(CorpusError) -> Int64 { try skipByReading(count) }

    func skipByReading(_ count: Int64) throws(CorpusError) -> Int64 {
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 65_536, alignment: 16)
        defer { buffer.deallocate() }
        var skipped: Int64 = 0
        while skipped < count {
            let wanted = Int(min(count - skipped, Int64(buffer.count)))
            let read = try read(into: UnsafeMutableRawBufferPointer(rebasing: buffer[..<wanted]))
            guard read > 0 else { break }
            skipped += Int64(read)
        }
        return skipped
    }
}

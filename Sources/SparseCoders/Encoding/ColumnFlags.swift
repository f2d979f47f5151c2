/// One byte a column, 1 or 0, that vector loops write and that is then looked at eight columns at once.
final class ColumnFlags {
    /// The flags; all after the last that was written are 0.
    let pointer: UnsafeMutablePointer<UInt8>

    /// Makes flags of 0, a whole number of eights of them.
    init(maximumColumns: Int) {
        let count = (maximumColumns + 7) / 8 * 8
        pointer =
            UnsafeMutableRawPointer
            .allocate(byteCount: max(count, 8), alignment: 8).bindMemory(to: UInt8.self, capacity: max(count, 8))
        pointer.initialize(repeating: 0, count: max(count, 8))
    }

    deinit { UnsafeMutableRawPointer(pointer).deallocate() }

    /// Calls with each column whose flag is 1, ascending.
    @inline(__always)
    func forEach(columns: Int, _ body: (Int) -> Void) {
        let words = UnsafeRawPointer(pointer)
        for start in stride(from: 0, to: columns, by: 8) {
            var word = UInt64(littleEndian: words.load(fromByteOffset: start, as: UInt64.self))
            while word != 0 {
                body(start + word.trailingZeroBitCount / 8)
                word &= word &- 1
            }
        }
    }
}

/// A text that a normalizer has rewritten, and for each of its bytes the range of the original that it stands for.
struct NormalText {
    /// A stretch of the text.
    private struct Stretch {
        let start: Int
        let count: Int
        let original: Range<Int>
        /// Whether each byte stands for one byte, as opposed to all for all.
        let isByteForByte: Bool
    }

    private(set) var bytes: [UInt8] = []
    private var stretches: [Stretch] = []

    /// Appends bytes of the original unchanged, or the same number of other bytes in place of them.
    mutating func append(_ same: some Collection<UInt8>, from start: Int) {
        guard !same.isEmpty else { return }
        let count = same.count
        if let last = stretches.last, last.isByteForByte, last.original.upperBound == start {
            stretches[stretches.count - 1] = Stretch(
                start: last.start, count: last.count + count, original: last.original.lowerBound..<start + count,
                isByteForByte: true)
        } else {
            stretches.append(
                Stretch(start: bytes.count, count: count, original: start..<start + count, isByteForByte: true))
        }
        bytes.append(contentsOf: same)
    }

    /// Appends bytes that stand for a range of the original as a whole.
    mutating func append(_ others: some Collection<UInt8>, for original: Range<Int>) {
        guard !others.isEmpty else { return }
        stretches.append(
            Stretch(start: bytes.count, count: others.count, original: original, isByteForByte: false))
        bytes.append(contentsOf: others)
    }

    /// The range of the original that a range of the text, which is not empty, stands for.
    func original(of range: Range<Int>) -> Range<Int> {
        guard let first = stretch(at: range.lowerBound), let last = stretch(at: range.upperBound - 1) else {
            return range
        }
        let start =
            first.original.lowerBound + (first.isByteForByte ? range.lowerBound - first.start : 0)
        let end =
            last.isByteForByte
            ? last.original.lowerBound + (range.upperBound - last.start) : last.original.upperBound
        return start..<max(start, end)
    }

    private func stretch(at offset: Int) -> Stretch? {
        var low = 0
        var high = stretches.count
        while low < high {
            let middle = (low + high) / 2
            if stretches[middle].start + stretches[middle].count <= offset { low = middle + 1 } else { high = middle }
        }
        return low < stretches.count ? stretches[low] : nil
    }
}

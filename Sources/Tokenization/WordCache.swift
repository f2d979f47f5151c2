/// The tokens of short words seen lately: a table of fixed size in which a new word replaces the one in its place.
struct WordCache {
    /// The longest word kept, in bytes.
    static let longestWord = 15
    /// The most tokens kept of a word.
    static let mostTokens = 7

    /// A word's bytes, padded with zeros, and its length in the last byte: equal keys mean equal words.
    typealias Key = SIMD2<UInt64>

    private struct Entry {
        var key = Key(0, 0)
        /// The number of tokens in the last lane, the tokens in the others.
        var tokens = SIMD8<UInt32>(repeating: 0)
    }

    private var entries: [Entry]
    private let shift: UInt64

    /// Makes a cache of `2^bits` words.
    init(bits: Int) {
        entries = [Entry](repeating: Entry(), count: 1 << bits)
        shift = UInt64(64 - bits)
    }

    /// The key of a word; `nil` for one too long to keep.
    @inline(__always)
    static func key(_ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) -> Key? {
        let count = range.count
        guard count > 0, count <= longestWord, let start = bytes.baseAddress else { return nil }
        let word = UnsafeRawPointer(start + range.lowerBound)
        var low: UInt64 = 0
        var high: UInt64 = 0
        if bytes.count - range.lowerBound >= 16 {
            low = word.loadUnaligned(as: UInt64.self)
            high = word.loadUnaligned(fromByteOffset: 8, as: UInt64.self)
            if count < 8 { low &= (1 << UInt64(8 * count)) &- 1 }
            high &= count > 8 ? (1 << UInt64(8 * (count - 8))) &- 1 : 0
        } else {
            for offset in 0..<min(8, count) { low |= UInt64(bytes[range.lowerBound + offset]) << UInt64(8 * offset) }
            for offset in 8..<max(8, count) {
                high |= UInt64(bytes[range.lowerBound + offset]) << UInt64(8 * (offset - 8))
            }
        }
        return Key(low, high | UInt64(count) << 56)
    }

    @inline(__always)
    private func place(_ key: Key) -> Int {
        let mixed = (key.x ^ (key.y &* 0x9e37_79b9_7f4a_7c15)) &* 0xd6e8_feb8_6659_fd93
        return Int(truncatingIfNeeded: ((mixed ^ mixed >> 32) &* 0xd6e8_feb8_6659_fd93) >> shift)
    }

    /// Appends the tokens of a word; `false` if they are not kept.
    @inline(__always)
    func append(_ key: Key, to tokens: inout [UInt32]) -> Bool {
        let entry = entries[place(key)]
        guard entry.key == key else { return false }
        for index in 0..<Int(entry.tokens[7]) { tokens.append(entry.tokens[index]) }
        return true
    }

    /// Keeps the tokens of a word, unless they are too many.
    mutating func keep(_ key: Key, _ tokens: ArraySlice<UInt32>) {
        guard tokens.count <= Self.mostTokens else { return }
        var entry = Entry(key: key)
        for (index, token) in tokens.enumerated() { entry.tokens[index] = token }
        entry.tokens[7] = UInt32(truncatingIfNeeded: tokens.count)
        entries[place(key)] = entry
    }
}

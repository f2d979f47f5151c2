/// Finds tokens by their bytes: an open-addressing table over `TokenBytes`.
struct TokenIndex: Sendable {
    /// A token, and the upper half of its bytes' hash: most others are told apart by that alone.
    private var slots: [SIMD2<UInt32>]
    private let mask: Int
    private static let empty = UInt32.max

    init(capacity: Int) {
        var size = 16
        while size < 2 * capacity { size *= 2 }
        slots = [SIMD2<UInt32>](repeating: SIMD2(Self.empty, 0), count: size)
        mask = size - 1
    }

    /// FNV-1a, which can be taken further byte by byte.
    struct Hash {
        private(set) var value: UInt64 = 0xcbf2_9ce4_8422_2325

        @inline(__always)
        mutating func append(_ byte: UInt8) { value = (value ^ UInt64(byte)) &* 0x100_0000_01b3 }

        @inline(__always)
        static func of(_ bytes: some Sequence<UInt8>) -> Hash {
            var hash = Hash()
            for byte in bytes { hash.append(byte) }
            return hash
        }

        fileprivate var tag: UInt32 { UInt32(truncatingIfNeeded: value >> 32) }
        /// Finished so that the low bits depend on all of it.
        fileprivate var place: Int { Int(truncatingIfNeeded: value ^ value >> 29) }
    }

    @inline(__always)
    private func slot(of bytes: some Sequence<UInt8>, _ hash: Hash, in tokens: TokenBytes) -> Int {
        let tag = hash.tag
        var slot = hash.place & mask
        while slots[slot].x != Self.empty, slots[slot].y != tag || !tokens[slots[slot].x].elementsEqual(bytes) {
            slot = (slot + 1) & mask
        }
        return slot
    }

    /// Adds one of at most `capacity` tokens; of two with the same bytes the later one is found.
    mutating func insert(_ token: UInt32, in tokens: TokenBytes) {
        let bytes = tokens[token]
        let hash = Hash.of(bytes)
        slots[slot(of: bytes, hash, in: tokens)] = SIMD2(token, hash.tag)
    }

    /// The token of some bytes.
    func find(_ bytes: some Sequence<UInt8>, in tokens: TokenBytes) -> UInt32? {
        find(bytes, Hash.of(bytes), in: tokens)
    }

    /// The token of some bytes whose hash is known.
    @inline(__always)
    func find(_ bytes: some Sequence<UInt8>, _ hash: Hash, in tokens: TokenBytes) -> UInt32? {
        let found = slots[slot(of: bytes, hash, in: tokens)].x
        return found == Self.empty ? nil : found
    }
}

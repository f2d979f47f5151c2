/// Finds tokens by their bytes: an open-addressing table over `TokenBytes`.
struct TokenIndex: Sendable {
    private var slots: [UInt32]
    private let mask: Int
    private static let empty = UInt32.max

    init(capacity: Int) {
        var size = 16
        while size < 2 * capacity { size *= 2 }
        slots = [UInt32](repeating: Self.empty, count: size)
        mask = size - 1
    }

    /// FNV-1a, finished so that the low bits depend on all of it.
    private static func hash(_ bytes: some Sequence<UInt8>) -> Int {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        return Int(truncatingIfNeeded: hash ^ hash >> 29)
    }

    private func slot(of bytes: some Sequence<UInt8>, in tokens: TokenBytes) -> Int {
        var slot = Self.hash(bytes) & mask
        while slots[slot] != Self.empty, !tokens[slots[slot]].elementsEqual(bytes) { slot = (slot + 1) & mask }
        return slot
    }

    /// Adds one of at most `capacity` tokens; of two with the same bytes the later one is found.
    mutating func insert(_ token: UInt32, in tokens: TokenBytes) {
        slots[slot(of: tokens[token], in: tokens)] = token
    }

    /// The token of some bytes.
    func find(_ bytes: some Sequence<UInt8>, in tokens: TokenBytes) -> UInt32? {
        let found = slots[slot(of: bytes, in: tokens)]
        return found == Self.empty ? nil : found
    }
}

internal import Elements
internal import Hashing

/// Some hundred windows: fixed-size columns and one arena of token bytes (LEB128, usually two bytes a token).
///
/// Pages are what views share: writing into a page that a view holds copies that page alone.
struct WindowPage: Sendable {
    /// The number of windows in a full page.
    static let slots = 256

    private(set) var identities: [Hash128] = []
    private(set) var priorities: [UInt64] = []
    private var starts: [UInt32] = []
    private var lengths: [UInt16] = []
    private var arena: [UInt8] = []
    private var garbage = 0

    var count: Int { identities.count }

    var residentBytes: Int {
        identities.residentBytes + priorities.residentBytes + starts.residentBytes + lengths.residentBytes
            + arena.residentBytes
    }

    /// Puts a window at `index`: a place that was cleared, or the one after the last.
    mutating func put(_ tokens: ArraySlice<UInt32>, identity: Hash128, priority: UInt64, at index: Int) {
        let start = arena.count
        arena.makeRoom(for: tokens.reduce(0) { $0 + (38 - ($1 | 1).leadingZeroBitCount) / 7 })
        for token in tokens { LEB128.append(token, to: &arena) }
        // At most 256 tokens of at most 5 bytes.
        let length = UInt16(arena.count - start)
        if index == count {
            identities.makeRoom(for: 1)
            priorities.makeRoom(for: 1)
            starts.makeRoom(for: 1)
            lengths.makeRoom(for: 1)
            identities.append(identity)
            priorities.append(priority)
            starts.append(UInt32(start))
            lengths.append(length)
        } else {
            identities[index] = identity
            priorities[index] = priority
            starts[index] = UInt32(start)
            lengths[index] = length
        }
    }

    /// Forgets the window at `index`; the page is packed when a quarter of its arena is garbage.
    mutating func clear(at index: Int) {
        garbage += Int(lengths[index])
        lengths[index] = 0
        if garbage > 512, garbage * 4 > arena.count { pack() }
    }

    private mutating func pack() {
        var packed: [UInt8] = []
        packed.reserveCapacity(arena.count - garbage)
        for index in 0..<count {
            let start = Int(starts[index])
            starts[index] = UInt32(packed.count)
            packed.append(contentsOf: arena[start..<start + Int(lengths[index])])
        }
        arena = packed
        garbage = 0
    }

    /// The token ids of the window at `index` as they are written.
    func written(at index: Int) -> ArraySlice<UInt8> {
        let start = Int(starts[index])
        return arena[start..<start + Int(lengths[index])]
    }

    /// The token ids of the window at `index`.
    func tokens(at index: Int) -> [UInt32] {
        var result: [UInt32] = []
        var number = LEB128.Reader<UInt32>()
        for byte in written(at: index) {
            // What `put` wrote is never too large.
            if let token = try? number.take(byte) { result.append(token) }
        }
        return result
    }
}

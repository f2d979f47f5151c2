internal import Elements
internal import Hashing

/// One window of a batch that is being absorbed.
struct AbsorbedWindow {
    let slot: UInt32
    /// The halves of its priority.
    let high: UInt32
    let low: UInt32
    let document: DocumentMark
    /// The lists that it may be for; none if it is too short.
    let lists: SampleList.Choice
    /// The place of its source; -1 for none.
    let source: Int32
    /// Where its pairs start among those absorbed together, if the pool wants to know which latents fire in it; else -1.
    let pairStart: Int32

    var priority: UInt64 { UInt64(high) << 32 | UInt64(low) }
}

/// The hashes of one window of a batch.
struct WindowHashes {
    private let high: UInt64
    private let low: UInt64
    let priority: UInt64

    init(identity: Hash128, priority: UInt64) {
        (high, low) = (identity.high, identity.low)
        self.priority = priority
    }

    var identity: Hash128 { Hash128(high: high, low: low) }
}

/// One token of a batch that is being absorbed.
struct AbsorbedRow {
    let window: Int32
    /// The token's position in the window.
    let position: UInt8
    /// The bin of its position in the context.
    let bin: UInt8
}

/// An activation on its way to its page, in eight bytes: the latent's place in the page, the token's row, the activation.
struct PagedPair {
    private let bits: UInt64

    /// The most rows that can be told apart.
    static let mostRows = 1 << 24

    @inline(__always) init(latent: UInt8, row: Int, activation: Float) {
        bits = UInt64(latent) << 56 | UInt64(truncatingIfNeeded: row) << 32 | UInt64(activation.bitPattern)
    }

    @inline(__always) var latent: Int { Int(bits >> 56) }
    @inline(__always) var row: Int { Int(bits >> 32 & 0xff_ffff) }
    @inline(__always) var activation: Float { Float(bitPattern: UInt32(truncatingIfNeeded: bits)) }
}

/// What one member needs to absorb pages, kept from one batch to the next.
final class MemberScratch {
    /// By latent of a page, where its pairs go.
    let buckets = WorkBuffer<Int32>()
    /// The pairs of one page, by latent.
    let pairs = WorkBuffer<PagedPair>()
    let records = WorkBuffer<FiringLog.Record>()
    let firings = WorkBuffer<UInt8>()
    /// By window, the references to it that logs have got.
    let held = WorkBuffer<UInt32>()
    /// By window, how many latents are noted for the pool; and where the window's pairs start, those latents.
    let firingCounts = WorkBuffer<Int32>()
    let firingLatents = WorkBuffer<Int32>()
    let settling = SettlingScratch()
    /// What is read ahead ends here, so that it is read.
    var touched: UInt32 = 0

    var residentBytes: Int {
        buckets.residentBytes + pairs.residentBytes + records.residentBytes + firings.residentBytes
            + held.residentBytes + firingCounts.residentBytes + firingLatents.residentBytes + settling.residentBytes
    }
}

/// What a reservoir needs to absorb a batch, kept from one to the next.
final class AbsorbScratch: @unchecked Sendable {
    // Sound: it holds nothing between two calls, and is used only by a reservoir that alone refers to it.

    /// By context of the batch, where the hashes of its windows start.
    let firstHashes = WorkBuffer<Int>()
    /// The hashes of the batch's windows; nothing for those that are too short.
    let hashes = WorkBuffer<WindowHashes>()
    let rows = WorkBuffer<AbsorbedRow>()
    /// The pairs by page, those of a page by row.
    let pairs = WorkBuffer<PagedPair>()
    /// By member and page, where the member's next pair of the page goes.
    let next = WorkBuffer<Int32>()
    /// By page, where its pairs end.
    let ends = WorkBuffer<Int32>()
    private(set) var members: [MemberScratch] = []

    var residentBytes: Int {
        firstHashes.residentBytes + hashes.residentBytes + rows.residentBytes + pairs.residentBytes + next.residentBytes
            + ends.residentBytes
            + members.reduce(0) { $0 + $1.residentBytes }
    }

    func prepare(members count: Int) {
        while members.count < count { members.append(MemberScratch()) }
    }
}

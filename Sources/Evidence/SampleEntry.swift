/// One window in one list of a latent: 20 bytes, and its firing in the latent's arena.
struct SampleEntry: Sendable {
    // In halves, so that the entry needs no padding.
    private let high: UInt32
    private let low: UInt32
    let slot: UInt32
    private var place: UInt32
    /// The lowest mark of the documents in which the latent fired just so.
    var document: DocumentMark

    init(priority: UInt64, slot: UInt32, start: Int, document: DocumentMark) {
        high = UInt32(truncatingIfNeeded: priority >> 32)
        low = UInt32(truncatingIfNeeded: priority)
        self.slot = slot
        self.document = document
        place = UInt32(start) << 1 | 1
    }

    var priority: UInt64 { UInt64(high) << 32 | UInt64(low) }

    /// Where the firing starts in the arena.
    var start: Int {
        get { Int(place >> 1) }
        set { place = UInt32(newValue) << 1 | place & 1 }
    }

    /// Whether no segment holds the entry as it is now.
    var isUnwritten: Bool {
        get { place & 1 == 1 }
        set { place = place & ~1 | (newValue ? 1 : 0) }
    }
}

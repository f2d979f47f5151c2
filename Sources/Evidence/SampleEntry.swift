/// One window in one list of a latent: 16 bytes, and its firing among those of the page.
struct SampleEntry: Sendable {
    // In halves, so that the entry needs no padding.
    private let high: UInt32
    private let low: UInt32
    private var slotAndMark: UInt32
    /// The lowest mark of the documents in which the latent fired just so.
    var document: DocumentMark

    init(priority: UInt64, slot: UInt32, document: DocumentMark, isUnwritten: Bool) {
        high = UInt32(truncatingIfNeeded: priority >> 32)
        low = UInt32(truncatingIfNeeded: priority)
        self.document = document
        slotAndMark = slot << 1 | (isUnwritten ? 1 : 0)
    }

    var priority: UInt64 { UInt64(high) << 32 | UInt64(low) }

    /// The window's place in the table, below 2³¹.
    var slot: UInt32 { slotAndMark >> 1 }

    /// Whether no segment holds the entry as it is now.
    var isUnwritten: Bool {
        get { slotAndMark & 1 == 1 }
        set { slotAndMark = slotAndMark & ~1 | (newValue ? 1 : 0) }
    }
}

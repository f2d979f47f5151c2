/// One window in one list of a latent: 16 bytes, and its firing in the latent's arena.
struct SampleEntry: Sendable {
    let priority: UInt64
    let slot: UInt32
    private var place: UInt32

    init(priority: UInt64, slot: UInt32, start: Int) {
        self.priority = priority
        self.slot = slot
        place = UInt32(start) << 1 | 1
    }

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

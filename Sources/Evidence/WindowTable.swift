internal import Elements
internal import Hashing

/// The pages of a window table: what a view needs to read windows.
struct WindowPages: Sendable {
    fileprivate(set) var pages: [WindowPage] = []

    func identity(of slot: UInt32) -> Hash128 {
        pages[Int(slot) / WindowPage.slots].identities[Int(slot) % WindowPage.slots]
    }

    func priority(of slot: UInt32) -> UInt64 {
        pages[Int(slot) / WindowPage.slots].priorities[Int(slot) % WindowPage.slots]
    }

    func tokens(of slot: UInt32) -> [UInt32] {
        pages[Int(slot) / WindowPage.slots].tokens(at: Int(slot) % WindowPage.slots)
    }

    /// The number of a window's tokens and these, as segments have them.
    func written(_ slot: UInt32) -> [UInt8] {
        let tokens = pages[Int(slot) / WindowPage.slots].written(at: Int(slot) % WindowPage.slots)
        var writer = ByteWriter(capacity: tokens.count + 2)
        writer.count(tokens.reduce(0) { $0 + ($1 < 0x80 ? 1 : 0) })
        writer.raw(tokens)
        return writer.bytes
    }

    func window(_ slot: UInt32) -> Window {
        Window(tokens: tokens(of: slot), identity: identity(of: slot), priority: priority(of: slot))
    }

    /// Whether the window in one slot comes before another: lower priority, then lower identity.
    func precedes(_ left: UInt32, _ right: UInt32) -> Bool {
        (priority(of: left), identity(of: left)) < (priority(of: right), identity(of: right))
    }

    var residentBytes: Int {
        pages.reduce(pages.residentBytes) { $0 + $1.residentBytes }
    }
}

/// Every window that some sample or the pool holds, once each, by identity and with a count of its holders.
struct WindowTable: Sendable {
    private static let none = UInt32.max

    private(set) var storage = WindowPages()
    private var references: [UInt32] = []
    private var free: [UInt32] = []
    /// Open addressing by the identity's low word, linear probing; a power of two of places, at most two thirds taken.
    private var places = [UInt32](repeating: WindowTable.none, count: 1024)
    private(set) var count = 0

    /// The number of slots, vacant ones too: every slot is below it.
    var slotCount: Int { references.count }

    var residentBytes: Int {
        storage.residentBytes + references.residentBytes + free.residentBytes + places.residentBytes
    }

    /// The slot of a window, stored now if it is new; the caller holds one reference to it.
    mutating func intern(_ tokens: ArraySlice<UInt32>, identity: Hash128, priority: UInt64) -> UInt32 {
        if (count + 1) * 3 > places.count * 2 { rebuild(places: places.count * 2) }
        var place = home(of: identity)
        while places[place] != Self.none {
            let slot = places[place]
            if storage.identity(of: slot) == identity {
                references[Int(slot)] += 1
                return slot
            }
            place = (place + 1) & (places.count - 1)
        }
        let slot = vacantSlot()
        storage.pages[Int(slot) / WindowPage.slots].put(
            tokens, identity: identity, priority: priority, at: Int(slot) % WindowPage.slots)
        references[Int(slot)] = 1
        places[place] = slot
        count += 1
        return slot
    }

    /// Adds holders.
    mutating func retain(_ slot: UInt32, count: UInt32 = 1) { references[Int(slot)] += count }

    /// Takes a holder away; the window is forgotten with its last one.
    mutating func release(_ slot: UInt32) {
        references[Int(slot)] -= 1
        guard references[Int(slot)] == 0 else { return }
        vacate(home(of: storage.identity(of: slot)), of: slot)
        storage.pages[Int(slot) / WindowPage.slots].clear(at: Int(slot) % WindowPage.slots)
        free.makeRoom(for: 1)
        free.append(slot)
        count -= 1
    }

    private func home(of identity: Hash128) -> Int {
        Int(truncatingIfNeeded: identity.low) & (places.count - 1)
    }

    private mutating func vacantSlot() -> UInt32 {
        if let slot = free.popLast() { return slot }
        let slot = UInt32(references.count)
        references.makeRoom(for: 1)
        references.append(0)
        if Int(slot) / WindowPage.slots == storage.pages.count { storage.pages.append(WindowPage()) }
        return slot
    }

    /// Empties the place of a slot and moves those after it up, so that no probe meets a gap.
    private mutating func vacate(_ start: Int, of slot: UInt32) {
        let mask = places.count - 1
        var gap = start
        while places[gap] != slot { gap = (gap + 1) & mask }
        var next = (gap + 1) & mask
        while places[next] != Self.none {
            let distance = (next - home(of: storage.identity(of: places[next]))) & mask
            if distance >= (next - gap) & mask {
                places[gap] = places[next]
                gap = next
            }
            next = (next + 1) & mask
        }
        places[gap] = Self.none
    }

    private mutating func rebuild(places size: Int) {
        let old = places
        places = [UInt32](repeating: Self.none, count: size)
        for slot in old where slot != Self.none {
            var place = home(of: storage.identity(of: slot))
            while places[place] != Self.none { place = (place + 1) & (size - 1) }
            places[place] = slot
        }
    }
}

internal import Elements
internal import Hashing

/// One window of the pool.
struct PoolEntry: Sendable {
    /// On which sides the window has occurred, and whether a segment holds the entry as it is now.
    struct Marks: OptionSet, Sendable {
        let rawValue: UInt8
        static let train = Marks(rawValue: 1)
        static let test = Marks(rawValue: 2)
        static let unwritten = Marks(rawValue: 4)
        static let sides: Marks = [.train, .test]
    }

    let slot: UInt32
    let priority: UInt64
    /// The lowest mark of the documents in which the window has occurred.
    private(set) var document: DocumentMark
    private(set) var marks: Marks
    private(set) var latents: LatentSet

    /// An entry of an occurrence of a window, with the latents that fire in it.
    init(
        slot: UInt32, priority: UInt64, document: DocumentMark, marks: Marks, latents: LatentSet, isWritten: Bool
    ) {
        self.slot = slot
        self.priority = priority
        self.document = document
        self.marks = isWritten ? marks : marks.union(.unwritten)
        self.latents = latents
    }

    /// Adds what is known of another occurrence of the same window; tells whether that was new.
    mutating func add(_ other: PoolEntry, universe: Int) -> Bool {
        let union = latents == other.latents ? latents : latents.union(other.latents.latents, universe: universe)
        let lowest = min(document, other.document)
        let sides = marks.union(other.marks).intersection(.sides)
        guard union != latents || !marks.contains(sides) || lowest != document else { return false }
        document = lowest
        latents = union
        marks.formUnion(other.marks)
        return true
    }

    fileprivate mutating func markWritten() { marks.remove(.unwritten) }
}

/// The windows of lowest priority of all, each with every latent that fires in it.
///
/// The set of a window that stays is complete: the lowest priorities seen so far only fall, so a window that is among
/// them at the end was among them at each of its occurrences, from the first on.
struct NegativePool: Sendable {
    private let capacity: Int
    private let universe: Int
    private(set) var entries: [PoolEntry] = []
    private(set) var hasUnwritten = false

    init(capacity: Int, latents: Int) {
        self.capacity = capacity
        universe = latents
    }

    var residentBytes: Int {
        entries.reduce(entries.residentBytes) { $0 + $1.latents.bytes.residentBytes }
    }

    /// Whether a window of this priority is in the pool or may enter it.
    func mayHold(priority: UInt64) -> Bool {
        if entries.count < capacity { return true }
        guard let last = entries.last else { return false }
        return priority <= last.priority
    }

    /// Offers occurrences of windows, each of which the caller holds; tells whether the pool changed.
    ///
    /// The pool is what it would be if they came one after the other; those that enter move the others up once, together.
    mutating func offer(_ occurrences: [PoolEntry], windows: inout WindowTable) -> Bool {
        var new: [PoolEntry] = []
        var changed = false
        for number in Self.order(of: occurrences, in: windows.storage) {
            let occurrence = occurrences[number]
            let index = firstIndex(notBefore: occurrence, in: windows.storage)
            if index < entries.count, entries[index].slot == occurrence.slot {
                if entries[index].add(occurrence, universe: universe) { changed = true }
            } else if let last = new.indices.last, new[last].slot == occurrence.slot {
                _ = new[last].add(occurrence, universe: universe)
            } else {
                new.append(occurrence)
            }
        }
        if insert(new, windows: &windows) { changed = true }
        if changed, occurrences.contains(where: { $0.marks.contains(.unwritten) }) { hasUnwritten = true }
        return changed
    }

    /// The numbers of entries from the first of all to the last, those of one window as they came.
    private static func order(of entries: [PoolEntry], in storage: WindowPages) -> [Int] {
        entries.indices.sorted { left, right in
            if entries[left].slot == entries[right].slot { return left < right }
            return precedes(entries[left], entries[right], in: storage)
        }
    }

    private static func precedes(_ left: PoolEntry, _ right: PoolEntry, in storage: WindowPages) -> Bool {
        if left.priority != right.priority { return left.priority < right.priority }
        return left.slot != right.slot && storage.identity(of: left.slot) < storage.identity(of: right.slot)
    }

    /// Inserts new windows, in order, as far as there is room, and lets go of those that have none; tells whether any stays.
    private mutating func insert(_ new: [PoolEntry], windows: inout WindowTable) -> Bool {
        var (own, added) = (entries.count, new.count)
        while own + added > capacity {
            if own == 0 || added > 0 && Self.precedes(entries[own - 1], new[added - 1], in: windows.storage) {
                added -= 1
            } else {
                own -= 1
                windows.release(entries[own].slot)
            }
        }
        guard added > 0 else { return false }
        entries.removeLast(entries.count - own)
        let places = new[..<added].map { firstIndex(notBefore: $0, in: windows.storage) }
        entries.makeRoom(for: added)
        entries += new[..<added]
        entries.withUnsafeMutableBufferPointer { entries in
            guard let base = entries.baseAddress else { return }
            // Every place is filled again: from the last on, others move up and a new one takes the place below them.
            (base + own).deinitialize(count: added)
            var end = own
            for number in (0..<added).reversed() {
                let place = places[number]
                (base + place + number + 1).moveInitialize(from: base + place, count: end - place)
                (base + place + number).initialize(to: new[number])
                end = place
            }
        }
        for entry in new[..<added] { windows.retain(entry.slot) }
        return true
    }

    /// Notes that all entries are in a segment.
    mutating func markWritten() {
        guard hasUnwritten else { return }
        for index in entries.indices where entries[index].marks.contains(.unwritten) {
            entries[index].markWritten()
        }
        hasUnwritten = false
    }

    private func firstIndex(notBefore entry: PoolEntry, in storage: WindowPages) -> Int {
        var low = 0
        var high = entries.count
        while low < high {
            let middle = (low + high) / 2
            if Self.precedes(entries[middle], entry, in: storage) { low = middle + 1 } else { high = middle }
        }
        return low
    }
}

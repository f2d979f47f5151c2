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
    /// The lowest mark of the documents in which the window has occurred.
    var document: DocumentMark
    var marks: Marks
    var latents: LatentSet
}

/// The windows of lowest priority of all, each with every latent that fires in it.
///
/// The set of a window that stays is complete: the lowest priorities seen so far only fall, so a window that is among
/// them at the end was among them at each of its occurrences, from the first on.
struct NegativePool: Sendable {
    private let capacity: Int
    private let universe: Int
    private var priorities: [UInt64] = []
    private(set) var entries: [PoolEntry] = []
    private(set) var hasUnwritten = false

    init(capacity: Int, latents: Int) {
        self.capacity = capacity
        universe = latents
    }

    var residentBytes: Int {
        entries.reduce(priorities.residentBytes + entries.residentBytes) { $0 + $1.latents.bytes.residentBytes }
    }

    /// Whether a window of this priority is in the pool or may enter it.
    func mayHold(priority: UInt64) -> Bool {
        if priorities.count < capacity { return true }
        guard let last = priorities.last else { return false }
        return priority <= last
    }

    /// Offers an occurrence of a window with the latents that fire in it, ascending; tells whether the pool changed.
    mutating func offer(
        slot: UInt32, priority: UInt64, document: DocumentMark, marks: PoolEntry.Marks, latents: [Int32],
        isWritten: Bool, windows: inout WindowTable
    ) -> Bool {
        var index = firstIndex(notBelow: priority)
        while index < entries.count, priorities[index] == priority, entries[index].slot != slot,
            windows.storage.identity(of: entries[index].slot) < windows.storage.identity(of: slot)
        {
            index += 1
        }
        if index < entries.count, entries[index].slot == slot {
            return update(index, document: document, marks: marks, latents: latents, isWritten: isWritten)
        }
        if entries.count >= capacity {
            guard index < entries.count, let last = entries.popLast() else { return false }
            priorities.removeLast()
            windows.release(last.slot)
        }
        windows.retain(slot)
        priorities.makeRoom(for: 1)
        entries.makeRoom(for: 1)
        priorities.insert(priority, at: index)
        entries.insert(
            PoolEntry(
                slot: slot, document: document, marks: isWritten ? marks : marks.union(.unwritten),
                latents: LatentSet(ascending: latents, universe: universe)), at: index)
        if !isWritten { hasUnwritten = true }
        return true
    }

    /// Notes that all entries are in a segment.
    mutating func markWritten() {
        guard hasUnwritten else { return }
        for index in entries.indices where entries[index].marks.contains(.unwritten) {
            entries[index].marks.remove(.unwritten)
        }
        hasUnwritten = false
    }

    private mutating func update(
        _ index: Int, document: DocumentMark, marks: PoolEntry.Marks, latents: [Int32], isWritten: Bool
    ) -> Bool {
        let union = entries[index].latents.union(latents, universe: universe)
        let sides = entries[index].marks.intersection(.sides).union(marks)
        let lowest = min(entries[index].document, document)
        guard
            union != entries[index].latents || !entries[index].marks.contains(sides)
                || lowest != entries[index].document
        else { return false }
        entries[index].document = lowest
        entries[index].latents = union
        entries[index].marks.formUnion(sides)
        if !isWritten {
            entries[index].marks.insert(.unwritten)
            hasUnwritten = true
        }
        return true
    }

    private func firstIndex(notBelow priority: UInt64) -> Int {
        var low = 0
        var high = priorities.count
        while low < high {
            let middle = (low + high) / 2
            if priorities[middle] < priority { low = middle + 1 } else { high = middle }
        }
        return low
    }
}

internal import Elements

/// The entries of one latent, list after list in the order of `SampleList`, and the arena of their firings.
///
/// `top` is in the order of descending peak, then ascending priority; the others are in that of ascending priority.
struct LatentSamples: Sendable {
    private(set) var entries: [SampleEntry] = []
    private(set) var arena: [UInt8] = []
    private var counts = InlineArray<5, UInt32>(repeating: 0)
    private var garbage = 0

    var isEmpty: Bool { entries.isEmpty }

    var residentBytes: Int { entries.residentBytes + arena.residentBytes }

    func count(of list: SampleList) -> Int { Int(counts[list.rawValue]) }

    /// Where a list's entries stand.
    func range(of list: SampleList) -> Range<Int> {
        var start = 0
        for index in 0..<list.rawValue { start += Int(counts[index]) }
        return start..<start + Int(counts[list.rawValue])
    }

    /// Offers a window with its firing, which starts at `start` of `bytes`, to a list of at most `capacity`; tells
    /// whether the list changed.
    ///
    /// The list takes its own reference to the window and gives up that of a window it drops.
    mutating func offer(
        _ bytes: [UInt8], at start: Int, slot: UInt32, priority: UInt64, document: DocumentMark, to list: SampleList,
        capacity: Int, isWritten: Bool, windows: inout WindowTable
    ) -> Bool {
        let known = list == .top ? topEntry(of: slot) : entry(of: slot, priority: priority, in: list)
        if let known {
            let entry = entries[known]
            if Firing.slice(of: bytes, at: start).elementsEqual(Firing.slice(of: arena, at: entry.start)) {
                guard document < entry.document else { return false }
                entries[known].document = document
                entries[known].isUnwritten = !isWritten
                return true
            }
            guard Firing.replaces(bytes, at: start, arena, at: entry.start) else { return false }
            // A larger peak may move a window up in `top`; elsewhere it stays where it is.
            remove(at: known, from: list)
        }
        let place =
            list == .top
            ? topPlace(of: slot, peak: Firing.peak(in: bytes, at: start), windows: windows.storage)
            : known ?? place(of: slot, priority: priority, in: list, windows: windows.storage)
        let range = range(of: list)
        if known == nil {
            if range.count >= capacity {
                guard place < range.upperBound else { return false }
                windows.release(entries[range.upperBound - 1].slot)
                remove(at: range.upperBound - 1, from: list)
            }
            windows.retain(slot)
        }
        var entry = SampleEntry(priority: priority, slot: slot, start: arena.count, document: document)
        entry.isUnwritten = !isWritten
        arena.makeRoom(for: Firing.byteCount(in: bytes, at: start))
        arena.append(contentsOf: Firing.slice(of: bytes, at: start))
        entries.makeRoom(for: 1)
        entries.insert(entry, at: place)
        counts[list.rawValue] += 1
        return true
    }

    /// The last entry's priority if the list is full, which a window must not exceed to enter it.
    func threshold(of list: SampleList, capacity: Int) -> UInt64 {
        let range = range(of: list)
        guard range.count >= capacity else { return .max }
        return range.isEmpty ? 0 : entries[range.upperBound - 1].priority
    }

    /// The code of the last peak if `top` is full, which a window must reach to enter it.
    func topThreshold(capacity: Int) -> UInt16 {
        let range = range(of: .top)
        guard range.count >= capacity else { return 0 }
        return range.isEmpty ? .max : Firing.peak(in: arena, at: entries[range.upperBound - 1].start)
    }

    /// Lets the latest day become the earlier one, or with `steps` above one drops both.
    mutating func advanceDay(by steps: Int, windows: inout WindowTable) {
        drop(.earlierDay, windows: &windows)
        if steps > 1 { drop(.latestDay, windows: &windows) }
        counts[SampleList.earlierDay.rawValue] = counts[SampleList.latestDay.rawValue]
        counts[SampleList.latestDay.rawValue] = 0
    }

    /// Notes that all entries are in a segment.
    mutating func markWritten() {
        for index in entries.indices where entries[index].isUnwritten { entries[index].isUnwritten = false }
    }

    mutating func drop(_ list: SampleList, windows: inout WindowTable) {
        while count(of: list) > 0 {
            let last = range(of: list).upperBound - 1
            windows.release(entries[last].slot)
            remove(at: last, from: list)
        }
    }

    private mutating func remove(at index: Int, from list: SampleList) {
        garbage += Firing.byteCount(in: arena, at: entries[index].start)
        entries.remove(at: index)
        counts[list.rawValue] -= 1
        packIfWorthwhile()
    }

    private mutating func packIfWorthwhile() {
        guard garbage > 64, garbage * 4 > arena.count else { return }
        var packed: [UInt8] = []
        packed.reserveCapacity(arena.count - garbage)
        for index in entries.indices {
            let start = entries[index].start
            entries[index].start = packed.count
            packed.append(contentsOf: Firing.slice(of: arena, at: start))
        }
        arena = packed
        garbage = 0
    }
}

internal import Hashing

extension LatentSamples {
    /// The entry of a window in a list ordered by priority.
    func entry(of slot: UInt32, priority: UInt64, in list: SampleList) -> Int? {
        let range = range(of: list)
        var index = firstIndex(in: range, notBelow: priority)
        while index < range.upperBound, entries[index].priority == priority {
            if entries[index].slot == slot { return index }
            index += 1
        }
        return nil
    }

    /// Where a window that is not in the list belongs; windows of equal priority are in the order of identity.
    func place(of slot: UInt32, priority: UInt64, in list: SampleList, windows: WindowPages) -> Int {
        let range = range(of: list)
        var index = firstIndex(in: range, notBelow: priority)
        while index < range.upperBound, entries[index].priority == priority,
            windows.identity(of: entries[index].slot) < windows.identity(of: slot)
        {
            index += 1
        }
        return index
    }

    /// The entry of a window in `top`.
    func topEntry(of slot: UInt32) -> Int? {
        for index in range(of: .top) where entries[index].slot == slot { return index }
        return nil
    }

    /// Where a window that is not in `top` belongs: after larger peaks, and among equal ones after lower priorities.
    func topPlace(of slot: UInt32, peak: UInt16, windows: WindowPages) -> Int {
        let range = range(of: .top)
        var low = range.lowerBound
        var high = range.upperBound
        while low < high {
            let middle = (low + high) / 2
            let other = Firing.peak(in: arena, at: entries[middle].start)
            let comesLater = other == peak ? windows.precedes(slot, entries[middle].slot) : other < peak
            if comesLater { high = middle } else { low = middle + 1 }
        }
        return low
    }

    private func firstIndex(in range: Range<Int>, notBelow priority: UInt64) -> Int {
        var low = range.lowerBound
        var high = range.upperBound
        while low < high {
            let middle = (low + high) / 2
            if entries[middle].priority < priority { low = middle + 1 } else { high = middle }
        }
        return low
    }
}

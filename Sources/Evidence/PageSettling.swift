internal import Elements
internal import Hashing

/// What settling pages needs besides them, kept from one to the next.
final class SettlingScratch {
    /// References to windows that are to be given up.
    var releases: [UInt32] = []
    /// By latent, where its records end in `order`.
    fileprivate let ends = WorkBuffer<Int32>()
    /// The log's records by latent.
    fileprivate let order = WorkBuffer<UInt32>()
    /// The records of one latent by priority.
    fileprivate let keys = WorkBuffer<PageSettling.Key>()
    fileprivate let candidates = WorkBuffer<PageSettling.Candidate>()

    var residentBytes: Int {
        releases.residentBytes + ends.residentBytes + order.residentBytes + keys.residentBytes
            + candidates.residentBytes
    }
}

/// Lists and log of a page on their way into new lists: an ordered merge, latent by latent, that keeps of each window the
/// best firing and of each list its capacity.
struct PageSettling {
    /// An entry on its way into a list.
    struct Candidate {
        var entry: SampleEntry
        var firing: UnsafePointer<UInt8>
        var changes: LatentGate.Changes = []
        var peak: UInt16 = 0
        var isDropped = false
    }

    /// A record and its priority.
    struct Key {
        let priority: UInt64
        let record: UInt32
    }

    /// What became of a latent.
    struct Outcome {
        var changes: LatentGate.Changes = []
        /// By list, the last priority if the list is full; of `top` that of its last window.
        var last = InlineArray<5, UInt64?>(repeating: nil)
        /// The peak of the last window of `top` if it is full.
        var topPeak: UInt16 = 0
    }

    private let limits: ReservoirSettings
    private let windows: WindowPages
    private let entries: UnsafePointer<SampleEntry>
    private let firings: UnsafePointer<UInt8>
    private let records: UnsafePointer<FiringLog.Record>
    private let logFirings: UnsafePointer<UInt8>
    private let newEntries: UnsafeMutablePointer<SampleEntry>
    private let newFirings: UnsafeMutablePointer<UInt8>
    private let keys: UnsafeMutablePointer<Key>
    /// The number of the latent's keys.
    private var keyCount = 0
    private var entryCount = 0
    private var firingCount = 0

    /// Makes new lists of `samples` and `log`.
    ///
    /// `isTrimming` also cuts lists that got nothing. Each latent's outcome is given to `done`.
    static func settle(
        _ samples: PageSamples, _ log: FiringLog, limits: ReservoirSettings, windows: WindowPages, isTrimming: Bool,
        scratch: SettlingScratch, done: (_ latent: Int, _ outcome: Outcome) -> Void
    ) -> PageSamples {
        let mostRecords = sort(log, latents: samples.places.count, into: scratch)
        scratch.keys.reserve(mostRecords)
        scratch.candidates.reserve(mostRecords + limits.top)
        var most = (entries: samples.entries.count, bytes: samples.firings.count)
        for record in log.records {
            most.entries += record.lists.count
            most.bytes += record.lists.count * Firing.byteCount(in: log.firings, at: Int(record.start))
        }
        guard most.entries > 0 else { return samples }
        var places: [PageSamples.Place] = []
        places.reserveCapacity(samples.places.count)
        var newFirings: [UInt8] = []
        let newEntries = [SampleEntry](unsafeUninitializedCapacity: most.entries) { entryBuffer, entryCount in
            newFirings = [UInt8](unsafeUninitializedCapacity: most.bytes) { byteBuffer, byteCount in
                withPointers(samples, log, entryBuffer, byteBuffer) { entries, firings, records, bytes, new, newBytes in
                    var settling = PageSettling(
                        limits: limits, windows: windows, entries: entries, firings: firings, records: records,
                        logFirings: bytes, newEntries: new, newFirings: newBytes,
                        keys: scratch.keys.base)
                    for latent in samples.places.indices {
                        let first = latent == 0 ? 0 : Int(scratch.ends.base[latent - 1])
                        let outcome = settling.settle(
                            samples.places[latent],
                            endingAt: latent + 1 < samples.places.count
                                ? samples.places[latent + 1].firing : samples.firings.count,
                            records: first..<Int(scratch.ends.base[latent]), isTrimming: isTrimming,
                            places: &places, scratch: scratch)
                        if let outcome { done(latent, outcome) }
                    }
                    (entryCount, byteCount) = (settling.entryCount, settling.firingCount)
                }
            }
        }
        return PageSamples(entries: newEntries.packed, firings: newFirings.packed, places: places)
    }

    private static func withPointers(
        _ samples: PageSamples, _ log: FiringLog, _ newEntries: UnsafeMutableBufferPointer<SampleEntry>,
        _ newFirings: UnsafeMutableBufferPointer<UInt8>,
        _ body: (
            UnsafePointer<SampleEntry>, UnsafePointer<UInt8>, UnsafePointer<FiringLog.Record>, UnsafePointer<UInt8>,
            UnsafeMutablePointer<SampleEntry>, UnsafeMutablePointer<UInt8>
        ) -> Void
    ) {
        guard let new = newEntries.baseAddress, let newBytes = newFirings.baseAddress else { return }
        // Nothing is read of an empty array, so that any address will do.
        samples.entries.withUnsafeBufferPointer { entries in
            samples.firings.withUnsafeBufferPointer { firings in
                log.records.withUnsafeBufferPointer { records in
                    log.firings.withUnsafeBufferPointer { bytes in
                        body(
                            entries.baseAddress ?? UnsafePointer(new), firings.baseAddress ?? UnsafePointer(newBytes),
                            records.baseAddress ?? UnsafeRawPointer(new).assumingMemoryBound(to: FiringLog.Record.self),
                            bytes.baseAddress ?? UnsafePointer(newBytes), new, newBytes)
                    }
                }
            }
        }
    }

    /// Puts the log's records in the order of their latents, and notes where each latent's end; gives the most that a
    /// latent has.
    private static func sort(_ log: FiringLog, latents: Int, into scratch: SettlingScratch) -> Int {
        scratch.ends.fill(latents, with: 0)
        scratch.order.reserve(log.records.count)
        let ends = scratch.ends.base
        for record in log.records { ends[Int(record.latent)] &+= 1 }
        var (sum, most) = (Int32(0), Int32(0))
        for latent in 0..<latents {
            let count = ends[latent]
            ends[latent] = sum
            sum &+= count
            most = max(most, count)
        }
        for (index, record) in log.records.enumerated() {
            scratch.order.base[Int(ends[Int(record.latent)])] = UInt32(truncatingIfNeeded: index)
            ends[Int(record.latent)] &+= 1
        }
        return Int(most)
    }

    /// Writes the lists of one latent; `nil` if they are as they were.
    private mutating func settle(
        _ old: PageSamples.Place, endingAt oldEnd: Int, records range: Range<Int>, isTrimming: Bool,
        places: inout [PageSamples.Place],
        scratch: SettlingScratch
    ) -> Outcome? {
        var place = PageSamples.Place(firing: firingCount, entry: UInt32(truncatingIfNeeded: entryCount))
        var entry = entries + Int(old.entry)
        var firing = firings + old.firing
        guard isTrimming || !range.isEmpty else {
            place.counts = old.counts
            copy(old.total, bytes: oldEnd - old.firing, from: &entry, &firing)
            places.append(place)
            return nil
        }
        sortKeys(of: range, in: scratch)
        var present: SampleList.Choice = []
        for key in 0..<keyCount { present.formUnion(record(key).lists) }
        var outcome = Outcome()
        for list in SampleList.allCases {
            let count = Int(old.counts[list.rawValue])
            let capacity = limits.capacity(of: list)
            let start = entryCount
            let startOfFirings = firingCount
            if !present.contains(SampleList.Choice(list)), count <= capacity {
                copy(count, from: &entry, &firing)
            } else if list == .top {
                mergeTop(count, from: &entry, &firing, capacity: capacity, scratch: scratch, outcome: &outcome)
            } else {
                merge(list, count, from: &entry, &firing, capacity: capacity, scratch: scratch, outcome: &outcome)
            }
            let written = entryCount - start
            place.counts[list.rawValue] = UInt16(truncatingIfNeeded: written)
            guard written >= capacity else { continue }
            if list == .top {
                (outcome.topPeak, outcome.last[list.rawValue]) = lastOfTop(from: start, startOfFirings)
            } else {
                outcome.last[list.rawValue] = written == 0 ? 0 : newEntries[entryCount - 1].priority
            }
        }
        places.append(place)
        return outcome
    }

    /// Copies entries as they are.
    private mutating func copy(
        _ count: Int, from entry: inout UnsafePointer<SampleEntry>, _ firing: inout UnsafePointer<UInt8>
    ) {
        guard count > 0 else { return }
        var bytes = 0
        for _ in 0..<count { bytes += Firing.byteCount(firing + bytes) }
        copy(count, bytes: bytes, from: &entry, &firing)
    }

    private mutating func copy(
        _ count: Int, bytes: Int, from entry: inout UnsafePointer<SampleEntry>, _ firing: inout UnsafePointer<UInt8>
    ) {
        (newEntries + entryCount).initialize(from: entry, count: count)
        (newFirings + firingCount).initialize(from: firing, count: bytes)
        entryCount += count
        firingCount += bytes
        entry += count
        firing += bytes
    }

    @inline(__always) private mutating func write(_ candidate: Candidate) {
        let bytes = Firing.byteCount(candidate.firing)
        (newEntries + entryCount).initialize(to: candidate.entry)
        let target = newFirings + firingCount
        for index in 0..<bytes { (target + index).initialize(to: candidate.firing[index]) }
        entryCount += 1
        firingCount += bytes
    }

    /// Puts a latent's records in the order of priority, those of one window in the order in which they came.
    private mutating func sortKeys(of range: Range<Int>, in scratch: SettlingScratch) {
        keyCount = range.count
        for index in range {
            let record = scratch.order.base[index]
            let key = Key(priority: records[Int(record)].priority, record: record)
            var place = index - range.lowerBound
            // Few are sorted as they come.
            while range.count <= 24, place > 0, comes(key, before: keys[place - 1]) {
                keys[place] = keys[place - 1]
                place -= 1
            }
            keys[place] = key
        }
        guard range.count > 24 else { return }
        var all = UnsafeMutableBufferPointer(start: keys, count: keyCount)
        all.sort { comes($0, before: $1) }
    }

    @inline(__always) private func record(_ key: Int) -> FiringLog.Record { records[Int(keys[key].record)] }

    @inline(__always) private func comes(_ left: Key, before right: Key) -> Bool {
        if left.priority != right.priority { return left.priority < right.priority }
        let (one, other) = (records[Int(left.record)].slot, records[Int(right.record)].slot)
        if one != other { return windows.identity(of: one) < windows.identity(of: other) }
        return left.record < right.record
    }

    /// Whether an entry comes before a record of another window.
    @inline(__always) private func comes(_ entry: SampleEntry, before record: FiringLog.Record) -> Bool {
        if entry.priority != record.priority { return entry.priority < record.priority }
        return entry.slot != record.slot && windows.identity(of: entry.slot) < windows.identity(of: record.slot)
    }

    /// Merges the records of the window of `keys[key]` into its entry, if it has one; all but one give up what they hold.
    private mutating func fold(
        _ list: SampleList, _ key: inout Int, into known: Candidate?, scratch: SettlingScratch
    ) -> Candidate {
        let first = record(key)
        var best = known
        var changes: LatentGate.Changes = []
        while key < keyCount {
            let record = self.record(key)
            guard record.slot == first.slot else { break }
            key += 1
            guard record.lists.contains(SampleList.Choice(list)) else { continue }
            let firing = logFirings + Int(record.start)
            if var current = best {
                scratch.releases.append(record.slot)
                if Firing.isEqual(firing, current.firing) {
                    guard record.document < current.entry.document else { continue }
                    current.entry.document = record.document
                    current.entry.isUnwritten = !record.isWritten
                    best = current
                } else {
                    guard Firing.replaces(firing, current.firing) else { continue }
                    best = candidate(of: record, firing)
                }
            } else {
                best = candidate(of: record, firing)
            }
            changes.formUnion(record.isWritten ? .digest : [.digest, .entries])
        }
        var result = best ?? candidate(of: first, logFirings + Int(first.start))
        result.changes = changes
        return result
    }

    private func candidate(of record: FiringLog.Record, _ firing: UnsafePointer<UInt8>) -> Candidate {
        Candidate(
            entry: SampleEntry(
                priority: record.priority, slot: record.slot, document: record.document,
                isUnwritten: !record.isWritten), firing: firing)
    }

    /// Merges a latent's records into a list kept by priority.
    private mutating func merge(
        _ list: SampleList, _ count: Int, from entry: inout UnsafePointer<SampleEntry>,
        _ firing: inout UnsafePointer<UInt8>, capacity: Int, scratch: SettlingScratch, outcome: inout Outcome
    ) {
        let choice = SampleList.Choice(list)
        let start = entryCount
        var left = count
        var key = 0
        while key < keyCount {
            let record = self.record(key)
            guard record.lists.contains(choice) else {
                key += 1
                continue
            }
            var run = 0
            let room = min(left, capacity - (entryCount - start))
            while run < room, comes(entry[run], before: record) { run += 1 }
            copy(run, from: &entry, &firing)
            left -= run
            guard entryCount - start < capacity else { break }
            var known: Candidate?
            if left > 0, entry[0].slot == record.slot {
                known = Candidate(entry: entry[0], firing: firing)
                firing += Firing.byteCount(firing)
                entry += 1
                left -= 1
            }
            if known == nil, key + 1 == keyCount || self.record(key + 1).slot != record.slot {
                write(candidate(of: record, logFirings + Int(record.start)))
                outcome.changes.formUnion(record.isWritten ? .digest : [.digest, .entries])
                key += 1
                continue
            }
            let candidate = fold(list, &key, into: known, scratch: scratch)
            outcome.changes.formUnion(candidate.changes)
            write(candidate)
        }
        let rest = min(left, capacity - (entryCount - start))
        copy(rest, from: &entry, &firing)
        left -= rest
        drop(left, of: &entry, &firing, scratch: scratch)
        if left > 0 { outcome.changes.insert(.digest) }
        while key < keyCount {
            let record = self.record(key)
            if record.lists.contains(choice) { scratch.releases.append(record.slot) }
            key += 1
        }
    }

    private func drop(
        _ count: Int, of entry: inout UnsafePointer<SampleEntry>, _ firing: inout UnsafePointer<UInt8>,
        scratch: SettlingScratch
    ) {
        for _ in 0..<count {
            scratch.releases.append(entry[0].slot)
            firing += Firing.byteCount(firing)
            entry += 1
        }
    }

    /// Merges a latent's records into `top` and keeps the largest peaks, of equal ones the lowest priorities.
    private mutating func mergeTop(
        _ count: Int, from entry: inout UnsafePointer<SampleEntry>, _ firing: inout UnsafePointer<UInt8>, capacity: Int,
        scratch: SettlingScratch, outcome: inout Outcome
    ) {
        let candidates = scratch.candidates.base
        var found = 0
        var left = count
        var key = 0
        while key < keyCount || left > 0 {
            let record = key < keyCount ? self.record(key) : nil
            if let record, !record.lists.contains(.top) {
                key += 1
                continue
            }
            var known: Candidate?
            let comesFirst = left > 0 && (record.map { comes(entry[0], before: $0) } ?? true)
            if comesFirst || left > 0 && entry[0].slot == record?.slot {
                known = Candidate(entry: entry[0], firing: firing)
                firing += Firing.byteCount(firing)
                entry += 1
                left -= 1
            }
            if comesFirst, let known {
                (candidates + found).initialize(to: known)
            } else {
                (candidates + found).initialize(to: fold(.top, &key, into: known, scratch: scratch))
            }
            found += 1
        }
        dropWorst(found - capacity, of: UnsafeMutableBufferPointer(start: candidates, count: found))
        for place in 0..<found {
            if candidates[place].isDropped {
                scratch.releases.append(candidates[place].entry.slot)
            } else {
                outcome.changes.formUnion(candidates[place].changes)
                write(candidates[place])
            }
        }
    }

    /// Marks the candidates of the smallest peaks, of equal ones those of the highest priorities.
    private func dropWorst(_ count: Int, of candidates: UnsafeMutableBufferPointer<Candidate>) {
        guard count > 0 else { return }
        for place in candidates.indices { candidates[place].peak = Firing.peak(candidates[place].firing) }
        guard count <= 8 else {
            let ranked = candidates.indices.sorted { (candidates[$0].peak, $1) < (candidates[$1].peak, $0) }
            for place in ranked.prefix(count) { candidates[place].isDropped = true }
            return
        }
        for _ in 0..<count {
            var worst = -1
            // Candidates stand in the order of priority.
            for place in candidates.indices where !candidates[place].isDropped {
                if worst < 0 || candidates[place].peak <= candidates[worst].peak { worst = place }
            }
            candidates[worst].isDropped = true
        }
    }

    /// The smallest peak of what was written of `top`, and the highest priority among the windows that have it.
    private func lastOfTop(from start: Int, _ startOfFirings: Int) -> (UInt16, UInt64?) {
        var firing = UnsafePointer(newFirings + startOfFirings)
        var last: (peak: UInt16, priority: UInt64) = (.max, 0)
        for index in start..<entryCount {
            let peak = Firing.peak(firing)
            if peak <= last.peak { last = (peak, newEntries[index].priority) }
            firing += Firing.byteCount(firing)
        }
        return last
    }
}

extension Array {
    /// The same elements without much spare room.
    fileprivate var packed: [Element] {
        capacity - count > 16 + count / 8
            ? Array(unsafeUninitializedCapacity: count) { buffer, count in
                count = buffer.initialize(from: self).index
            } : self
    }
}

internal import Elements
internal import Hashing

/// What settling pages needs besides them, kept from one to the next.
struct SettlingScratch: Sendable {
    /// References to windows that are to be given up.
    var releases: [UInt32] = []
    fileprivate var ends: [Int] = []
    fileprivate var order: [UInt32] = []
    fileprivate var keys: [(priority: UInt64, record: UInt32)] = []
    fileprivate var isDropped: [Bool] = []
    fileprivate var ranks: [(peak: UInt16, place: UInt32)] = []

    var residentBytes: Int {
        releases.residentBytes + ends.residentBytes + order.residentBytes + keys.residentBytes
            + isDropped.residentBytes + ranks.residentBytes
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
    private var candidates: [Candidate] = []
    private var entryCount = 0
    private var firingCount = 0

    /// Makes new lists of `samples` and `log`; `isTrimming` also cuts lists that got nothing. Each latent's outcome is
    /// given to `done`.
    static func settle(
        _ samples: PageSamples, _ log: FiringLog, limits: ReservoirSettings, windows: WindowPages, isTrimming: Bool,
        scratch: inout SettlingScratch, done: (_ latent: Int, _ outcome: Outcome) -> Void
    ) -> PageSamples {
        sort(log, latents: samples.places.count, into: &scratch)
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
                        logFirings: bytes, newEntries: new, newFirings: newBytes)
                    for latent in samples.places.indices {
                        let first = latent == 0 ? 0 : scratch.ends[latent - 1]
                        let outcome = settling.settle(
                            samples.places[latent], records: first..<scratch.ends[latent], isTrimming: isTrimming,
                            places: &places, scratch: &scratch)
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

    /// Puts the log's records in the order of their latents, and notes where each latent's end.
    private static func sort(_ log: FiringLog, latents: Int, into scratch: inout SettlingScratch) {
        scratch.ends.removeAll(keepingCapacity: true)
        scratch.ends.append(contentsOf: repeatElement(0, count: latents))
        for record in log.records { scratch.ends[Int(record.latent)] += 1 }
        var sum = 0
        for latent in 0..<latents {
            let count = scratch.ends[latent]
            scratch.ends[latent] = sum
            sum += count
        }
        if scratch.order.count < sum { scratch.order = Array(repeating: 0, count: sum) }
        for (index, record) in log.records.enumerated() {
            scratch.order[scratch.ends[Int(record.latent)]] = UInt32(truncatingIfNeeded: index)
            scratch.ends[Int(record.latent)] += 1
        }
    }

    /// Writes the lists of one latent; `nil` if they are as they were.
    private mutating func settle(
        _ old: PageSamples.Place, records range: Range<Int>, isTrimming: Bool, places: inout [PageSamples.Place],
        scratch: inout SettlingScratch
    ) -> Outcome? {
        var place = PageSamples.Place(firing: firingCount, entry: UInt32(truncatingIfNeeded: entryCount))
        var entry = entries + Int(old.entry)
        var firing = firings + old.firing
        guard isTrimming || !range.isEmpty else {
            place.counts = old.counts
            copy(old.total, from: &entry, &firing)
            places.append(place)
            return nil
        }
        sortKeys(of: range, in: &scratch)
        var present: SampleList.Choice = []
        for key in scratch.keys { present.formUnion(records[Int(key.record)].lists) }
        var outcome = Outcome()
        for list in SampleList.allCases {
            let count = Int(old.counts[list.rawValue])
            let capacity = limits.capacity(of: list)
            let start = entryCount
            let startOfFirings = firingCount
            if !present.contains(SampleList.Choice(list)), count <= capacity {
                copy(count, from: &entry, &firing)
            } else if list == .top {
                mergeTop(count, from: &entry, &firing, capacity: capacity, scratch: &scratch, outcome: &outcome)
            } else {
                merge(list, count, from: &entry, &firing, capacity: capacity, scratch: &scratch, outcome: &outcome)
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
    private func sortKeys(of range: Range<Int>, in scratch: inout SettlingScratch) {
        scratch.keys.removeAll(keepingCapacity: true)
        for index in range {
            let record = scratch.order[index]
            scratch.keys.append((records[Int(record)].priority, record))
        }
        guard scratch.keys.count > 24 else {
            var index = 1
            while index < scratch.keys.count {
                let key = scratch.keys[index]
                var place = index
                while place > 0, comes(key, before: scratch.keys[place - 1]) {
                    scratch.keys[place] = scratch.keys[place - 1]
                    place -= 1
                }
                scratch.keys[place] = key
                index += 1
            }
            return
        }
        scratch.keys.sort { comes($0, before: $1) }
    }

    @inline(__always) private func comes(
        _ left: (priority: UInt64, record: UInt32), before right: (priority: UInt64, record: UInt32)
    ) -> Bool {
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
        _ list: SampleList, _ key: inout Int, into known: Candidate?, scratch: inout SettlingScratch
    ) -> Candidate {
        let first = records[Int(scratch.keys[key].record)]
        var best = known
        var changes: LatentGate.Changes = []
        while key < scratch.keys.count {
            let record = records[Int(scratch.keys[key].record)]
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
        _ firing: inout UnsafePointer<UInt8>, capacity: Int, scratch: inout SettlingScratch, outcome: inout Outcome
    ) {
        let choice = SampleList.Choice(list)
        let start = entryCount
        var left = count
        var key = 0
        while key < scratch.keys.count {
            let record = records[Int(scratch.keys[key].record)]
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
            let candidate = fold(list, &key, into: known, scratch: &scratch)
            outcome.changes.formUnion(candidate.changes)
            write(candidate)
        }
        let rest = min(left, capacity - (entryCount - start))
        copy(rest, from: &entry, &firing)
        left -= rest
        drop(left, of: &entry, &firing, scratch: &scratch)
        if left > 0 { outcome.changes.insert(.digest) }
        while key < scratch.keys.count {
            let record = records[Int(scratch.keys[key].record)]
            if record.lists.contains(choice) { scratch.releases.append(record.slot) }
            key += 1
        }
    }

    private func drop(
        _ count: Int, of entry: inout UnsafePointer<SampleEntry>, _ firing: inout UnsafePointer<UInt8>,
        scratch: inout SettlingScratch
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
        scratch: inout SettlingScratch, outcome: inout Outcome
    ) {
        candidates.removeAll(keepingCapacity: true)
        var left = count
        var key = 0
        while key < scratch.keys.count || left > 0 {
            let record = key < scratch.keys.count ? records[Int(scratch.keys[key].record)] : nil
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
                candidates.append(known)
                continue
            }
            candidates.append(fold(.top, &key, into: known, scratch: &scratch))
        }
        rank(capacity: capacity, scratch: &scratch)
        for (place, candidate) in candidates.enumerated() {
            if scratch.isDropped[place] {
                scratch.releases.append(candidate.entry.slot)
            } else {
                outcome.changes.formUnion(candidate.changes)
                write(candidate)
            }
        }
    }

    /// Tells which candidates are not among the `capacity` best.
    private func rank(capacity: Int, scratch: inout SettlingScratch) {
        let count = candidates.count
        scratch.isDropped.removeAll(keepingCapacity: true)
        scratch.isDropped.append(contentsOf: repeatElement(false, count: count))
        guard count > capacity else { return }
        scratch.ranks.removeAll(keepingCapacity: true)
        for (place, candidate) in candidates.enumerated() {
            scratch.ranks.append((Firing.peak(candidate.firing), UInt32(truncatingIfNeeded: place)))
        }
        // Candidates stand in the order of priority.
        scratch.ranks.sort { $0.peak != $1.peak ? $0.peak > $1.peak : $0.place < $1.place }
        for rank in capacity..<count { scratch.isDropped[Int(scratch.ranks[rank].place)] = true }
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
        capacity - count > 16 + count / 8 ? Array(unsafeUninitializedCapacity: count) { buffer, count in
            count = buffer.initialize(from: self).index
        } : self
    }
}

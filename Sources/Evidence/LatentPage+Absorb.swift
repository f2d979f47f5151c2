internal import Elements

/// What the pages need to know of the part of a batch that they absorb.
struct AbsorbedPart {
    let windows: UnsafePointer<AbsorbedWindow>
    let rows: UnsafePointer<AbsorbedRow>
    let limits: ReservoirSettings
    let storage: WindowPages
    let latestDay: Int64?
}

extension LatentPage {
    /// Counts pairs of this page, which are in the order of their rows, and logs those that may enter a list.
    mutating func absorb(
        _ pairs: UnsafeBufferPointer<PagedPair>, of part: AbsorbedPart, firstLatent: Int32, scratch: MemberScratch
    ) {
        advance(to: part.latestDay, limits: part.limits, windows: part.storage, scratch: scratch.settling)
        let size = pairs.count
        scratch.pairs.reserve(size)
        scratch.records.reserve(size)
        // A firing takes a byte and three for each token.
        scratch.firings.reserve(4 * size)
        Self.sort(pairs, into: scratch.pairs.base, buckets: scratch.buckets)
        for latent in full(pairs, scratch) { counters.spill(latent) }
        let (records, bytes) = count(size, of: part, firstLatent: firstLatent, scratch: scratch)
        guard records > 0 else { return }
        log.append(
            UnsafeMutableBufferPointer(start: scratch.records.base, count: records),
            firings: UnsafeBufferPointer(start: scratch.firings.base, count: bytes))
        guard isLogLarge else { return }
        settle(limits: part.limits, windows: part.storage, scratch: scratch.settling)
    }

    /// Puts pairs in the order of their latents, those of one latent in the order in which they were.
    private static func sort(
        _ pairs: UnsafeBufferPointer<PagedPair>, into sorted: UnsafeMutablePointer<PagedPair>,
        buckets: WorkBuffer<Int32>
    ) {
        guard pairs.count > 24 else {
            for (index, pair) in pairs.enumerated() {
                var place = index
                while place > 0, sorted[place - 1].latent > pair.latent {
                    sorted[place] = sorted[place - 1]
                    place -= 1
                }
                sorted[place] = pair
            }
            return
        }
        buckets.fill(latents, with: 0)
        let next = buckets.base
        for pair in pairs { next[pair.latent] &+= 1 }
        var sum: Int32 = 0
        for latent in 0..<latents {
            let count = next[latent]
            next[latent] = sum
            sum &+= count
        }
        for pair in pairs {
            sorted[Int(next[pair.latent])] = pair
            next[pair.latent] &+= 1
        }
    }

    /// Reads ahead what will be counted into, all at once rather than one after the other; gives the latents whose
    /// counts must be moved first.
    private func full(_ pairs: UnsafeBufferPointer<PagedPair>, _ scratch: MemberScratch) -> [Int] {
        var touched: UInt32 = 0
        var result: [Int] = []
        counters.small.withUnsafeBufferPointer { counters in
            gates.withUnsafeBufferPointer { gates in
                for index in 0..<pairs.count {
                    let latent = scratch.pairs.base[index].latent
                    touched &+= counters[latent].touch &+ UInt32(gates[latent].changes.rawValue)
                    if counters[latent].tokensFired >= LatentCounters.limit, result.last != latent {
                        result.append(latent)
                    }
                }
            }
        }
        scratch.touched &+= touched
        return result
    }

    /// Counts the sorted pairs; gives the numbers of records and of bytes of firings that are to be logged.
    private mutating func count(
        _ size: Int, of part: AbsorbedPart, firstLatent: Int32, scratch: MemberScratch
    ) -> (records: Int, bytes: Int) {
        let (pairs, records, firings) = (scratch.pairs.base, scratch.records.base, scratch.firings.base)
        let (rows, windows) = (part.rows, part.windows)
        let (held, firingCounts, firingLatents) = (
            scratch.held.base, scratch.firingCounts.base, scratch.firingLatents.base
        )
        var recordCount = 0
        var start = 0
        counters.small.withUnsafeMutableBufferPointer { counters in
            gates.withUnsafeMutableBufferPointer { gates in
                guard let counters = counters.baseAddress, let gates = gates.baseAddress else { return }
                var index = 0
                while index < size {
                    let latent = pairs[index].latent
                    let counter = counters + latent
                    let place = rows[pairs[index].row].window
                    let window = windows + Int(place)
                    var peak: Float = 0
                    var fired: UInt32 = 0
                    var end = start + 1
                    repeat {
                        let pair = pairs[index]
                        let row = rows[pair.row]
                        guard row.window == place else { break }
                        let activation = pair.activation
                        peak = max(peak, activation)
                        counter.pointee.add(activation, positionBin: Int(row.bin))
                        let code = ActivationCode.encode(activation)
                        firings[end] = row.position
                        firings[end + 1] = UInt8(truncatingIfNeeded: code)
                        firings[end + 2] = UInt8(truncatingIfNeeded: code >> 8)
                        end += 3
                        fired &+= 1
                        index += 1
                    } while index < size && pairs[index].latent == latent
                    counter.pointee.addWindow(
                        tokens: fired, source: window.pointee.source < 0 ? nil : Int(window.pointee.source))
                    gates[latent].changes.insert(.counts)
                    if window.pointee.pairStart >= 0 {
                        firingLatents[Int(window.pointee.pairStart &+ firingCounts[Int(place)])] =
                            firstLatent &+ Int32(truncatingIfNeeded: latent)
                        firingCounts[Int(place)] &+= 1
                    }
                    let lists = window.pointee.lists
                    guard !lists.isEmpty else { continue }
                    let open = gates[latent].open(
                        lists, priority: window.pointee.high, peak: ActivationCode.encode(peak))
                    guard !open.isEmpty else { continue }
                    firings[start] = UInt8(truncatingIfNeeded: fired &- 1)
                    (records + recordCount).initialize(
                        to: FiringLog.Record(
                            high: window.pointee.high, low: window.pointee.low, slot: window.pointee.slot,
                            document: window.pointee.document, start: UInt32(truncatingIfNeeded: start),
                            latent: UInt8(truncatingIfNeeded: latent), lists: open, isWritten: false))
                    recordCount += 1
                    held[Int(place)] &+= UInt32(open.count)
                    start = end
                }
            }
        }
        return (recordCount, start)
    }
}

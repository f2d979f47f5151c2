internal import Elements

extension Reservoir {
    /// What has changed since the last segment, in one blob; `nil` if nothing has.
    ///
    /// Entries and pool windows as they are now, counters absolute, under `epoch`, which must ascend.
    public mutating func segment(epoch: UInt64) -> [UInt8]? {
        hasChanges ? write(epoch: epoch, isWhole: false) : nil
    }

    /// All evidence in one blob that takes the place of every earlier segment; what changes later is in later segments.
    public mutating func wholeSegment(epoch: UInt64) -> [UInt8] {
        write(epoch: epoch, isWhole: true)
    }

    /// The same in pieces of about `pieceLength` bytes, of which `take` is given one after the other, so that the whole is
    /// never in memory.
    ///
    /// - Throws: The first error of `take`; what was changed counts as not written then.
    public mutating func writeWholeSegment(
        epoch: UInt64, pieceLength: Int = 1 << 20, to take: ([UInt8]) throws -> Void
    ) throws {
        var fault: (any Error)?
        withoutActuallyEscaping(take) { take in
            var writer = ByteWriter(pieceLength: max(1, pieceLength)) { piece in
                guard fault == nil else { return }
                do { try take(piece) } catch { fault = error }
            }
            write(epoch: epoch, isWhole: true, to: &writer)
            writer.flush()
        }
        if let fault { throw fault }
        markWritten()
    }

    private mutating func write(epoch: UInt64, isWhole: Bool) -> [UInt8] {
        var writer = ByteWriter()
        write(epoch: epoch, isWhole: isWhole, to: &writer)
        markWritten()
        return writer.bytes
    }

    private mutating func write(epoch: UInt64, isWhole: Bool, to writer: inout ByteWriter) {
        if hasChanges { totalsEpoch = max(totalsEpoch, epoch) }
        settle()
        for page in pages.indices {
            for latent in 0..<pages[page].count where pages[page].gates[latent].changes.contains(.counts) {
                pages[page].epochs[latent] = max(pages[page].epochs[latent], epoch)
            }
        }
        refreshDigests()
        let sources = sources.byName
        writeHeader(
            to: &writer, epoch: totalsEpoch, totals: totals, positions: positions, sources: sources.map(\.source))
        let places = writeWindows(of: slots(isWhole: isWhole), to: &writer)
        writeCounts(to: &writer, places: sources.map(\.place), isWhole: isWhole)
        let chosen = latents { page, latent in
            isWhole ? page.samples.places[latent].total > 0 : page.gates[latent].changes.contains(.entries)
        }
        writeEntries(of: chosen, to: &writer, places: places) { _, _, entry in isWhole || entry.isUnwritten }
        writePool(
            pool.entries.filter { isWhole || $0.marks.contains(.unwritten) }, to: &writer, places: places)
        writer.word(writer.checksum)
    }

    /// Writes what stands before the windows.
    func writeHeader(
        to writer: inout ByteWriter, epoch: UInt64, totals: StreamTotals, positions: InlineArray<12, UInt64>,
        sources: [SourceTable.Source]
    ) {
        writer.raw(SegmentFormat.magic)
        let isLowered = sample < settings.sample
        let format = isLowered ? SegmentFormat.version : SegmentFormat.unlowered
        writer.byte(format | (writer.isInPieces ? SegmentFormat.inPieces : 0))
        writer.hash(identityHash)
        if isLowered { writer.count(sample) }
        writer.varint(epoch)
        writer.totals(totals)
        writer.breakdown(positions, sources)
        writer.day(latestDay)
    }

    /// The slots of the windows that a segment refers to.
    private func slots(isWhole: Bool) -> [UInt32] {
        var isHeld = [Bool](repeating: false, count: windows.slotCount)
        for page in pages where isWhole || page.gates.contains(where: { $0.changes.contains(.entries) }) {
            for entry in page.samples.entries where isWhole || entry.isUnwritten { isHeld[Int(entry.slot)] = true }
        }
        if isWhole || pool.hasUnwritten {
            for entry in pool.entries where isWhole || entry.marks.contains(.unwritten) {
                isHeld[Int(entry.slot)] = true
            }
        }
        return isHeld.indices.compactMap { isHeld[$0] ? UInt32($0) : nil }
    }

    /// Writes windows; gives the place of each, by its slot.
    func writeWindows(of slots: [UInt32], to writer: inout ByteWriter) -> WindowPlaces {
        var places = WindowPlaces(slots: windows.slotCount, isDense: slots.count > windows.slotCount / 8)
        writer.count(slots.count)
        for (place, slot) in slots.sorted(by: { windows.storage.precedes($0, $1) }).enumerated() {
            places[slot] = UInt32(place)
            let tokens = windows.storage.tokens(of: slot)
            writer.count(tokens.count)
            for token in tokens { writer.varint(token) }
        }
        return places
    }

    private func writeCounts(to writer: inout ByteWriter, places: [Int], isWhole: Bool) {
        let chosen = latents { page, latent in
            page.gates[latent].changes.contains(.counts) || isWhole && !page.counts(of: latent).isZero
        }
        writer.count(chosen.count)
        var previous = -1
        for latent in chosen {
            writer.count(latent - previous - 1)
            previous = latent
            let place = place(of: latent)
            writer.varint(pages[place.page].epochs[place.latent])
            pages[place.page].counts(of: place.latent).write(to: &writer, sources: places)
        }
    }

    /// The latents for which something holds.
    func latents(where isChosen: (LatentPage, Int) -> Bool) -> [Int] {
        pages.enumerated().flatMap { number, page in
            (0..<page.count).filter { isChosen(page, $0) }.map { number * LatentPage.latents + $0 }
        }
    }

    /// Writes entries of some latents, which are ascending.
    ///
    /// - Parameter isWanted: Whether an entry is written, by its latent and its place among the entries of the latent's page.
    func writeEntries(
        of chosen: [Int], to writer: inout ByteWriter, places: WindowPlaces,
        where isWanted: (_ latent: Int, _ index: Int, _ entry: SampleEntry) -> Bool
    ) {
        writer.count(chosen.count)
        var previous = -1
        for latent in chosen {
            writer.count(latent - previous - 1)
            previous = latent
            let (page, own) = place(of: latent)
            let samples = pages[page].samples
            var firing = samples.places[own].firing
            for list in SampleList.allCases {
                let range = samples.range(of: list, latent: own)
                writer.count(range.count { isWanted(latent, $0, samples.entries[$0]) })
                var previousPlace = -1
                for index in range {
                    let end = firing + Firing.byteCount(in: samples.firings, at: firing)
                    defer { firing = end }
                    let entry = samples.entries[index]
                    guard isWanted(latent, index, entry) else { continue }
                    let window = Int(places[entry.slot])
                    writer.count(window - previousPlace - 1)
                    previousPlace = window
                    writer.word(entry.document.value)
                    writer.raw(samples.firings[firing..<end])
                }
            }
        }
    }

    /// Writes entries of the pool, in its order.
    func writePool(_ chosen: [PoolEntry], to writer: inout ByteWriter, places: WindowPlaces) {
        writer.count(chosen.count)
        var previousPlace = -1
        for entry in chosen {
            let place = Int(places[entry.slot])
            writer.count(place - previousPlace - 1)
            previousPlace = place
            writer.word(entry.document.value)
            writer.byte(entry.marks.intersection(.sides).rawValue)
            writer.count(entry.latents.bytes.count)
            writer.raw(entry.latents.bytes)
        }
    }

    /// Notes that all is in a segment.
    mutating func markWritten() {
        for page in pages.indices {
            for latent in 0..<pages[page].count {
                let changes = pages[page].gates[latent].changes
                guard !changes.isDisjoint(with: [.counts, .entries]) else { continue }
                if changes.contains(.entries) { pages[page].samples.markWritten(latent: latent) }
                pages[page].gates[latent].changes.subtract([.counts, .entries])
            }
        }
        pool.markWritten()
        hasChanges = false
    }
}

/// Where windows stand in a segment, by their slots: an array if most slots are there, else a dictionary.
struct WindowPlaces {
    private var dense: [UInt32]
    private var sparse: [UInt32: UInt32] = [:]

    init(slots: Int, isDense: Bool) { dense = isDense ? [UInt32](repeating: 0, count: slots) : [] }

    subscript(slot: UInt32) -> UInt32 {
        get { dense.isEmpty ? sparse[slot] ?? 0 : dense[Int(slot)] }
        set { if dense.isEmpty { sparse[slot] = newValue } else { dense[Int(slot)] = newValue } }
    }
}

internal import Elements

extension Reservoir {
    /// What has changed since the last segment, in one blob; `nil` if nothing has.
    ///
    /// Entries and pool windows as they are now, counters absolute, under `epoch`, which must ascend.
    public mutating func segment(epoch: UInt64) -> [UInt8]? {
        hasChanges ? write(.changes, epoch: epoch) : nil
    }

    /// All evidence in one blob that takes the place of every earlier segment; what changes later is in later segments.
    public mutating func wholeSegment(epoch: UInt64) -> [UInt8] {
        write(.all, epoch: epoch)
    }

    /// What has changed since the last segment, if anything has, or all evidence, in pieces of about `pieceLength` bytes,
    /// so that the segment is never in memory as a whole.
    ///
    /// - Parameters:
    ///   - sharing: Who puts the bytes together. One member gives `take` what the others have put together.
    ///   - take: Is given one piece after the other, on any member's thread.
    /// - Returns: The bytes handed over.
    /// - Throws: The first error of `take`; what was changed counts as not written then.
    @discardableResult public mutating func writeSegment(
        epoch: UInt64, isWhole: Bool = false, pieceLength: Int = 1 << 20, sharing: WorkSharing = .alone,
        to take: ([UInt8]) throws -> Void
    ) throws -> Int {
        guard hasChanges || isWhole else { return 0 }
        return try write(
            isWhole ? .all : .changes, epoch: epoch, pieceLength: pieceLength, sharing: sharing, to: take)
    }

    /// What lists of latents hold and no segment does, in pieces likewise; hands over nothing if there is nothing.
    ///
    /// The next segment has the rest of what has changed, and means something only together with this one: whoever merges
    /// both, in any order, holds what that one alone would have given.
    ///
    /// - Returns: The bytes handed over.
    /// - Throws: The first error of `take`; what was changed counts as not written then.
    @discardableResult public mutating func writeEntriesAhead(
        pieceLength: Int = 1 << 20, sharing: WorkSharing = .alone, to take: ([UInt8]) throws -> Void
    ) throws -> Int {
        guard unwrittenEntries > 0 else { return 0 }
        return try write(.entries, epoch: 0, pieceLength: pieceLength, sharing: sharing, to: take)
    }

    private mutating func write(
        _ contents: SegmentContents, epoch: UInt64, pieceLength: Int, sharing: WorkSharing,
        to take: ([UInt8]) throws -> Void
    ) throws -> Int {
        var fault: (any Error)?
        var bytes = 0
        withoutActuallyEscaping(take) { take in
            var writer = ByteWriter(pieceLength: max(1, pieceLength)) { piece in
                guard fault == nil else { return }
                bytes += piece.count
                do { try take(piece) } catch { fault = error }
            }
            write(contents, epoch: epoch, sharing: sharing, to: &writer)
            writer.flush()
        }
        if let fault { throw fault }
        markWritten(contents, sharing: sharing)
        return bytes
    }

    private mutating func write(_ contents: SegmentContents, epoch: UInt64) -> [UInt8] {
        var writer = ByteWriter()
        write(contents, epoch: epoch, sharing: .alone, to: &writer)
        markWritten(contents)
        return writer.bytes
    }

    private mutating func write(
        _ contents: SegmentContents, epoch: UInt64, sharing: WorkSharing, to writer: inout ByteWriter
    ) {
        if contents != .entries, hasChanges { totalsEpoch = max(totalsEpoch, epoch) }
        let (unwritten, slots) = prepare(contents, epoch: epoch, sharing)
        writeContents(contents, unwritten, of: slots, sharing, to: &writer)
    }

    /// Finds the entries of each page that a segment holds, notes the epoch of counts that have changed, and gives the slots
    /// of the windows that the segment refers to.
    private mutating func prepare(
        _ contents: SegmentContents, epoch: UInt64, _ sharing: WorkSharing
    ) -> (unwritten: [UnwrittenEntries], slots: [UInt32]) {
        let (latestDay, limits) = (latestDay, limits)
        let held = (0..<sharing.members).map { _ in WorkBuffer<Bool>() }
        for buffer in held { buffer.fill(windows.slotCount, with: false) }
        let all = Array(pages.indices)
        let unwritten = [UnwrittenEntries](unsafeUninitializedCapacity: all.count) { buffer, count in
            buffer.initialize(repeating: .listed)
            count = all.count
            // Each page has a place of its own.
            let places = buffer
            changePages(all, sharing: sharing) { page, number, windows, member in
                page.advance(to: latestDay, limits: limits, windows: windows, scratch: member.settling)
                if contents != .entries { page.note(epoch: epoch) }
                if contents == .all {
                    page.settle(limits: limits, windows: windows, scratch: member.settling)
                } else {
                    places[number] = page.unwritten(limits: limits, windows: windows, scratch: member.settling)
                }
                let isHeld = held[member.number].base
                switch places[number] {
                case .none: break
                case .listed:
                    for entry in page.samples.entries where contents == .all || entry.isUnwritten {
                        isHeld[Int(entry.slot)] = true
                    }
                case .logged(let samples):
                    for entry in samples.entries { isHeld[Int(entry.slot)] = true }
                }
            }
        }
        for entry in pool.entries where contents.holds(entry) { held[0].base[Int(entry.slot)] = true }
        let slots = (0..<windows.slotCount).compactMap { slot in
            held.contains { $0.base[slot] } ? UInt32(slot) : nil
        }
        return (unwritten, slots)
    }

    private func writeContents(
        _ contents: SegmentContents, _ unwritten: [UnwrittenEntries], of slots: [UInt32], _ sharing: WorkSharing,
        to writer: inout ByteWriter
    ) {
        let sources = sources.byName
        if contents == .entries {
            writeHeader(to: &writer)
        } else {
            writeHeader(
                to: &writer, epoch: totalsEpoch, totals: totals, positions: positions, sources: sources.map(\.source))
        }
        let places = writeWindows(of: slots, to: &writer)
        let counted = latents { number, page, latent in contents.holdsCounts(of: latent, in: page) }
        write(slicesOf: counted, entries: { _ in 16 }, sharing, to: &writer) { latents, previous, writer in
            self.writeCounts(of: latents, after: previous, to: &writer, places: sources.map(\.place))
        }
        let chosen = latents { number, page, latent in
            switch unwritten[number] {
            case .none: false
            case .listed:
                contents == .all
                    ? page.samples.places[latent].total > 0 : page.gates[latent].changes.contains(.entries)
            case .logged(let samples): samples.places[latent].total > 0
            }
        }
        let samples = { [self] (page: Int) in
            if case .logged(let samples) = unwritten[page] { samples } else { pages[page].samples }
        }
        let total = { [self] (latent: Int) in
            let place = place(of: latent)
            return samples(place.page).places[place.latent].total
        }
        write(slicesOf: chosen, entries: total, sharing, to: &writer) { latents, previous, writer in
            self.writeEntries(of: latents, in: samples, after: previous, to: &writer, places: places) { entry in
                contents == .all || entry.isUnwritten
            }
        }
        writePool(pool.entries.filter(contents.holds), to: &writer, places: places)
        writer.word(writer.checksum)
    }

    /// Writes what stands before the windows; nothing of the stream as a whole unless it is given.
    private func writeHeader(
        to writer: inout ByteWriter, epoch: UInt64 = 0, totals: StreamTotals = StreamTotals(),
        positions: InlineArray<12, UInt64> = InlineArray(repeating: 0), sources: [SourceTable.Source] = []
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

    /// Writes windows; gives the place of each, by its slot.
    private func writeWindows(of slots: [UInt32], to writer: inout ByteWriter) -> WindowPlaces {
        var places = WindowPlaces(slots: windows.slotCount, isDense: slots.count > windows.slotCount / 64)
        writer.count(slots.count)
        for (place, slot) in slots.sorted(by: { windows.storage.precedes($0, $1) }).enumerated() {
            places[slot] = UInt32(place)
            writer.endPiece()
            writer.raw(windows.storage.written(slot))
        }
        return places
    }

    /// Writes counts of some latents, which are ascending and after `previous`.
    private func writeCounts(
        of chosen: ArraySlice<Int>, after previous: Int, to writer: inout ByteWriter, places: [Int]
    ) {
        var previous = previous
        for latent in chosen {
            writer.count(latent - previous - 1)
            previous = latent
            let place = place(of: latent)
            writer.varint(pages[place.page].epochs[place.latent])
            pages[place.page].counters.counts(of: place.latent).write(to: &writer, sources: places)
        }
    }

    /// The latents for which something holds.
    func latents(where isChosen: (_ number: Int, LatentPage, _ latent: Int) -> Bool) -> [Int] {
        var chosen: [Int] = []
        for (number, page) in pages.enumerated() {
            for latent in 0..<page.count where isChosen(number, page, latent) {
                chosen.append(number * LatentPage.latents + latent)
            }
        }
        return chosen
    }

    /// Writes entries of some latents, which are ascending and after `previous`.
    ///
    /// - Parameters:
    ///   - samples: The lists of a page.
    ///   - isWanted: Whether an entry is written.
    private func writeEntries(
        of chosen: ArraySlice<Int>, in samples: (_ page: Int) -> PageSamples, after previous: Int,
        to writer: inout ByteWriter, places: WindowPlaces,
        where isWanted: (SampleEntry) -> Bool
    ) {
        let buffer = WorkBuffer<UInt8>()
        var previous = previous
        guard var page = chosen.first.map({ place(of: $0).page }) else { return }
        var lists = samples(page)
        for latent in chosen {
            writer.count(latent - previous - 1)
            previous = latent
            let place = place(of: latent)
            if place.page != page {
                page = place.page
                lists = samples(page)
            }
            lists.writeEntries(of: place.latent, to: &writer, by: buffer, places: places, where: isWanted)
        }
    }

    /// Writes entries of the pool, in its order.
    private func writePool(_ chosen: [PoolEntry], to writer: inout ByteWriter, places: WindowPlaces) {
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
}

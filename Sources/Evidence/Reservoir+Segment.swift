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

    /// What has changed since the last segment, if anything has, or all evidence, in pieces of about `pieceLength` bytes,
    /// so that the segment is never in memory as a whole.
    ///
    /// - Parameters:
    ///   - sharing: Who puts the bytes together. One member gives `take` what the others have put together.
    ///   - take: Is given one piece after the other, on any member's thread.
    /// - Throws: The first error of `take`; what was changed counts as not written then.
    public mutating func writeSegment(
        epoch: UInt64, isWhole: Bool = false, pieceLength: Int = 1 << 20, sharing: WorkSharing = .alone,
        to take: ([UInt8]) throws -> Void
    ) throws {
        guard hasChanges || isWhole else { return }
        var fault: (any Error)?
        withoutActuallyEscaping(take) { take in
            var writer = ByteWriter(pieceLength: max(1, pieceLength)) { piece in
                guard fault == nil else { return }
                do { try take(piece) } catch { fault = error }
            }
            write(epoch: epoch, isWhole: isWhole, sharing: sharing, to: &writer)
            writer.flush()
        }
        if let fault { throw fault }
        markWritten(sharing: sharing)
    }

    private mutating func write(epoch: UInt64, isWhole: Bool) -> [UInt8] {
        var writer = ByteWriter()
        write(epoch: epoch, isWhole: isWhole, sharing: .alone, to: &writer)
        markWritten()
        return writer.bytes
    }

    private mutating func write(
        epoch: UInt64, isWhole: Bool, sharing: WorkSharing, to writer: inout ByteWriter
    ) {
        if hasChanges { totalsEpoch = max(totalsEpoch, epoch) }
        let slots = prepare(epoch: epoch, isWhole: isWhole, sharing)
        writeContents(of: slots, isWhole: isWhole, sharing, to: &writer)
    }

    /// Settles, notes the epoch of counts that have changed, and gives the slots of the windows that a segment refers to.
    private mutating func prepare(epoch: UInt64, isWhole: Bool, _ sharing: WorkSharing) -> [UInt32] {
        let (latestDay, limits) = (latestDay, limits)
        let held = (0..<sharing.members).map { _ in WorkBuffer<Bool>() }
        for buffer in held { buffer.fill(windows.slotCount, with: false) }
        changePages(Array(pages.indices), sharing: sharing) { page, _, windows, member in
            page.advance(to: latestDay, limits: limits, windows: windows, scratch: member.settling)
            page.settle(limits: limits, windows: windows, scratch: member.settling)
            page.note(epoch: epoch)
            guard isWhole || page.gates.contains(where: { $0.changes.contains(.entries) }) else { return }
            let isHeld = held[member.number].base
            for entry in page.samples.entries where isWhole || entry.isUnwritten { isHeld[Int(entry.slot)] = true }
        }
        if isWhole || pool.hasUnwritten {
            for entry in pool.entries where isWhole || entry.marks.contains(.unwritten) {
                held[0].base[Int(entry.slot)] = true
            }
        }
        return (0..<windows.slotCount).compactMap { slot in
            held.contains { $0.base[slot] } ? UInt32(slot) : nil
        }
    }

    private func writeContents(
        of slots: [UInt32], isWhole: Bool, _ sharing: WorkSharing, to writer: inout ByteWriter
    ) {
        let sources = sources.byName
        writeHeader(
            to: &writer, epoch: totalsEpoch, totals: totals, positions: positions, sources: sources.map(\.source))
        let places = writeWindows(of: slots, to: &writer)
        let counted = latents { page, latent in
            page.gates[latent].changes.contains(.counts) || isWhole && !page.counts(of: latent).isZero
        }
        write(slicesOf: counted, entries: { _ in 16 }, sharing, to: &writer) { latents, previous, writer in
            self.writeCounts(of: latents, after: previous, to: &writer, places: sources.map(\.place))
        }
        let chosen = latents { page, latent in
            isWhole ? page.samples.places[latent].total > 0 : page.gates[latent].changes.contains(.entries)
        }
        let total = { [self] in pages[place(of: $0).page].samples.places[place(of: $0).latent].total }
        write(slicesOf: chosen, entries: total, sharing, to: &writer) { latents, previous, writer in
            self.writeEntries(of: latents, after: previous, to: &writer, places: places) { _, _, entry in
                isWhole || entry.isUnwritten
            }
        }
        writePool(
            pool.entries.filter { isWhole || $0.marks.contains(.unwritten) }, to: &writer, places: places)
        writer.word(writer.checksum)
    }

    /// The entries, or as much, that a member writes at once.
    private static let entriesTogether = 1 << 15

    /// Writes how many latents there are and what members write about slices of them, in order.
    ///
    /// While members write about some slices, one of them hands over what was written about those before.
    ///
    /// - Parameters:
    ///   - entries: How much there is to write about a latent.
    ///   - write: Writes about latents, the last of which before was `previous`, or -1.
    private func write(
        slicesOf latents: [Int], entries: (_ latent: Int) -> Int, _ sharing: WorkSharing, to writer: inout ByteWriter,
        _ write: @escaping (_ latents: ArraySlice<Int>, _ previous: Int, inout ByteWriter) -> Void
    ) {
        writer.count(latents.count)
        let all = Self.slices(of: latents, entries: entries)
        var written: [[UInt8]] = []
        var first = 0
        while first < all.count || !written.isEmpty {
            let slices = all[first..<min(first + 4 * sharing.members, all.count)]
            let before = written
            written = withUnsafeMutablePointer(to: &writer) { writer in
                [[UInt8]](unsafeUninitializedCapacity: slices.count) { buffer, initialized in
                    // Each piece writes to a place of its own, and only the first to the writer.
                    let places = buffer
                    sharing.perform(slices.count + 1) { piece, _ in
                        guard piece > 0 else { return before.forEach { writer.pointee.add($0) } }
                        let slice = slices[slices.startIndex + piece - 1]
                        var own = ByteWriter(capacity: 20 * Self.entriesTogether)
                        write(latents[slice], slice.lowerBound == 0 ? -1 : latents[slice.lowerBound - 1], &own)
                        places.initializeElement(at: piece - 1, to: own.bytes)
                    }
                    initialized = slices.count
                }
            }
            first = slices.endIndex
        }
    }

    private static func slices(of latents: [Int], entries: (_ latent: Int) -> Int) -> [Range<Int>] {
        var slices: [Range<Int>] = []
        var (start, count) = (0, 0)
        for (index, latent) in latents.enumerated() {
            count += 1 + entries(latent)
            guard count >= entriesTogether || index == latents.count - 1 else { continue }
            slices.append(start..<index + 1)
            (start, count) = (index + 1, 0)
        }
        return slices
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
            pages[place.page].counts(of: place.latent).write(to: &writer, sources: places)
        }
    }

    /// The latents for which something holds.
    func latents(where isChosen: (LatentPage, Int) -> Bool) -> [Int] {
        var chosen: [Int] = []
        for (number, page) in pages.enumerated() {
            for latent in 0..<page.count where isChosen(page, latent) {
                chosen.append(number * LatentPage.latents + latent)
            }
        }
        return chosen
    }

    /// Writes entries of some latents, which are ascending and after `previous`.
    ///
    /// - Parameter isWanted: Whether an entry is written, by its latent and its place among the entries of the latent's page.
    func writeEntries(
        of chosen: ArraySlice<Int>, after previous: Int, to writer: inout ByteWriter, places: WindowPlaces,
        where isWanted: (_ latent: Int, _ index: Int, _ entry: SampleEntry) -> Bool
    ) {
        let buffer = WorkBuffer<UInt8>()
        var previous = previous
        for latent in chosen {
            writer.count(latent - previous - 1)
            previous = latent
            let (page, own) = place(of: latent)
            pages[page].samples.writeEntries(of: own, to: &writer, by: buffer, places: places) {
                isWanted(latent, $0, $1)
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
}

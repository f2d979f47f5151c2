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
        writer.raw(SegmentFormat.magic)
        let isLowered = sample < settings.sample
        let format = isLowered ? SegmentFormat.version : SegmentFormat.unlowered
        writer.byte(format | (writer.isInPieces ? SegmentFormat.inPieces : 0))
        writer.hash(identityHash)
        if isLowered { writer.count(sample) }
        writer.varint(totalsEpoch)
        for total in [totals.tokens, totals.contexts, totals.windows, totals.shortWindows] { writer.varint(total) }
        let sources = sources.byName
        writeBreakdown(of: sources.map(\.source), to: &writer)
        writer.byte(latestDay == nil ? 0 : 1)
        if let latestDay { writer.signed(latestDay) }
        let places = writeWindows(to: &writer, isWhole: isWhole)
        writeCounts(to: &writer, places: sources.map(\.place), isWhole: isWhole)
        writeEntries(to: &writer, places: places, isWhole: isWhole)
        writePool(to: &writer, places: places, isWhole: isWhole)
        writer.word(writer.checksum)
    }

    /// Writes the windows that what follows refers to; gives each slot's place, `nil` if it is not written.
    private func writeWindows(to writer: inout ByteWriter, isWhole: Bool) -> [UInt32?] {
        var places = [UInt32?](repeating: nil, count: windows.slotCount)
        for page in pages where isWhole || page.gates.contains(where: { $0.changes.contains(.entries) }) {
            for entry in page.samples.entries where isWhole || entry.isUnwritten { places[Int(entry.slot)] = 0 }
        }
        if isWhole || pool.hasUnwritten {
            for entry in pool.entries where isWhole || entry.marks.contains(.unwritten) {
                places[Int(entry.slot)] = 0
            }
        }
        let slots = places.indices.compactMap { places[$0] == nil ? nil : UInt32($0) }
            .sorted { windows.storage.precedes($0, $1) }
        writer.count(slots.count)
        for (place, slot) in slots.enumerated() {
            places[Int(slot)] = UInt32(place)
            let tokens = windows.storage.tokens(of: slot)
            writer.count(tokens.count)
            for token in tokens { writer.varint(token) }
        }
        return places
    }

    private func writeBreakdown(of sources: [SourceTable.Source], to writer: inout ByteWriter) {
        for bin in 0..<PositionBins.count { writer.varint(positions[bin]) }
        writer.count(sources.count)
        for source in sources {
            writer.count(source.name.utf8.count)
            writer.raw(source.name.utf8)
            writer.varint(source.tokens)
            writer.varint(source.contexts)
        }
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
    private func latents(where isChosen: (LatentPage, Int) -> Bool) -> [Int] {
        pages.enumerated().flatMap { number, page in
            (0..<page.count).filter { isChosen(page, $0) }.map { number * LatentPage.latents + $0 }
        }
    }

    private func writeEntries(to writer: inout ByteWriter, places: [UInt32?], isWhole: Bool) {
        let chosen = latents { page, latent in
            isWhole ? page.samples.places[latent].total > 0 : page.gates[latent].changes.contains(.entries)
        }
        writer.count(chosen.count)
        var previous = -1
        for latent in chosen {
            writer.count(latent - previous - 1)
            previous = latent
            let place = place(of: latent)
            let own = pages[place.page].samples
            for list in SampleList.allCases {
                let entries = own.placed(list, latent: place.latent).filter { isWhole || $0.entry.isUnwritten }
                writer.count(entries.count)
                var previousPlace = -1
                for (entry, firing) in entries {
                    let window = Int(places[Int(entry.slot)] ?? 0)
                    writer.count(window - previousPlace - 1)
                    previousPlace = window
                    writer.word(entry.document.value)
                    writer.raw(Firing.slice(of: own.firings, at: firing))
                }
            }
        }
    }

    private func writePool(to writer: inout ByteWriter, places: [UInt32?], isWhole: Bool) {
        let chosen = pool.entries.filter { isWhole || $0.marks.contains(.unwritten) }
        writer.count(chosen.count)
        var previousPlace = -1
        for entry in chosen {
            let place = Int(places[Int(entry.slot)] ?? 0)
            writer.count(place - previousPlace - 1)
            previousPlace = place
            writer.word(entry.document.value)
            writer.byte(entry.marks.intersection(.sides).rawValue)
            writer.count(entry.latents.bytes.count)
            writer.raw(entry.latents.bytes)
        }
    }

    private mutating func markWritten() {
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

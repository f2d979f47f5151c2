internal import Elements

// What reservoirs in several processes do for one another: some sample parts of the stream, others hold shares of the
// latents and take in what those have sampled.

extension Reservoir {
    /// Takes out what has been counted since it was last taken; samples and pool stay.
    public mutating func takeCounts() -> StreamCounts {
        var taken = StreamCounts()
        (taken.totals, taken.positions, taken.sources) = (totals, positions, sources)
        taken.latestDay = latestDay
        totals = StreamTotals()
        positions = InlineArray(repeating: 0)
        sources = SourceTable()
        for page in pages.indices {
            for latent in 0..<pages[page].count where pages[page].gates[latent].changes.contains(.counts) {
                let number = Int32(truncatingIfNeeded: page * LatentPage.latents + latent)
                taken.latents[number] = pages[page].counts(of: latent)
                pages[page].set(LatentCounts(), of: latent)
                pages[page].gates[latent].changes.remove(.counts)
            }
        }
        return taken
    }

    /// Adds counts of another part of the stream.
    public mutating func add(_ counts: StreamCounts) {
        hasChanges = true
        totals.add(counts.totals)
        if let day = counts.latestDay { advance(to: day) }
        for bin in 0..<PositionBins.count { positions[bin] &+= counts.positions[bin] }
        for source in counts.sources.places.compactMap(\.self) {
            if let place = place(ofSource: source.name) { sources.add(source, at: place) }
        }
        let places = sources.places(of: counts.sources)
        for (latent, theirs) in counts.latents where (0..<coder.latents).contains(Int(latent)) {
            let place = place(of: Int(latent))
            var sum = theirs
            sum.move(sources: places)
            sum.add(pages[place.page].counts(of: place.latent))
            pages[place.page].set(sum, of: place.latent)
            pages[place.page].gates[place.latent].changes.insert(.counts)
        }
    }

    /// Takes what has changed of samples and pool since it was last taken, parted by the share that each latent belongs to,
    /// in segments without counts of about `limit` bytes at most; changes of the pool are in every share.
    ///
    /// Whoever has merged all segments of a share so far holds what this reservoir holds of the share's latents.
    public mutating func takeChanges(shares: Int, limit: Int, share: (_ latent: Int) -> Int) -> [[[UInt8]]] {
        settle()
        let pool = pool.entries.filter { $0.marks.contains(.unwritten) }
        var chosen = [[Int]](repeating: [], count: max(0, shares))
        for latent in latents(where: { $1.gates[$2].changes.contains(.entries) }) {
            let share = share(latent)
            if chosen.indices.contains(share) { chosen[share].append(latent) }
        }
        let segments = chosen.map { latents in
            var chunks = SegmentChunks(limit: limit)
            for latent in latents { gather(changesOf: latent, into: &chunks) }
            for entry in pool {
                chunks.add(
                    entry, bytes: 12 + entry.latents.bytes.count, windowBytes: windowBytes(of: entry.slot))
            }
            return chunks.whole.map { write($0) }
        }
        markWritten()
        return segments
    }

    /// Takes in a segment of another reservoir that was made by `takeChanges`.
    ///
    /// In any order and more than once: samples and pool depend on neither.
    ///
    /// - Throws: `EvidenceError` for a segment that is damaged, foreign, has counts, or has latents that are not its own;
    ///   it then changes nothing.
    public mutating func take(changes bytes: [UInt8], owns: (_ latent: Int) -> Bool) throws(EvidenceError) {
        let segment = try DecodedSegment(bytes, identity: identityHash, settings: settings, latents: coder.latents)
        guard segment.counts.isEmpty, segment.totals == StreamTotals() else {
            throw .malformedSegment(offset: 0, "it has counts, which come apart from samples")
        }
        for latent in segment.latentsWithEntries where !owns(Int(latent)) {
            throw .malformedSegment(offset: 0, "it has latent \(latent), which is of another share")
        }
        hasChanges = true
        mergeSamples(of: segment, areWritten: false)
    }

    /// Merges the reservoir of another share of the latents, which has seen the same stream: samples and counts of latents
    /// merge, and what counts for all of the stream is the same in both.
    ///
    /// - Throws: `EvidenceError.foreignReservoir` unless settings and coder are equal, and so is what counts for all.
    public mutating func merge(share other: Reservoir) throws(EvidenceError) {
        let all = isEmpty ? other : self
        guard isEmpty || totals == other.totals else { throw .foreignReservoir }
        try merge(other)
        (totals, positions) = (all.totals, all.positions)
        for source in all.sources.places.compactMap(\.self) {
            guard let place = sources.place(of: source.name) else { continue }
            sources.replace(tokens: source.tokens, contexts: source.contexts, at: place)
        }
    }

    private func gather(changesOf latent: Int, into chunks: inout SegmentChunks) {
        let place = place(of: latent)
        let samples = pages[place.page].samples
        samples.forEachEntry(of: place.latent) { _, index, firing in
            let entry = samples.entries[index]
            guard entry.isUnwritten else { return }
            chunks.add(
                entry, at: index, of: latent, bytes: 10 + Firing.byteCount(in: samples.firings, at: firing),
                windowBytes: windowBytes(of: entry.slot))
        }
    }

    /// The most bytes that a window takes in a segment.
    private func windowBytes(of slot: UInt32) -> Int { 2 + 5 * windows.storage.tokens(of: slot).count }

    private func write(_ chunk: SegmentChunks.Chunk) -> [UInt8] {
        var writer = ByteWriter()
        writeHeader(to: &writer)
        let places = writeWindows(of: Array(chunk.slots), to: &writer)
        writer.count(0)
        writer.count(chunk.entries.count)
        let samples = { [self] in pages[$0].samples }
        writeEntries(of: chunk.entries.keys.sorted()[...], in: samples, after: -1, to: &writer, places: places) {
            latent, index, entry in
            entry.isUnwritten && chunk.entries[latent]?.contains(index) == true
        }
        writePool(chunk.pool, to: &writer, places: places)
        writer.word(writer.checksum)
        return writer.bytes
    }
}

internal import Elements

// What reservoirs in several processes do for one another: some sample parts of the stream, others hold shares of the
// latents and take in what those have sampled.

extension Reservoir {
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
            sum.add(pages[place.page].counters.counts(of: place.latent))
            pages[place.page].counters.set(sum, of: place.latent)
            pages[place.page].gates[place.latent].changes.insert(.counts)
        }
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
}

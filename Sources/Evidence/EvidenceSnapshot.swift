internal import Elements
internal import Hashing

/// A fixed view of a reservoir: copies of its columns, which share storage until the reservoir writes to them.
struct EvidenceSnapshot: EvidenceView {
    let coder: CoderIdentity
    let totals: StreamTotals
    let digest: Hash128
    let pages: [LatentPage]
    let windows: WindowPages
    let poolEntries: [PoolEntry]
    let positions: InlineArray<12, UInt64>
    let sources: SourceTable

    var pool: [PoolWindow] {
        poolEntries.map { entry in
            PoolWindow(
                window: windows.window(entry.slot), latents: entry.latents.latents,
                isTrain: entry.marks.contains(.train), isTest: entry.marks.contains(.test),
                document: entry.document.known)
        }
    }

    var breakdown: StreamBreakdown {
        StreamBreakdown(
            tokensByPosition: (0..<PositionBins.count).map { positions[$0] },
            sources: sources.byName.map {
                SourceTotals(name: $0.source.name, tokens: $0.source.tokens, contexts: $0.source.contexts)
            })
    }

    func breakdown(of latent: Int) -> FiringBreakdown {
        counts(of: latent).breakdown(sources: sources.byName.map(\.place))
    }

    func statistics(of latent: Int) -> LatentStatistics {
        counts(of: latent).statistics
    }

    func tokensFired(of latent: Int) -> UInt64 {
        guard let (page, place) = place(of: latent) else { return 0 }
        return pages[page].counters.fired(by: place).tokens
    }

    func windowsFired(of latent: Int) -> UInt64 {
        guard let (page, place) = place(of: latent) else { return 0 }
        return pages[page].counters.fired(by: place).windows
    }

    func evidence(of latent: Int) -> LatentEvidence {
        guard let (page, place) = place(of: latent) else {
            return LatentEvidence(
                latent: latent, statistics: statistics(of: latent), train: [], top: [], test: [], recent: [])
        }
        let samples = pages[page].samples
        return LatentEvidence(
            latent: latent, statistics: statistics(of: latent),
            train: samples.placed(.train, latent: place).map { example($0, in: samples) },
            top: top(of: place, in: samples),
            test: samples.placed(.test, latent: place).map { example($0, in: samples) },
            recent: recent(of: place, in: samples))
    }

    func sampled(of latent: Int) -> Int {
        guard let (page, place) = place(of: latent) else { return 0 }
        let samples = pages[page].samples
        return samples.placed(.train, latent: place).count + samples.placed(.test, latent: place).count
    }

    func trainPeaks(of latent: Int) -> [Float] {
        guard let (page, place) = place(of: latent) else { return [] }
        let samples = pages[page].samples
        return samples.placed(.train, latent: place).map {
            ActivationCode.decode(Firing.peak(in: samples.firings, at: $0.firing))
        }
    }

    private func place(of latent: Int) -> (page: Int, latent: Int)? {
        guard latent >= 0, latent < coder.latents else { return nil }
        return (latent / LatentPage.latents, latent % LatentPage.latents)
    }

    private func counts(of latent: Int) -> LatentCounts {
        guard let (page, place) = place(of: latent) else { return LatentCounts() }
        return pages[page].counters.counts(of: place)
    }

    private func example(_ placed: (entry: SampleEntry, firing: Int), in samples: PageSamples) -> Example {
        let window = windows.window(placed.entry.slot)
        return Example(
            window: window,
            activations: Firing.activations(in: samples.firings, at: placed.firing, tokens: window.tokens.count),
            document: placed.entry.document.known)
    }

    /// The windows of `top` by descending peak; of equal ones the lower priority comes first.
    private func top(of latent: Int, in samples: PageSamples) -> [Example] {
        samples.placed(.top, latent: latent).enumerated()
            .map { (place: $0, placed: $1, peak: Firing.peak(in: samples.firings, at: $1.firing)) }
            .sorted { ($1.peak, $0.place) < ($0.peak, $1.place) }
            .map { example($0.placed, in: samples) }
    }

    /// Both days in one, by ascending priority; a window of both days once, as it is on the day that would replace the
    /// other.
    private func recent(of latent: Int, in samples: PageSamples) -> [Example] {
        var earlier = samples.placed(.earlierDay, latent: latent)[...]
        var latest = samples.placed(.latestDay, latent: latent)[...]
        let firings = samples.firings
        var result: [Example] = []
        while let one = earlier.first, let other = latest.first {
            var taken = one
            if one.entry.slot == other.entry.slot {
                let isSame = Firing.slice(of: firings, at: other.firing)
                    .elementsEqual(Firing.slice(of: firings, at: one.firing))
                if isSame
                    ? other.entry.document < one.entry.document
                    : Firing.replaces(firings, at: other.firing, firings, at: one.firing)
                {
                    taken = other
                }
                earlier.removeFirst()
                latest.removeFirst()
            } else if windows.precedes(one.entry.slot, other.entry.slot) {
                earlier.removeFirst()
            } else {
                taken = other
                latest.removeFirst()
            }
            result.append(example(taken, in: samples))
        }
        return result + (earlier + latest).map { example($0, in: samples) }
    }
}

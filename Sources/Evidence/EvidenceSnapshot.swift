internal import Elements
internal import Hashing

/// A fixed view of a reservoir: copies of its columns, which share storage until the reservoir writes to them.
struct EvidenceSnapshot: EvidenceView {
    let coder: CoderIdentity
    let totals: StreamTotals
    let digest: Hash128
    let counts: [LatentCounts]
    let samples: [LatentSamples]
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
        let own = counts.indices.contains(latent) ? counts[latent] : LatentCounts()
        return FiringBreakdown(
            byPosition: (0..<PositionBins.count).map { own.positions[$0] },
            bySource: sources.byName.map { own.sources[$0.place] })
    }

    func statistics(of latent: Int) -> LatentStatistics {
        (counts.indices.contains(latent) ? counts[latent] : LatentCounts()).statistics
    }

    func evidence(of latent: Int) -> LatentEvidence {
        guard samples.indices.contains(latent) else {
            return LatentEvidence(
                latent: latent, statistics: statistics(of: latent), train: [], top: [], test: [], recent: [])
        }
        return LatentEvidence(
            latent: latent, statistics: statistics(of: latent), train: examples(of: latent, in: .train),
            top: examples(of: latent, in: .top), test: examples(of: latent, in: .test), recent: recent(of: latent))
    }

    private func examples(of latent: Int, in list: SampleList) -> [Example] {
        samples[latent].range(of: list).map { example(of: latent, at: $0) }
    }

    private func example(of latent: Int, at index: Int) -> Example {
        let entry = samples[latent].entries[index]
        let window = windows.window(entry.slot)
        return Example(
            window: window,
            activations: Firing.activations(
                in: samples[latent].arena, at: entry.start, tokens: window.tokens.count),
            document: entry.document.known)
    }

    /// Both days in one, by ascending priority; a window of both days once, as it is on the day that would replace the
    /// other.
    private func recent(of latent: Int) -> [Example] {
        let own = samples[latent]
        var earlier = own.range(of: .earlierDay)
        var latest = own.range(of: .latestDay)
        var result: [Example] = []
        while let left = earlier.first, let right = latest.first {
            let (one, other) = (own.entries[left], own.entries[right])
            var taken = left
            if one.slot == other.slot {
                let isSame = Firing.slice(of: own.arena, at: other.start)
                    .elementsEqual(Firing.slice(of: own.arena, at: one.start))
                if isSame
                    ? other.document < one.document
                    : Firing.replaces(own.arena, at: other.start, own.arena, at: one.start)
                {
                    taken = right
                }
                earlier.removeFirst()
                latest.removeFirst()
            } else if windows.precedes(one.slot, other.slot) {
                earlier.removeFirst()
            } else {
                taken = right
                latest.removeFirst()
            }
            result.append(example(of: latent, at: taken))
        }
        return result + earlier.map { example(of: latent, at: $0) } + latest.map { example(of: latent, at: $0) }
    }
}

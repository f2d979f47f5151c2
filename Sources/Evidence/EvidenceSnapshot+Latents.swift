internal import Elements

/// The looks at all latents, page by page: with a million of them, an allocation or a lookup for each would take seconds.
extension EvidenceSnapshot {
    func forEachLatent(
        _ body: (_ latent: Int, _ statistics: LatentStatistics, _ breakdown: FiringBreakdown) -> Void
    ) {
        let places = sources.byName.map(\.place)
        var statistics = LatentCounts().statistics
        var breakdown = LatentCounts().breakdown(sources: places)
        var latent = 0
        for page in pages {
            let counters = page.counters
            for place in 0..<page.count {
                if counters.isSmall(place) {
                    counters.small[place].write(to: &statistics, &breakdown, sources: places)
                    body(latent, statistics, breakdown)
                } else {
                    let counts = counters.counts(of: place)
                    body(latent, counts.statistics, counts.breakdown(sources: places))
                }
                latent += 1
            }
        }
    }

    func forEachFiring(_ body: (_ latent: Int, _ firing: LatentFiring) -> Void) {
        var latent = 0
        for page in pages {
            let counters = page.counters
            for place in 0..<page.count {
                let maximum =
                    counters.isSmall(place) ? counters.small[place].maximum : counters.counts(of: place).maximum
                body(latent, LatentFiring(tokens: counters.fired(by: place).tokens, maximum: maximum))
                latent += 1
            }
        }
    }
}

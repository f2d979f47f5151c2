extension Reservoir {
    /// Takes windows of days after `today` for today's, so that those that come are not too old beside them.
    ///
    /// The next segment only adds to earlier ones, which name the later day: write a whole one in their place.
    ///
    /// - Parameter today: In days since 1970.
    /// - Returns: The latest day until now, if it lay after today.
    public mutating func limitDays(to today: Int64) -> Int64? {
        guard let latest = latestDay, latest > today else { return nil }
        latestDay = today
        hasChanges = true
        for latent in samples.indices where samples[latent].count(of: .earlierDay) > 0 {
            // The day before one that has not begun is today or has not begun either.
            let own = samples[latent]
            for entry in own.entries[own.range(of: .earlierDay)] {
                offer(
                    own.arena, at: entry.start, of: latent, slot: entry.slot, priority: entry.priority,
                    document: entry.document, to: .latestDay, isWritten: false)
            }
            samples[latent].drop(.earlierDay, windows: &windows)
            gates[latent].update(from: samples[latent], settings: settings)
            gates[latent].changes.formUnion([.digest, .entries])
        }
        return latest
    }
}

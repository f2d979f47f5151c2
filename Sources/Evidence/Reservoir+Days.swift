extension Reservoir {
    /// Takes windows of days after `today` for today's, so that those that come are not too old beside them.
    ///
    /// The next segment only adds to earlier ones, which name the later day: write a whole one in their place.
    ///
    /// - Parameter today: In days since 1970.
    /// - Returns: The latest day until now, if it lay after today.
    public mutating func limitDays(to today: Int64) -> Int64? {
        guard let latest = latestDay, latest > today else { return nil }
        settle()
        latestDay = today
        hasChanges = true
        let scratch = SettlingScratch()
        for page in pages.indices {
            // The day before one that has not begun is today or has not begun either.
            let samples = pages[page].samples
            var held: [(latent: Int, entry: SampleEntry, firing: Int)] = []
            for latent in 0..<pages[page].count {
                for list in [SampleList.earlierDay, .latestDay] {
                    held += samples.placed(list, latent: latent).map { (latent, $0.entry, $0.firing) }
                }
            }
            for (_, entry, _) in held { windows.retain(entry.slot) }
            pages[page].forgetDays(
                today: today, limits: limits, windows: windows.storage, scratch: scratch)
            giveUp(scratch)
            for (latent, entry, firing) in held {
                pages[page].log.append(
                    samples.firings, at: firing, latent: UInt8(truncatingIfNeeded: latent), slot: entry.slot,
                    priority: entry.priority, document: entry.document, lists: .latestDay, isWritten: false)
            }
            pages[page].settle(limits: limits, windows: windows.storage, scratch: scratch)
            giveUp(scratch)
        }
        return latest
    }
}

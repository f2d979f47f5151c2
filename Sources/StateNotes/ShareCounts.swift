/// Counts of latents that have fired seldom or never, of shares in each of which the latents of the others have never fired.
enum ShareCounts {
    /// How many of all latents are among those that are counted, in whichever share they belong to.
    static func among(_ latents: Int, _ counts: [Int]) -> Int {
        // Whoever is not counted by a share belongs to it.
        max(0, counts.reduce(latents) { $0 &- (latents &- $1) })
    }
}

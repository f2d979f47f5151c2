import Elements

extension BrokenDownView {
    /// What the owner of some of the latents holds: nothing of the others, and what counts for all.
    package func share(where owns: (_ latent: Int) -> Bool) -> BrokenDownView {
        var share = self
        for latent in firing.indices where !owns(latent) {
            share.firing[latent] = FiringBreakdown(
                byPosition: firing[latent].byPosition.map { _ in 0 }, bySource: firing[latent].bySource.map { _ in 0 })
            share.counts[latent] = nil
        }
        return share
    }
}

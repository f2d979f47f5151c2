import Elements
import Examples
import Hashing

/// Chooses the windows a contrastive explainer shows as those in which the latent is silent.
enum ContrastSampling {
    /// At most `count` train windows of the pool in which the latent is silent.
    ///
    /// Only windows with the train bit and without the test bit are taken. Those that hold a token of `near` come
    /// first: what looks the same but leaves the latent silent says most. Within each kind the order is a keyed hash.
    static func choose(
        _ count: Int, latent: Int, from pool: [PoolWindow], near: Set<UInt32>, seed: UInt64
    ) -> [Window] {
        guard count > 0, let latent = Int32(exactly: latent) else { return [] }
        let silent = pool.filter { $0.isTrain && !$0.isTest && !$0.latents.contains(latent) }.map(\.window)
        let order = SeededOrder(seed: seed, purpose: .examples)
        let ranked = order.sorted(silent, latent: Int(latent)) { $0.identity }
        let close = ranked.filter { window in window.tokens.contains { near.contains($0) } }
        let far = ranked.filter { window in !window.tokens.contains { near.contains($0) } }
        return Array((close + far).prefix(count))
    }
}

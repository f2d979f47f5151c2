public import Elements
import Examples
public import Hashing

/// A beginning of a train window, at whose end a latent is turned up.
public struct OrdinaryText: Sendable, Hashable, Codable {
    /// The window's identity.
    public let identity: Hash128
    /// The token ids, from the subject's BOS on if it has one.
    public let tokens: [UInt32]

    /// The fewest tokens of a window that come before the cut.
    static let fewest = 4
    /// The most.
    static let most = 32
    /// Sets the order and the cut apart from other choices.
    private static let variant: UInt64 = 0x6f75_7470

    /// Chooses texts from the windows of a pool that occurred in train documents only; whichever latents fire in them.
    ///
    /// Which windows are taken, and where each is cut, follows from the seed and the window alone: the texts are the same for all
    /// latents, so that what the subject does without an addition is computed once.
    /// - Parameter bos: The token that texts begin with, put before those that do not; `nil` for none.
    public static func choose(_ count: Int, from pool: [PoolWindow], seed: UInt64, bos: UInt32?) -> [OrdinaryText] {
        let order = SeededOrder(seed: seed, purpose: .examples)
        let windows = pool.filter { $0.isTrain && !$0.isTest && $0.window.tokens.count >= fewest }.map(\.window)
        var known: Set<[UInt32]> = []
        var texts: [OrdinaryText] = []
        for window in order.sorted(windows, latent: -1, variant: variant, identity: \.identity) {
            guard texts.count < count else { break }
            let cuts = UInt64(window.tokens.count - fewest + 1)
            let draw = order.rank(latent: -1, identity: window.identity, variant: variant + 1)
            var tokens = Array(window.tokens.prefix(fewest + Int(draw % cuts)).suffix(most))
            if let bos, tokens.first != bos { tokens.insert(bos, at: 0) }
            guard known.insert(tokens).inserted else { continue }
            texts.append(OrdinaryText(identity: window.identity, tokens: tokens))
        }
        return texts
    }
}

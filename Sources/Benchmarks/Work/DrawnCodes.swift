internal import Elements
internal import Hashing

/// Codes without a model: contexts of 256 random tokens, 32 latents active at each.
///
/// Half of a token's latents are active at the next one too, so that a latent fires on two tokens of a window, as in usual
/// text; how often a latent fires falls off from the first to the last. Every batch is another one.
struct DrawnCodes {
    static let active = 32
    private static let context = 256
    private static let vocabulary: UInt64 = 49_152

    private let latents: Int
    private var state: UInt64

    init(latents: Int, seed: UInt64) {
        self.latents = latents
        state = seed
    }

    /// The next word of SplitMix64.
    ///
    /// Source: Steele, Lea and Flood, "Fast splittable pseudorandom number generators" (2014).
    private mutating func word() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var word = state
        word = (word ^ word >> 30) &* 0xbf58_476d_1ce4_e5b9
        word = (word ^ word >> 27) &* 0x94d0_49bb_1331_11eb
        return word ^ word >> 31
    }

    private mutating func share() -> Double { Double(word() >> 11) * 0x1p-53 }

    /// A batch of some contexts.
    mutating func batch(contexts count: Int) -> CodeBatch {
        var contexts: [Context] = []
        var rowStarts = [0]
        var (chosen, activations) = ([Int32](), [Float]())
        for _ in 0..<count {
            let tokens = (0..<Self.context).map { _ in UInt32(word() % Self.vocabulary) }
            contexts.append(
                Context(tokens: tokens, document: Hash128(high: word(), low: word()), timestamp: 0, source: nil))
            var current: [Int32] = []
            for _ in 0..<Self.context {
                current.removeAll { _ in word() & 1 == 0 }
                while current.count < min(Self.active, latents) {
                    let share = share()
                    let latent = Int32(share * share * Double(latents))
                    if !current.contains(latent) { current.append(latent) }
                }
                chosen += current.sorted()
                for _ in current { activations.append(Float(1 + 8 * share() * share())) }
                rowStarts.append(chosen.count)
            }
        }
        return CodeBatch(contexts: contexts, rowStarts: rowStarts, latents: chosen, activations: activations)
    }
}

internal import Elements
internal import Hashing
internal import Statistics

/// Codes without a model: contexts of 256 random tokens, 32 latents active at each.
///
/// Half of a token's latents are active at the next one too, so that a latent fires on two tokens of a window, as in usual
/// text; how often a latent fires falls off from the first to the last. Every batch is another one.
struct DrawnCodes {
    static let active = 32
    private static let context = 256
    private static let vocabulary: UInt64 = 49_152

    private let latents: Int
    private var generator: SeededGenerator

    init(latents: Int, seed: UInt64) {
        self.latents = latents
        generator = SeededGenerator(seed: seed)
    }

    /// A batch of some contexts.
    mutating func batch(contexts count: Int) -> CodeBatch {
        var contexts: [Context] = []
        var rowStarts = [0]
        var (chosen, activations) = ([Int32](), [Float]())
        for _ in 0..<count {
            let tokens = (0..<Self.context).map { _ in UInt32(generator.next() % Self.vocabulary) }
            contexts.append(
                Context(
                    tokens: tokens, document: Hash128(high: generator.next(), low: generator.next()), timestamp: 0,
                    source: nil))
            var current: [Int32] = []
            for _ in 0..<Self.context {
                current.removeAll { _ in generator.next() & 1 == 0 }
                while current.count < min(Self.active, latents) {
                    let share = generator.unit()
                    let latent = Int32(share * share * Double(latents))
                    if !current.contains(latent) { current.append(latent) }
                }
                chosen += current.sorted()
                for _ in current { activations.append(Float(1 + 8 * generator.unit() * generator.unit())) }
                rowStarts.append(chosen.count)
            }
        }
        return CodeBatch(contexts: contexts, rowStarts: rowStarts, latents: chosen, activations: activations)
    }
}

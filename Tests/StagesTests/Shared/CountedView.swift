import Elements
import Hashing
import StateFixtures
import Synchronization

/// A view that counts how often its pool is decoded.
final class CountedView: EvidenceView {
    let coder: CoderIdentity
    let totals = StreamTotals()
    let digest: Hash128
    private let windows: [PoolWindow]
    private let examples: [Int: LatentEvidence]
    private let decoded = Mutex(0)

    init(
        _ windows: [PoolWindow], digest: Hash128 = Fixture.hash(9), examples: [Int: LatentEvidence] = [:],
        latents: Int = 4
    ) {
        coder = CoderIdentity(name: "codes", hookpoint: "layers.0", latents: latents, digest: Fixture.hash(3))
        self.windows = windows
        self.digest = digest
        self.examples = examples
    }

    var timesDecoded: Int { decoded.withLock { $0 } }

    var pool: [PoolWindow] {
        decoded.withLock { $0 += 1 }
        return windows
    }

    func statistics(of latent: Int) -> LatentStatistics { evidence(of: latent).statistics }

    func evidence(of latent: Int) -> LatentEvidence {
        examples[latent]
            ?? LatentEvidence(
                latent: latent,
                statistics: LatentStatistics(
                    tokensFired: 0, windowsFired: 0, sum: 0, sumOfSquares: 0, maximum: 0, histogram: []),
                train: [], top: [], test: [], recent: [])
    }
}

extension Fixture {
    /// A window of the pool in which some latents fire; equal tokens are one window.
    static func pooled(_ tokens: [UInt32], latents: [Int32] = [], isTrain: Bool = false) -> PoolWindow {
        PoolWindow(window: window(tokens), latents: latents, isTrain: isTrain, isTest: !isTrain)
    }

    /// A window in which a latent fires at one place.
    static func example(_ tokens: [UInt32], at place: Int = 1, activation: Float = 2) -> Example {
        var activations = [Float](repeating: 0, count: tokens.count)
        activations[place] = activation
        return Example(window: window(tokens), activations: activations)
    }

    private static func window(_ tokens: [UInt32]) -> Window {
        let number = tokens.reduce(UInt64(17)) { $0 &* 1_000_003 &+ UInt64($1) }
        return Window(tokens: tokens, identity: hash(number), priority: hash(number).high)
    }
}

import Hashing
import Inference

/// How explanations of what a latent does are drawn; one of them is scored.
///
/// What is drawn follows from the latent and the node's seed, so that a job that is run again asks the same.
public struct ExplanationDrawing: Sendable, Hashable, Codable {
    /// How many explanations are asked for.
    public var count = 5
    /// The temperature; at 0 all answers are the same, and one is asked for.
    public var temperature = 0.7

    /// Makes the paper's settings.
    public init() {}

    /// How each explanation of a latent is drawn; `nil` for one that is greedy.
    func samplings(latent: Int, seed: UInt64) -> [AnswerSampling?] {
        guard temperature > 0 else { return [nil] }
        return (0..<max(count, 1)).map { place in
            var hasher = SipHasher(key: SipKey(seed: seed, purpose: 0x6472_6177), wide: false)
            hasher.update(Int64(latent))
            hasher.update(Int64(place))
            return AnswerSampling(temperature: temperature, seed: hasher.finalize64())
        }
    }

    /// The place of the explanation that is scored, drawn evenly from `count`; 0 if there is none.
    static func choice(from count: Int, latent: Int, seed: UInt64) -> Int {
        guard count > 0 else { return 0 }
        var hasher = SipHasher(key: SipKey(seed: seed, purpose: 0x7069_636b), wide: false)
        hasher.update(Int64(latent))
        return Int(hasher.finalize64() % UInt64(count))
    }
}

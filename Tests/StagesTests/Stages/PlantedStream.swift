import Dataflow
import Elements
import Evidence
import Hashing
import StateFixtures

@testable import Stages

/// Texts ` w0`, ` w1`, … that share no shape.
struct PlantedWords: TextTokenizer {
    let texts = (0..<400).map { Array(" w\($0)".utf8) }

    var count: Int { texts.count }
    func bytes(of token: UInt32) -> [UInt8] { Int(token) < texts.count ? texts[Int(token)] : [] }
    func isSpecial(_ token: UInt32) -> Bool { false }
    func encode(_ text: String) -> [UInt32] { [] }
    func specialToken(_ text: String) -> UInt32? { nil }
}

/// Contexts of one window; the latent fires at every token of `planted`, as strongly in the end as at the beginning.
struct PlantedStream {
    static let coder = CoderIdentity(name: "codes", hookpoint: "layers.0", latents: 4, digest: Fixture.hash(3))
    private var reservoir: Reservoir
    private var state: UInt64 = 0x9e37_79b9
    private var documents: UInt64 = 0
    private(set) var epoch: UInt64 = 0

    init(sample: Int = 64) throws {
        reservoir = Reservoir(
            settings: try ReservoirSettings(window: 16, sample: sample, top: 4, pool: 512, recent: 32, seed: 7),
            coder: Self.coder)
    }

    private mutating func draw(_ bound: UInt64) -> UInt64 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return (state >> 33) % bound
    }

    /// Reads so many contexts of a day and returns the evidence as it is then.
    mutating func read(_ count: Int, day: Int64, planted: Set<UInt32>) throws -> EvidenceUpdate {
        var contexts: [Context] = []
        var starts = [0]
        var activations: [Float] = []
        for _ in 0..<count {
            documents += 1
            let tokens = (0..<16).map { _ in UInt32(draw(400)) }
            contexts.append(
                Context(
                    tokens: tokens, document: Fixture.hash(documents), timestamp: day * 86_400_000, source: nil))
            for token in tokens {
                if planted.contains(token) { activations.append(1 + Float(draw(64)) / 16) }
                starts.append(activations.count)
            }
        }
        try reservoir.absorb(
            CodeBatch(
                contexts: contexts, rowStarts: starts, latents: activations.map { _ in 0 },
                activations: activations))
        epoch += 1
        return EvidenceUpdate(view: reservoir.view(), epoch: epoch, isCaughtUp: true)
    }
}

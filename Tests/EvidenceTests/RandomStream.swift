import Elements
import Evidence
import Hashing
import TestSupport

/// A small random stream in which everything that matters is common: repeated texts, equal peaks, full lists, several
/// days, texts on both sides, tails of every length.
struct RandomStream {
    let settings: ReservoirSettings
    let coder: CoderIdentity
    let contexts: [CodedContext]
    private(set) var generator: SplitMix

    /// A stream told by its seed.
    ///
    /// `isOld` gives the stream that the golden segments of the first format were made of: short contexts, no sources.
    /// `sample` takes the place of a random one.
    init(seed: Int, contexts count: Int = 24, isOld: Bool = false, sample: Int? = nil) throws {
        var generator = SplitMix(seed: seed)
        let latents = 1 + generator.below(9)
        let settings = try ReservoirSettings(
            window: 2 + generator.below(5), sample: 2 + generator.below(9), top: generator.below(4),
            pool: generator.below(12), recent: generator.below(4), seed: generator.next())
        self.settings = try sample.map { try settings.with(sample: $0) } ?? settings
        coder = CoderIdentity(
            name: "codes", hookpoint: "layers.1", latents: latents, digest: Hash128(high: 3, low: generator.next()))
        let vocabulary: [UInt32] = [7, 300, 70_000, .max]
        let documents = (0..<6).map { _ in Hash128(high: generator.next(), low: generator.next()) }
        let sources = [nil, "", "web", "books", "code", "π", "mail", "news", "law", "maps", "x", "y"]
        let levels: [Float] = [0.25, 0.5, 0.5001, 3, 3.004, 70_000, 1e-30]
        var contexts: [CodedContext] = []
        for _ in 0..<generator.below(count + 1) {
            let length = !isOld && generator.below(10) == 0 ? 40 : generator.below(18)
            let tokens = (0..<length).map { _ in vocabulary[generator.below(2 + generator.below(3))] }
            let rows: [[(latent: Int32, activation: Float)]] = tokens.indices.map { _ in
                (0..<latents).compactMap { latent in
                    guard generator.below(3) == 0 else { return nil }
                    return (Int32(latent), levels[generator.below(levels.count)])
                }
            }
            let day = Int64(generator.below(4)) - 2
            let time = day * 86_400_000 + Int64(generator.below(86_400_000))
            contexts.append(
                CodedContext(
                    context: Context(
                        tokens: tokens, document: documents[generator.below(documents.count)], timestamp: time,
                        source: isOld ? nil : sources[generator.below(sources.count)]), rows: rows))
        }
        self.contexts = contexts
        self.generator = generator
    }

    /// A reservoir that has absorbed all contexts and whose settings had another sample from the start.
    func reservoir(sample: Int) throws -> Reservoir {
        var reservoir = Reservoir(settings: try settings.with(sample: sample), coder: coder)
        try reservoir.absorb(CodeBatch(contexts))
        return reservoir
    }

    var empty: Reservoir { Reservoir(settings: settings, coder: coder) }

    /// A reservoir that has absorbed some contexts in batches of one to four.
    func reservoir(of contexts: [CodedContext], batchSeed: Int = 1) throws -> Reservoir {
        var reservoir = empty
        var generator = SplitMix(seed: batchSeed)
        var rest = contexts[...]
        while !rest.isEmpty {
            let batch = rest.prefix(1 + generator.below(4))
            try reservoir.absorb(CodeBatch(Array(batch)))
            rest = rest.dropFirst(batch.count)
        }
        return reservoir
    }
}

extension ReservoirSettings {
    /// The same settings with another sample.
    func with(sample: Int) throws -> ReservoirSettings {
        try ReservoirSettings(window: window, sample: sample, top: top, pool: pool, recent: recent, seed: seed)
    }
}

import Elements
import Evidence
import Hashing
import Shuffle
import TestSupport

/// A small corpus of some partitions, whose codes follow from partition and offset alone: repeated texts, equal peaks,
/// several days, documents of several contexts, records without any.
struct SharedCorpus {
    let settings: ReservoirSettings
    let coder: CoderIdentity
    /// By partition, by offset: the contexts of a record.
    let records: [[CodeBatch]]

    static let topic = "texts"

    init(seed: Int, partitions: Int = 3, least: Int = 0, most: Int = 14) throws {
        var generator = SplitMix(seed: seed)
        settings = try ReservoirSettings(
            window: 2 + generator.below(4), sample: 2 + generator.below(7), top: generator.below(4),
            pool: generator.below(9), recent: generator.below(4), seed: generator.next())
        let latents = 3 + generator.below(8)
        coder = CoderIdentity(
            name: "codes", hookpoint: "layers.1", latents: latents, digest: Hash128(high: 3, low: generator.next()))
        let documents = (0..<5).map { _ in Hash128(high: generator.next(), low: generator.next()) }
        let sources = [nil, "web", "books", "code", "π", "mail", "news", "law", "maps", "x", "y"]
        let levels: [Float] = [0.25, 0.5, 0.5001, 3, 3.004, 70_000]
        records = (0..<partitions).map { partition in
            (0..<least + generator.below(most - least + 1)).map { offset in
                let count = generator.below(4)
                let document = documents[generator.below(documents.count)]
                let source = sources[generator.below(sources.count)]
                let time = (Int64(generator.below(4)) - 2) * 86_400_000 + Int64(generator.below(86_400_000))
                var (contexts, starts, active, levelsFired) = ([Context](), [0], [Int32](), [Float]())
                for number in 0..<count {
                    let tokens = (0..<1 + generator.below(9)).map { _ in UInt32(generator.below(3)) }
                    contexts.append(
                        Context(
                            tokens: tokens, document: document, timestamp: time, source: source,
                            reached: Self.fence(
                                partition, number + 1 == count ? offset + 1 : offset,
                                contexts: number + 1 == count ? 0 : number + 1)))
                    for _ in tokens {
                        for latent in 0..<latents where generator.below(3) == 0 {
                            active.append(Int32(latent))
                            levelsFired.append(levels[generator.below(levels.count)])
                        }
                        starts.append(active.count)
                    }
                }
                return CodeBatch(contexts: contexts, rowStarts: starts, latents: active, activations: levelsFired)
            }
        }
    }

    static func fence(_ partition: Int, _ next: Int, contexts: Int = 0, reading: Int = 0) -> Fence {
        Fence(
            source: "corpus", topic: topic, partition: Int32(partition), next: Int64(next), last: nil,
            contexts: contexts, reading: reading)
    }

    /// The codes of a record as they come of some reading of its partition.
    func codes(_ partition: Int, _ offset: Int, reading: Int) -> CodeBatch {
        let batch = records[partition][offset]
        let contexts = batch.contexts.map { context in
            Context(
                tokens: context.tokens, document: context.document, timestamp: context.timestamp,
                source: context.source,
                reached: context.reached.map {
                    Self.fence(partition, Int($0.next), contexts: $0.contexts, reading: reading)
                })
        }
        return CodeBatch(
            contexts: contexts, rowStarts: batch.rowStarts, latents: batch.latents, activations: batch.activations)
    }

    static func partition(_ number: Int) -> CorpusPartition {
        CorpusPartition(source: "corpus", topic: topic, partition: Int32(number))
    }

    func identity(shards: Int, block: Int64) -> ShuffleIdentity {
        ShuffleIdentity(
            name: "shared", topic: "shuffle", evidence: ["evidence": Hash128(high: 1, low: 2)], shards: shards,
            block: block,
            reservoirs: ["evidence": coder])
    }

    /// The evidence of one process that reads everything.
    func whole() throws -> Reservoir {
        var reservoir = Reservoir(settings: settings, coder: coder)
        for record in records.joined() { try reservoir.absorb(record) }
        return reservoir
    }
}

/// All that a view hands out.
struct ViewContent: Hashable {
    let digest: Hash128
    let totals: StreamTotals
    let breakdown: StreamBreakdown
    let pool: [PoolWindow]
    let latents: [LatentEvidence]
    let breakdowns: [FiringBreakdown]

    init(_ reservoir: Reservoir) {
        let view = reservoir.view()
        digest = view.digest
        totals = view.totals
        breakdown = view.breakdown
        pool = view.pool
        latents = (0..<view.coder.latents).map { view.evidence(of: $0) }
        breakdowns = (0..<view.coder.latents).map { view.breakdown(of: $0) }
    }
}

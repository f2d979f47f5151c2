import Dataflow
import Elements
import Evidence
import Hashing
import Scoring

/// Compares explanations with their latents' held-out windows by meaning, each text embedded once.
struct EmbeddingStage: Stage {
    let node: String
    let latents: Set<Int>
    let overlap: HeldOut.Overlap
    let examples: Int
    let seed: UInt64
    let text: any TextTokenizer
    let embedder: any TextEmbedder
    let cache: EmbeddingCache
    let ledger: JobLedger
    let compute: ComputePool<Void>
    let width: Int
    let stop: StopSignal
    let timers: StageTimers

    func results(of upstream: any AsyncSequence<Flow<ExplanationBatch>, any Error> & Sendable)
        -> any AsyncSequence<Flow<ScoreBatch>, any Error> & Sendable
    {
        HeldOutScoring(
            node: node, latents: latents, seed: seed, chunk: 64, ledger: ledger, compute: compute, stop: stop
        ).results(of: upstream) { wishes, update, pool in
            try await scores(of: wishes, on: update, pool: pool)
        }
    }

    private func scores(
        of wishes: [HeldOutScoring.Wish], on update: EvidenceUpdate, pool: NegativePool
    ) async throws -> [Score] {
        let tasks = try await compute.spread(wishes, over: width, timers: timers) { part in
            try part.compactMap { try task(for: $0, on: update, pool: pool) }
        }.sorted { $0.latent < $1.latent }
        let keys = tasks.map(\.keys)
        var held: [Hash128: TextEmbedding] = [:]
        // A text that several need is charged to the first of them.
        var missing: [(key: Hash128, text: String, task: Int)] = []
        var asked = Set<Hash128>()
        for (index, task) in tasks.enumerated() {
            for (key, text) in zip(keys[index], task.texts) where held[key] == nil && !asked.contains(key) {
                if let embedding = cache[key] {
                    held[key] = embedding
                } else if asked.insert(key).inserted {
                    missing.append((key, text, index))
                }
            }
        }
        var spent = [Int](repeating: 0, count: tasks.count)
        let embeddings = try await embedder.embed(missing.map(\.text))
        for ((key, _, index), embedding) in zip(missing, embeddings) {
            held[key] = embedding
            cache.insert(embedding, for: key)
            spent[index] += embedding.tokens
        }
        let (vectors, costs) = (held, spent)
        return try await compute.run { _ in
            let start = ContinuousClock.now
            defer { timers.add(ContinuousClock.now - start, to: .busy) }
            return try tasks.indices.map { index in
                try EmbeddingScorer.score(
                    tasks[index], node: node, embeddings: keys[index].compactMap { vectors[$0] },
                    embedder: embedder.digest, tokensIn: costs[index])
            }
        }
    }

    private func task(
        for wish: HeldOutScoring.Wish, on update: EvidenceUpdate, pool: NegativePool
    ) throws -> EmbeddingTask? {
        // More than are wanted, since some may overlap with what was shown.
        let negatives = pool.sample(2 * examples, silent: wish.own.latent, seed: seed)
        let heldOut = HeldOutSet(of: wish.own, on: update.view, pool: negatives, overlap: overlap)
        do {
            return try EmbeddingTask(
                explanation: wish.explanation, latent: wish.own.latent, control: wish.control, heldOut: heldOut,
                examples: examples, seed: seed, text: text)
        } catch {
            guard error.kind == .tooFewExamples else { throw error }
            return nil
        }
    }
}

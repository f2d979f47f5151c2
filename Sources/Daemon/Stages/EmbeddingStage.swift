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

    /// An explanation, the latent whose windows it is compared with, and the explanation that decides what is held out.
    private struct Wish {
        let explanation: Explanation
        let own: Explanation
        let control: String?
    }

    func results(of upstream: any AsyncSequence<Flow<ExplanationBatch>, any Error> & Sendable)
        -> any AsyncSequence<Flow<ScoreBatch>, any Error> & Sendable
    {
        ProducedSequence<Flow<ScoreBatch>>(capacity: 1 << 20, weigh: \.weight) { output in
            var book = ScoringBook(
                latents: latents, seed: seed, limit: .max, scores: try await ledger.scores(of: node))
            var pool: (update: EvidenceUpdate, pool: NegativePool)?
            func score(_ wishes: [Wish]) async throws {
                guard let pool else { return }
                for chunk in wishes.chunks(of: 64) where !stop.isRaised {
                    let scores = try await scores(of: chunk, on: pool.update, pool: pool.pool)
                    for score in scores {
                        book.note(
                            score.explanation, of: score.explainedBy, latent: score.latent, control: score.control)
                    }
                    try await ledger.record(scores, by: node)
                    try await output.send(.batch(ScoreBatch(scores: scores)))
                }
            }
            func settle() async throws {
                guard let pool, !stop.isRaised else { return }
                try await score(
                    book.controls().map { Wish(explanation: $0.other, own: $0.own, control: Shuffle.name) })
                try await ledger.noteSkipped(
                    by: node, of: latents, coverage: book.coverage, view: pool.update.view, compute: compute)
            }
            for try await flow in upstream {
                guard case .batch(let batch) = flow else { continue }
                if book.isComplete(before: batch) { try await settle() }
                let fresh = book.take(batch.explanations)
                if pool?.update.epoch != batch.update.epoch {
                    let update = batch.update
                    pool = (update, try await compute.run { _ in NegativePool(pool: update.view.pool) })
                }
                try await score(fresh.map { Wish(explanation: $0, own: $0, control: nil) })
            }
            try await settle()
            try await output.send(.end)
        }
    }

    private func scores(
        of wishes: [Wish], on update: EvidenceUpdate, pool: NegativePool
    ) async throws -> [Score] {
        let tasks = try await tasks(for: wishes, on: update, pool: pool)
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

    private func tasks(
        for wishes: [Wish], on update: EvidenceUpdate, pool: NegativePool
    ) async throws -> [EmbeddingTask] {
        try await withThrowingTaskGroup(of: [EmbeddingTask].self) { group in
            for part in wishes.chunks(of: max(1, (wishes.count + width - 1) / width)) {
                group.addTask {
                    try await compute.run { _ in
                        let start = ContinuousClock.now
                        defer { timers.add(ContinuousClock.now - start, to: .busy) }
                        return try part.compactMap { try task(for: $0, on: update, pool: pool) }
                    }
                }
            }
            var all: [EmbeddingTask] = []
            for try await part in group { all += part }
            return all.sorted { $0.latent < $1.latent }
        }
    }

    private func task(for wish: Wish, on update: EvidenceUpdate, pool: NegativePool) throws -> EmbeddingTask? {
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

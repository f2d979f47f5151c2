import Dataflow
import Elements
import Evidence
import Hashing
import Inference
import Scoring
import Store

/// Compares explanations with their latents' held-out windows by meaning, each text embedded once.
struct EmbeddingStage: Stage {
    let node: String
    let latents: Set<Int>
    let overlap: HeldOut.Overlap
    let examples: Int
    let seed: UInt64
    let text: any TextTokenizer
    let source: EmbeddingSource
    /// Draws further tiers of negatives; `nil` where only random ones are asked for.
    let tiers: TierDrawing?
    let rounds: RoundRule
    let desk: ContestDesk
    let pools: PoolShelf
    let ledger: JobLedger
    let compute: ComputePool<Void>
    let width: Int
    let stop: StopSignal
    let timers: StageTimers

    func run(from input: InputPort<ExplanationBatch>, into output: OutputPort<ScoreBatch>) async throws {
        try await HeldOutScoring(
            node: node, latents: latents, seed: seed, chunk: ScoringMemory.embeddedAtOnce, rounds: rounds, desk: desk,
            pools: pools,
            ledger: ledger, compute: compute, stop: stop,
            close: {
                await tiers?.closed(by: node)
                source.closed(by: node)
            }
        ).run(from: input, into: output) { wishes, update, pool in
            try await scores(of: wishes, on: update, pool: pool)
        }
    }

    private func scores(
        of wishes: [HeldOutScoring.Wish], on update: EvidenceUpdate, pool: NegativePool
    ) async throws -> [Score] {
        let sets = try await compute.spread(wishes, over: width, timers: timers) { part in
            part.map { wish in
                // More than are wanted, since some may overlap with what was shown.
                let negatives = pool.sample(2 * examples, silent: wish.own.latent, seed: seed)
                return HeldOutSet(
                    of: wish.own, besides: wish.besides, on: update.view, pool: negatives, overlap: overlap)
            }
        }
        guard let filled = try await tiers.filled(wishes.map(\.own), sets, on: update) else { return [] }
        let pairs = zip(wishes, filled).map { (wish: $0, heldOut: $1) }
        let tasks = try await compute.spread(pairs, over: width, timers: timers) { part in
            try part.compactMap { try task(for: $0.wish, heldOut: $0.heldOut) }
        }.sorted { $0.subject.latent < $1.subject.latent }
        let embeddings: [[TextEmbedding]]
        let spent: [Int]
        do {
            (embeddings, spent) = try await source.embeddings(for: tasks)
        } catch let error as InferenceError {
            if Task.isCancelled || stop.isRaised && error.isRetriable { return [] }
            try await ledger.giveUp(tasks, of: node, embedder: source.embedder.digest, reason: "\(error)")
            return []
        }
        return try await compute.spread(Array(tasks.indices), over: width, timers: timers) { part in
            try part.map { index in
                try EmbeddingScorer.score(
                    tasks[index], embeddings: embeddings[index], embedder: source.embedder.digest,
                    tokensIn: spent[index])
            }
        }
    }

    private func task(for wish: HeldOutScoring.Wish, heldOut: HeldOutSet) throws -> EmbeddingTask? {
        do {
            let subject = ScoreSubject(
                node: node, explanation: wish.explanation, latent: wish.own.latent, control: wish.control, seed: seed)
            return try EmbeddingTask(subject, heldOut: heldOut, examples: examples, text: text)
        } catch {
            guard error.kind == .tooFewExamples else { throw error }
            return nil
        }
    }
}

extension EmbeddingSource {
    /// The vectors of each task's texts, and the tokens it cost: a text that several need is charged to the first of them.
    fileprivate func embeddings(
        for tasks: [EmbeddingTask]
    ) async throws -> (embeddings: [[TextEmbedding]], tokens: [Int]) {
        var seen = Set<Hash128>()
        let keys = tasks.map(\.keys)
        let isHeld = keys.map { keys in keys.map { !seen.insert($0).inserted || cache[$0] != nil } }
        let embeddings = try await embeddings(of: tasks.flatMap(\.texts))
        var (parts, tokens): ([[TextEmbedding]], [Int]) = ([], [])
        var start = 0
        for isHeld in isHeld {
            let part = Array(embeddings[start..<start + isHeld.count])
            start += part.count
            parts.append(part)
            tokens.append(zip(part, isHeld).reduce(0) { $1.1 ? $0 : $0 + $1.0.tokens })
        }
        return (parts, tokens)
    }
}

extension JobLedger {
    /// Notes that tasks could not be embedded; they are tried again by the next run.
    fileprivate func giveUp(_ tasks: [EmbeddingTask], of node: String, embedder: Hash128, reason: String) async throws {
        let jobs = tasks.map { task in
            PlannedJob(
                id: task.job(embedder: embedder), node: node, kind: .score,
                coder: task.subject.explanation.coder.name, latent: task.subject.latent, payload: [])
        }
        try await plan(jobs)
        for job in jobs { try await fail(job.id, by: node, reason: reason) }
    }
}

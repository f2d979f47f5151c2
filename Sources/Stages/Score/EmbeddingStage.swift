package import Dataflow
package import Elements
import Evidence
import Hashing
import Inference
import Jobs
import Lineage
import Observability
import Running
import Scoring
import Store

/// Compares explanations with their latents' held-out windows by meaning, each text embedded once.
package struct EmbeddingStage: Stage {
    package let context: ScoringContext
    package let examples: Int
    package let tokenizer: any TextTokenizer
    package let source: EmbeddingSource

    package init(context: ScoringContext, examples: Int, tokenizer: any TextTokenizer, source: EmbeddingSource) {
        self.context = context
        self.examples = examples
        self.tokenizer = tokenizer
        self.source = source
    }

    package func run(from input: InputPort<ExplanationBatch>, into output: OutputPort<ScoreBatch>) async throws {
        try await HeldOutScoring(
            context: context, output: output, chunk: BatchSizes.embeddedAtOnce
        ) { requests, update, pool in
            try await scores(of: requests, on: update, pool: pool)
        }.run(from: input)
    }

    /// The scores; `nil` if they are left to a later process.
    private func scores(
        of requests: [ScoreRequest], on update: EvidenceUpdate, pool: NegativePool
    ) async throws -> [Score]? {
        let sets = try await context.spread(requests) { part in
            part.map { request in
                // More than are wanted, since some may overlap with the windows shown.
                let negatives = pool.sample(2 * examples, silent: request.own.latent, seed: context.seed)
                return HeldOutSet(
                    of: request.own, besides: request.besides, on: update.view, pool: negatives,
                    overlap: context.overlap, part: request.part)
            }
        }
        guard let filled = try await context.tiers.filled(requests.map(\.own), sets, on: update) else { return nil }
        let pairs = zip(requests, filled).map { (request: $0, heldOut: $1) }
        let wanted = try await context.spread(pairs) { part in
            try part.compactMap { pair in
                try task(for: pair.request, heldOut: pair.heldOut)
                    .map { EmbeddingRequest(task: $0, round: pair.request.round) }
            }
        }.sorted { $0.task.subject.latent < $1.task.subject.latent }
        let tasks = wanted.map(\.task)
        let embeddings: [[TextEmbedding]]
        let spent: [Int]
        do {
            (embeddings, spent) = try await source.embeddings(for: tasks)
        } catch let error as InferenceError {
            if Task.isCancelled || context.stop.isRaised && error.isMendable { return nil }
            // Called off while its server was away: what has no score comes again at the next start.
            if error.kind == .cancelled {
                for _ in wanted { context.jobStore.progress.left(by: context.node) }
                return nil
            }
            try await context.jobStore.giveUp(
                wanted, of: context.node, embedder: source.embedder.digest, reason: "\(error)")
            return []
        }
        return try await context.spread(Array(tasks.indices)) { part in
            try part.map { index in
                try EmbeddingScorer.score(
                    tasks[index], embeddings: embeddings[index], embedder: source.embedder.digest,
                    tokensIn: spent[index])
            }
        }
    }

    private func task(for request: ScoreRequest, heldOut: HeldOutSet) throws -> EmbeddingTask? {
        try unlessPassedOver {
            try EmbeddingTask(
                context.subject(of: request), heldOut: heldOut, examples: examples, tokenDecoder: tokenizer)
        }
    }
}

extension EmbeddingSource {
    /// The vectors of each task's texts, and the tokens it cost: a text that several need is charged to the first of
    /// them.
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

extension JobStore {
    /// Notes that explanations could not be scored; they are tried again by the next run.
    fileprivate func giveUp(
        _ requests: [EmbeddingRequest], of node: String, embedder: Hash128, reason: String
    ) async throws {
        let jobs = requests.map { request in
            PlannedJob(
                id: request.job(embedder: embedder), node: node, kind: .score,
                coder: request.task.subject.explanation.coder.name, latent: request.task.subject.latent, payload: [])
        }
        try await plan(jobs)
        for job in jobs { try await fail(job, by: node, reason: reason) }
    }
}

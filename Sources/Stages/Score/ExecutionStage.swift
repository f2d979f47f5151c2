package import Dataflow
package import Elements
import Evidence
package import Explaining
import Lineage
import Scoring

/// Runs executable explanations over their latents' held-out windows.
package struct ExecutionStage: Stage {
    package let context: ScoringContext
    package let vocabulary: LexicalVocabulary

    package init(context: ScoringContext, vocabulary: LexicalVocabulary) {
        self.context = context
        self.vocabulary = vocabulary
    }

    package func run(from input: InputPort<ExplanationBatch>, into output: OutputPort<ScoreBatch>) async throws {
        try await HeldOutScoring(
            context: context, output: output, chunk: BatchSizes.executedAtOnce * context.width
        ) { requests, update, pool in
            try await scores(of: requests, on: update, pool: pool)
        }.run(from: input)
    }

    private func scores(
        of requests: [ScoreRequest], on update: EvidenceUpdate, pool: NegativePool
    ) async throws -> [Score] {
        let sets = try await context.spread(requests) { part in
            part.map {
                HeldOutSet(
                    of: $0.own, besides: $0.besides, on: update.view, pool: [], overlap: context.overlap,
                    part: $0.part)
            }
        }
        guard let filled = try await context.tiers.filled(requests.map(\.own), sets, on: update) else { return [] }
        let pairs = zip(requests, filled).map { (request: $0, heldOut: $1) }
        return try await context.spread(pairs) { part in
            try part.compactMap { try score($0.request, heldOut: $0.heldOut, pool: pool) }
        }.sorted { $0.latent < $1.latent }
    }

    private func score(_ request: ScoreRequest, heldOut: HeldOutSet, pool: NegativePool) throws -> Score? {
        guard let json = request.explanation.predicate else { return nil }
        let matcher = vocabulary.matcher(for: try LexicalPredicate(json: json))
        return try unlessPassedOver {
            try ExecutionScorer.score(context.subject(of: request), on: heldOut, pool: pool) { matcher.matches($0) }
        }
    }
}

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
    package let tokenDecoder: any TokenDecoder

    package init(context: ScoringContext, vocabulary: LexicalVocabulary, tokenDecoder: any TokenDecoder) {
        self.context = context
        self.vocabulary = vocabulary
        self.tokenDecoder = tokenDecoder
    }

    package func run(from input: InputPort<ExplanationBatch>, into output: OutputPort<ScoreBatch>) async throws {
        try await HeldOutScoring(
            context: context, output: output, chunk: BatchSizes.executedAtOnce * context.width
        ) { requests, update, pool in
            try await scores(of: requests, on: update, pool: pool)
        }.run(from: input)
    }

    /// The scores; `nil` if they are left to a later process.
    private func scores(
        of requests: [ScoreRequest], on update: EvidenceUpdate, pool: NegativePool
    ) async throws -> [Score]? {
        let windows = try await context.pools.windows(of: update)
        // All of one part of the windows, as the pool is.
        let part = requests.first?.part ?? .all
        let runs = try await context.pools.runs(of: update, part: part)
        let held = try await context.spread(requests) { requests in
            requests.map { request in
                var passedOver: [Int] = []
                let set = HeldOutSet(
                    of: request.own, besides: request.besides, on: update.view, pool: windows, silent: pool, runs: runs,
                    overlap: context.overlap, part: part, passedOver: &passedOver)
                return (set: set, passedOver: passedOver)
            }
        }
        guard let filled = try await context.tiers.filled(requests.map(\.own), held.map(\.set), on: update) else {
            return nil
        }
        let subjects = zip(zip(requests, filled), held.map(\.passedOver))
            .map { (request: $0.0, heldOut: $0.1, passedOver: $1) }
        return try await context.spread(subjects) { part in
            try part.compactMap { try score($0.request, heldOut: $0.heldOut, pool: pool, passedOver: $0.passedOver) }
        }.sorted { $0.latent < $1.latent }
    }

    private func score(
        _ request: ScoreRequest, heldOut: HeldOutSet, pool: NegativePool, passedOver: [Int]
    ) throws -> Score? {
        guard let json = request.explanation.predicate else { return nil }
        let matcher = vocabulary.matcher(for: try LexicalPredicate(json: json))
        return try unlessPassedOver {
            let subject = context.subject(of: request)
            return try ExecutionScorer.score(
                subject, on: heldOut, pool: pool, passedOver: passedOver, parts: try parts(of: subject, heldOut)
            ) { matcher.matches($0) }
        }
    }

    /// The parts of an explanation, if each of them can be executed.
    private func parts(of subject: ScoreSubject, _ heldOut: HeldOutSet) throws -> ExecutedParts? {
        guard
            let assignment = PartAssignment(of: heldOut.positives, to: subject, tokenDecoder: tokenDecoder)
        else { return nil }
        let matchers = try assignment.parts.compactMap(\.predicate).map {
            vocabulary.matcher(for: try LexicalPredicate(json: $0))
        }
        guard matchers.count == assignment.parts.count else { return nil }
        return ExecutedParts(assignment) { part, tokens in matchers[part].matches(tokens) }
    }
}

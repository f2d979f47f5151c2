package import Dataflow
package import Elements
import Evidence
package import Explaining
import Lineage
import Running

/// Explains latents by the tokens their windows contain: work without a language model, so job and result are one.
///
/// It comes after the checkpoints, so no barrier passes it: its results are kept by the store.
package struct LexicalStage: Stage {
    package let context: ExplainContext
    package let settings: LexicalSettings
    package let tokenizer: any TextTokenizer
    package let vocabulary: LexicalVocabulary

    package init(
        context: ExplainContext, settings: LexicalSettings, tokenizer: any TextTokenizer, vocabulary: LexicalVocabulary
    ) {
        self.context = context
        self.settings = settings
        self.tokenizer = tokenizer
        self.vocabulary = vocabulary
    }

    package func run(from input: InputPort<EvidenceUpdate>, into output: OutputPort<ExplanationBatch>) async throws {
        try await ExplainNodeDriver(
            context: context, work: LexicalWork(stage: self, output: output), output: output
        ).run(from: input)
    }
}

private struct LexicalWork: ExplainWork {
    let stage: LexicalStage
    let output: OutputPort<ExplanationBatch>

    private var context: ExplainContext { stage.context }

    var goesOnAfterStop: Bool { false }
    var settlesAtOnce: Bool { true }

    func resume() async throws -> [Explanation] {
        context.lineage.with { [node = context.node] in $0.current(of: node) }
    }

    func explain(_ requests: [ExplainRequest], on update: EvidenceUpdate) async throws {
        guard !requests.isEmpty else { return }
        let index = try await context.compute.run { [vocabulary = stage.vocabulary, stop = context.stop] _ in
            // It takes seconds, and nothing is explained after a stop.
            stop.isRaised
                ? nil
                : LexicalIndex(pool: update.view.pool, latents: update.view.coder.latents, vocabulary: vocabulary)
        }
        guard let index else { return }
        for chunk in requests.chunks(of: 256 * context.width) where !context.stop.isRaised {
            let made = try await explanations(of: chunk, on: update, index: index)
            try await context.take(made, on: update, into: output)
        }
    }

    private func explanations(
        of requests: [ExplainRequest], on update: EvidenceUpdate, index: LexicalIndex
    ) async throws -> [Explanation] {
        try await context.compute.spread(requests, over: context.width, timers: context.timers) { part in
            var explainer = LexicalExplainer(
                node: context.node, update: update, index: index, settings: stage.settings, seed: context.seed,
                tokenDecoder: stage.tokenizer)
            return try part.compactMap { request -> Explanation? in
                let evidence = update.view.evidence(of: request.latent)
                let basis = EvidenceBasis(of: evidence)
                do {
                    return try explainer.explain(evidence).founded(on: basis, again: request.again)
                } catch let error as ExplainingError {
                    // Neither is a fault: the latent simply has no explanation of this kind yet.
                    guard error.kind == .tooFewExamples || error.kind == .nothingFound else { throw error }
                    if request.again != nil {
                        context.tell(.foundNothing(latent: request.latent, basis: basis))
                    }
                    return nil
                }
            }
        }.sorted { $0.latent < $1.latent }
    }
}

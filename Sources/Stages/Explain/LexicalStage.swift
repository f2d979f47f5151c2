package import Dataflow
package import Elements
import Evidence
package import Explaining
import Jobs
import Lineage
package import Observability
import Running

/// Explains latents by the tokens their windows contain: work without a language model, so job and result are one.
///
/// It comes after the checkpoints, so no barrier passes it: its results are kept by the store.
package struct LexicalStage: Stage {
    package let context: ExplainContext
    package let settings: LexicalSettings
    /// How latents are told to have several meanings; `nil` if each is explained as a whole.
    package let several: SeveralSettings?
    package let tokenizer: any TextTokenizer
    package let vocabulary: LexicalVocabulary
    package let memory: MemoryMeter

    package init(
        context: ExplainContext, settings: LexicalSettings, several: SeveralSettings? = nil,
        tokenizer: any TextTokenizer,
        vocabulary: LexicalVocabulary, memory: MemoryMeter = MemoryMeter()
    ) {
        self.memory = memory
        self.context = context
        self.settings = settings
        self.several = several
        self.tokenizer = tokenizer
        self.vocabulary = vocabulary
    }

    package func run(from input: InputPort<EvidenceUpdate>, into output: OutputPort<ExplanationBatch>) async throws {
        try await ExplainNodeDriver(
            context: context, work: LexicalWork(stage: self, output: output), output: output
        ).run(from: input)
    }
}

extension LexicalStage {
    /// The windows of a view's pool by term, and how rare tokens are in it if that is asked for.
    fileprivate func index(of update: EvidenceUpdate) -> (LexicalIndex, TokenRarity?) {
        let pool = update.view.pool
        return (
            LexicalIndex(pool: pool, latents: update.view.coder.latents, vocabulary: vocabulary),
            several.map { _ in TokenRarity(pool: pool, tokenDecoder: tokenizer) }
        )
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
        let made = try await context.compute.run { [stage, stop = context.stop] _ in
            // It takes seconds, and nothing is explained after a stop.
            stop.isRaised ? nil : stage.index(of: update)
        }
        guard let (index, rarity) = made else { return }
        stage.memory.set(index.residentBytes, of: .terms, by: context.node)
        defer { stage.memory.set(0, of: .terms, by: context.node) }
        let progress = context.jobStore.progress
        var left = requests.count
        defer { progress.waiting(0, at: context.node) }
        for chunk in requests.chunks(of: 256 * context.width) where !context.stop.isRaised {
            progress.waiting(left, at: context.node)
            left -= chunk.count
            let made = try await explanations(of: chunk, on: update, index: index, rarity: rarity)
            // The same evidence gives what has been made already.
            let fresh = context.lineage.with { [node = context.node] lineage in
                made.filter { !lineage.hasMade($0.job, by: node) }
            }
            let found = Set(fresh.map(\.latent))
            let (fulfilled, empty) = chunk.requests { found.contains($0.latent) }
            try await context.take(made, on: update, into: output, fulfilling: fulfilled)
            try await context.jobStore.dismiss(empty, because: ExplainContext.nothingNew)
        }
    }

    private func explanations(
        of requests: [ExplainRequest], on update: EvidenceUpdate, index: LexicalIndex, rarity: TokenRarity?
    ) async throws -> [Explanation] {
        try await context.compute.spread(requests, over: context.width, timers: context.timers) { part in
            var explainer = LexicalExplainer(
                node: context.node, update: update, index: index, settings: stage.settings, seed: context.seed,
                tokenDecoder: stage.tokenizer)
            var several: SeveralExplainer?
            if let settings = stage.several, let rarity {
                several = SeveralExplainer(
                    of: explainer, update: update, rarity: rarity, settings: settings, seed: context.seed,
                    tokenDecoder: stage.tokenizer)
            }
            return try part.compactMap { request -> Explanation? in
                let evidence = update.view.evidence(of: request.latent)
                let basis = EvidenceBasis(of: evidence)
                do {
                    return try (several?.explain(evidence) ?? explainer.explain(evidence)).founded(
                        on: basis, again: request.again)
                } catch let error as ExplainingError {
                    // Neither is a fault: the latent simply has no explanation of this kind yet.
                    guard error.kind == .tooFewExamples || error.kind == .nothingFound else { throw error }
                    if request.again != nil, request.request == nil {
                        context.tell(.foundNothing(latent: request.latent, basis: basis))
                    }
                    return nil
                }
            }
        }.sorted { $0.latent < $1.latent }
    }
}

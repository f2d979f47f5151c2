import Dataflow
package import Elements
import Evidence
import Explaining
import Hashing
import Inference
package import LatentSheets
import Scoring
import Stages
import Synchronization
import Topology

/// Scores explanations that somebody tries for latents of one coder.
struct TriedExplanations: ExplanationTrial {
    let coder: CoderIdentity
    let tokenDecoder: any TokenDecoder
    /// The evidence; `nil` while none is known.
    let evidence: @Sendable () -> EvidenceUpdate?
    /// `nil` if no sentence encoder is at hand.
    let embeddings: EmbeddingSource?
    /// `nil` if no judge is at hand.
    let judge: (any LanguageModelClient)?
    let compute: ComputePool<Void>
    private let vocabulary = KeptVocabulary()

    /// The name that stands for the node that would have made the explanation, and for those that score it.
    private static let node = "tried"
    /// Windows of each kind that an encoder compares, and that a judge is asked about: a person waits.
    private static let compared = 25
    private static let asked = 6
    private static let seed: UInt64 = 0

    init(
        coder: CoderIdentity, tokenDecoder: any TokenDecoder, evidence: @escaping @Sendable () -> EvidenceUpdate?,
        embeddings: EmbeddingSource?, judge: (any LanguageModelClient)?, compute: ComputePool<Void>
    ) {
        self.coder = coder
        self.tokenDecoder = tokenDecoder
        self.evidence = evidence
        self.embeddings = embeddings
        self.judge = judge
        self.compute = compute
    }

    func scores(of text: String, for latent: Int) async throws -> TriedExplanation {
        guard let update = evidence() else {
            return TriedExplanation(text: text, notes: ["there is no evidence yet: it comes with the first checkpoint"])
        }
        var tried = TriedExplanation(text: text)
        let predicate = try? LexicalPredicate(json: text)
        let explanation = explanation(text, predicate: predicate, latent: latent, update)
        let (held, negatives) = try await compute.run { _ in
            // Read once: the pool may hold very many windows.
            let pool = update.view.pool
            return (
                HeldOutSet(of: explanation, on: update.view, pool: pool, overlap: .drop),
                predicate.map { _ in NegativePool(pool: pool) }
            )
        }
        func add(_ method: String, _ score: () async throws -> Score?) async throws {
            do {
                if let score = try await score() { tried.scores.append(SheetScore(score, control: nil)) }
            } catch let error as ScoringError {
                tried.notes.append("\(method): \(error)")
            }
        }
        try await add(ExecutionScorer.name) {
            try await executed(explanation, predicate, on: held, negatives)
        }
        try await add(EmbeddingScorer.name) { try await embedded(explanation, on: held) }
        try await add(Detection.name) { try await detected(explanation, on: held) }
        if predicate == nil {
            tried.notes.append("execution: the text is no predicate that can be run over windows")
        }
        if embeddings == nil { tried.notes.append("embedding: no sentence encoder runs here") }
        if judge == nil { tried.notes.append("detection: no judge runs here") }
        return tried
    }

    private func explanation(
        _ text: String, predicate: LexicalPredicate?, latent: Int, _ update: EvidenceUpdate
    ) -> Explanation {
        Explanation(
            job: EmbeddingCache.key(of: text), node: Self.node, coder: coder, latent: latent, text: text,
            predicate: predicate.map { _ in text },
            provenance: Provenance(
                explainer: Self.node, sampling: "none", promptVersion: "none", model: nil, seed: Self.seed,
                evidenceDigest: update.view.digest, epoch: update.epoch, shown: []))
    }

    private func subject(_ explanation: Explanation) -> ScoreSubject {
        ScoreSubject(node: Self.node, explanation: explanation, seed: Self.seed)
    }

    private func executed(
        _ explanation: Explanation, _ predicate: LexicalPredicate?, on held: HeldOutSet, _ negatives: NegativePool?
    ) async throws -> Score? {
        guard let predicate, let negatives else { return nil }
        return try await compute.run { _ in
            let matcher = vocabulary.value(tokenDecoder).matcher(for: predicate)
            return try ExecutionScorer.score(subject(explanation), on: held, pool: negatives) { matcher.matches($0) }
        }
    }

    private func embedded(_ explanation: Explanation, on held: HeldOutSet) async throws -> Score? {
        guard let embeddings else { return nil }
        let task = try EmbeddingTask(
            subject(explanation), heldOut: held, examples: Self.compared, tokenDecoder: tokenDecoder)
        let vectors = try await embeddings.embeddings(of: task.texts)
        return try await compute.run { _ in
            try EmbeddingScorer.score(task, embeddings: vectors, embedder: embeddings.embedder.digest, tokensIn: 0)
        }
    }

    private func detected(_ explanation: Explanation, on held: HeldOutSet) async throws -> Score? {
        guard let judge else { return nil }
        var settings = JudgedSettings(
            method: .detection, form: judge.prefersLogProbabilities ? .logProbabilities : .list)
        settings.positives = Self.asked
        settings.negatives = Self.asked
        if settings.form == .logProbabilities { settings.figure = .area }
        let plan = try ScoringPlan(
            subject: PlanSubject(
                node: Self.node, explanation: explanation, judge: judge, seed: Self.seed, heldOut: held.account),
            heldOut: held, train: nil, settings: settings, tokens: tokenDecoder)
        return try await JudgedScorer.run(plan, judge: judge, tokenDecoder: tokenDecoder, concurrency: 1).score
    }
}

/// The vocabulary of a subject's tokens, made when a predicate first asks for it.
private final class KeptVocabulary: Sendable {
    private let held = Mutex<LexicalVocabulary?>(nil)

    func value(_ tokenDecoder: any TokenDecoder) -> LexicalVocabulary {
        held.withLock { held in
            let value = held ?? LexicalVocabulary(tokenDecoder: tokenDecoder)
            held = value
            return value
        }
    }
}

extension NodeContext {
    /// What scores explanations that are tried, by coder: with the encoder and the judge that the topology's own scores ask.
    ///
    /// - Throws: What opening tokenizers and weights throws.
    package func explanationTrials(
        evidence: @escaping @Sendable (_ coder: String) -> EvidenceUpdate?
    ) throws -> [String: any ExplanationTrial] {
        let encoder = graph.encoders.sorted().first
        let judge = graph.all((any AsksVerdicts).self).first.map(\.judged.model)
        var trials: [String: any ExplanationTrial] = [:]
        for codes in graph.all((any GivesCodes).self) {
            guard let names = graph.first((any NamesTokens).self, above: codes.node) else { continue }
            trials[codes.id] = TriedExplanations(
                coder: try codes.coderIdentity(in: graph), tokenDecoder: try graph.weights.tokenizer(names.model),
                evidence: { evidence(codes.id) },
                embeddings: try encoder.map { try library.embeddings($0, compute: compute) },
                judge: try judge.map { try library.judge($0) }, compute: compute)
        }
        return trials
    }
}

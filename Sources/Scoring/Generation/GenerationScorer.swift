package import Elements
package import Inference

/// How often and how strongly a latent fires in texts that a model wrote from its explanation alone, against texts it wrote for none.
///
/// The headline is the area under the ROC curve of each text's largest activation; 0.5 is chance.
/// Sources: L. Kopf et al., "CoSy: Evaluating textual explanations of neurons", arXiv 2405.20331 (the area, against a control set);
/// J. Juang et al., "Open source automated interpretability for sparse autoencoder features" (2024) (texts written by a model).
package enum GenerationScorer: JudgedScoringMethod {
    package static let name = "generation"
    package static let scale = MethodScale(
        range: 0...1,
        figure: .other(
            "AUROC of how strongly the latent fires in texts written for the explanation, against texts written for none; chance is .50"
        ),
        constant: .value(0.5),
        reason: "in closed form: where the latent responds alike to all texts, half of all pairs count as told apart")
    package static let needs = ModelNeeds.answers
    package static let controlNote = ControlNote(
        rests: "texts written for the explanations of other latents",
        absent: "no explanation of another latent has been scored")

    package static func plan(
        _ subject: PlanSubject, on evidence: GenerationEvidence, settings: GenerationSettings
    ) throws(ScoringError) -> GenerationPlan {
        try GenerationPlan(subject: subject, evidence: evidence, settings: settings)
    }

    package static func run(_ plan: GenerationPlan, with tools: GenerationTools) async throws(ScoringError) -> Score {
        try await outcome(of: plan, with: tools).score
    }

    /// The score of a plan, and the texts it rests on.
    ///
    /// Throws `ScoringError`: `modelChanged` if writer or reader is not the one planned for, `judgeFailed` if too few texts came,
    /// `unsupported` if the subject cannot read them.
    package static func outcome(
        of plan: GenerationPlan, with tools: GenerationTools
    ) async throws(ScoringError) -> (score: Score, texts: WrittenTexts) {
        try plan.subject.check(tools.writer)
        guard plan.reader == tools.reader.digest else {
            throw ScoringError(
                .modelChanged,
                "planned for a subject (\(plan.reader)), but another one (\(tools.reader.digest)) is at hand")
        }
        let settings = plan.settings
        let writing = TextWriting(
            writer: tools.writer, settings: settings, seed: plan.subject.seed, concurrency: tools.concurrency)
        let reading = TextReading(reader: tools.reader, tokens: settings.tokens)
        let key = PlainTexts.Key(
            settings: settings, seed: plan.subject.seed, writer: plan.subject.judgeDigest, reader: plan.reader)
        let plain = try await tools.plain.texts(key) {
            do throws(ScoringError) {
                let written = try await writing.texts(for: nil)
                return .success(
                    PlainTexts.Texts(
                        texts: try await reading.read(written.texts), faults: written.faults, cost: written.cost))
            } catch {
                return .failure(error)
            }
        }
        let written = try await writing.texts(for: plan.subject.text)
        let meant = try await reading.read(written.texts)
        var cost = written.cost
        cost.add(plain.cost)
        let texts = [(meant, true), (plain.texts, false)].flatMap { texts, isMeant in
            texts.map {
                WrittenText(tokens: $0.tokens, activations: $0.activations(of: plan.latent), isMeant: isMeant)
            }
        }
        let tally = GenerationTally(plan: plan, texts: texts, faults: written.faults, cost: cost)
        return (try tally.score(), WrittenTexts(texts))
    }
}

/// The tools that carry out the plans of generation scoring.
package struct GenerationTools: Sendable {
    /// The model that writes.
    package let writer: any LanguageModelClient
    /// The subject, which reads.
    package let reader: any TextReader
    /// What was written for no explanation.
    package let plain: PlainTexts
    /// The most calls under way at a time.
    package let concurrency: Int

    /// Brings tools together.
    package init(
        writer: any LanguageModelClient, reader: any TextReader, plain: PlainTexts, concurrency: Int
    ) {
        self.writer = writer
        self.reader = reader
        self.plain = plain
        self.concurrency = concurrency
    }
}

/// Has the subject read texts.
struct TextReading: Sendable {
    let reader: any TextReader
    let tokens: Int

    /// The texts that have a token, as the subject reads them.
    func read(_ texts: [String]) async throws(ScoringError) -> [ReadText] {
        do {
            return try await reader.read(texts, tokens: tokens).filter { !$0.tokens.isEmpty }
        } catch is CancellationError {
            throw ScoringError(.judgeFailed, "the work was called off", isRetriable: true)
        } catch {
            throw ScoringError(.unsupported, "the subject cannot read what was written: \(error)")
        }
    }
}

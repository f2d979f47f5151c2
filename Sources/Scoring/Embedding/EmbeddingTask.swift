public import Elements
public import Hashing

/// One explanation and the windows that it is compared with by their meaning.
public struct EmbeddingTask: Sendable {
    /// What is scored.
    package let subject: ScoreSubject
    /// The windows, positives and negatives.
    public let questions: [Question]
    /// Recent windows in which the latent fires that are not among the questions.
    public let fresh: [Example]
    /// By question: whether it is a recent window in which the latent fires.
    let isRecent: [Bool]
    /// Further negatives by tier, each compared with the same positives; empty if only random ones are asked for.
    public let tiers: [TierQuestions]
    /// The text of the explanation, then that of each window, in order: those of `questions`, those of each tier, those of `fresh`;
    /// then that of each part of the explanation.
    public let texts: [String]
    /// By question: the part that it belongs to; `nil` if the explanation has no parts.
    let parts: PartAssignment?
    /// `[questions]`: the place among the positives given to parts; `nil` for a negative.
    let positives: [Int?]

    let account: HeldOutAccount
    let examples: Int
    let resamples: Int

    /// Chooses the windows as detection does: with the same seed and numbers from the same set they are the same ones.
    ///
    /// Throws `ScoringError` of kind `tooFewExamples` if a class is empty.
    package init(
        _ subject: ScoreSubject, heldOut: HeldOutSet, examples: Int, resamples: Int = 1000,
        tokenDecoder: any TokenDecoder
    ) throws(ScoringError) {
        var settings = JudgedSettings(method: .detection)
        settings.positives = examples
        settings.negatives = examples
        let choice = QuestionChoice(latent: subject.latent, seed: subject.seed, settings: settings)
        questions = choice.detection(from: heldOut)
        try heldOut.check(questions, latent: subject.latent, method: EmbeddingScorer.name)
        tiers = choice.tiers(from: heldOut, besides: questions, tokenDecoder: tokenDecoder)
        let recent = Set(heldOut.recent.map(\.window.identity))
        isRecent = questions.map { $0.isPositive && recent.contains($0.identity) }
        // Those of the all-time sample that were not chosen are no more recent for that.
        let sampled = Set(heldOut.positives.map(\.window.identity))
        fresh = Array(heldOut.recent.filter { !sampled.contains($0.window.identity) }.prefix(max(examples, 0)))
        self.subject = subject
        account = heldOut.account
        self.examples = examples
        self.resamples = resamples
        let examples = Dictionary(
            (heldOut.positives + heldOut.recent).map { ($0.window.identity, $0) }
        ) { first, _ in first }
        let asked = questions.map { $0.isPositive ? examples[$0.identity] : nil }
        var place = 0
        positives = asked.map { example in
            guard example != nil else { return nil }
            defer { place += 1 }
            return place
        }
        parts = PartAssignment(of: asked.compactMap(\.self), to: subject, tokenDecoder: tokenDecoder)
        texts =
            [subject.explanation.text]
            + (questions.map(\.tokens) + tiers.flatMap(\.questions).map(\.tokens) + fresh.map(\.window.tokens))
            .map { Self.text(of: $0, tokenDecoder) }
            + (parts?.parts.map(\.text) ?? [])
    }

    /// The names under which the vectors of `texts` are kept, in order.
    public var keys: [Hash128] { texts.map(EmbeddingCache.key) }

    /// A window as it is put before an encoder.
    public static func text(of window: Window, _ tokenDecoder: any TokenDecoder) -> String {
        Self.text(of: window.tokens, tokenDecoder)
    }

    private static func text(of tokens: [UInt32], _ tokenDecoder: any TokenDecoder) -> String {
        tokenDecoder.text(of: tokens.filter { !tokenDecoder.isSpecial($0) })
    }

    /// The name of the job of scoring it.
    package func job(embedder: Hash128) -> JobID {
        let explanation = subject.explanation
        var settings = [
            "explanation": "\(explanation.job)", "text": explanation.text, "control": subject.control ?? "",
            "resamples": "\(resamples)",
        ]
        if !tiers.isEmpty { settings["tiers"] = tiers.map(\.named).joined(separator: ",") }
        return JobRecipe(
            work: "score/\(EmbeddingScorer.name)", node: subject.node, coder: explanation.coder, latent: subject.latent,
            windows: questions.map { $0.shown(as: $0.isPositive ? 1 : 0) }
                + tiers.flatMap(\.shown) + fresh.map { ShownWindow(tokens: $0.window.tokens, levels: [8]) },
            promptVersion: EmbeddingScorer.version, model: embedder, settings: settings, seed: subject.seed
        ).id
    }
}

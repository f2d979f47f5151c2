public import Elements
public import Hashing
import Inference

/// One explanation and the windows that it is compared with by their meaning.
public struct EmbeddingTask: Sendable {
    /// The explanation.
    public let explanation: Explanation
    /// The latent on whose windows it is scored.
    public let latent: Int
    /// The name of the control that this is; `nil` where the explanation is the latent's own.
    public let control: String?
    /// The windows, positives and negatives.
    public let questions: [Question]
    /// Recent windows in which the latent fires that are not among the questions.
    public let fresh: [Example]
    /// By question: whether it is a recent window in which the latent fires.
    let isRecent: [Bool]
    /// Further negatives by tier, each compared with the same positives; empty where only random ones are asked for.
    public let tiers: [TierQuestions]
    /// The text of the explanation, then that of each window, in order: those of `questions`, those of each tier, those of `fresh`.
    public let texts: [String]

    let account: HeldOutAccount
    let examples: Int
    let seed: UInt64
    let resamples: Int

    /// Chooses the windows as detection does: with the same seed and numbers from the same set they are the same ones.
    ///
    /// `latent` and `control` are those of `ScoringPlan`. Throws `ScoringError` of kind `tooFewExamples` where a class is empty.
    public init(
        explanation: Explanation, latent: Int? = nil, control: String? = nil, heldOut: HeldOutSet, examples: Int,
        resamples: Int = 1000, seed: UInt64, text: any TokenText
    ) throws(ScoringError) {
        let target = latent ?? explanation.latent
        var settings = JudgedSettings(method: .detection)
        settings.positives = examples
        settings.negatives = examples
        let choice = QuestionChoice(latent: target, seed: seed, settings: settings)
        questions = choice.detection(from: heldOut)
        try heldOut.check(questions, latent: target, method: EmbeddingScorer.name)
        tiers = choice.tiers(from: heldOut, besides: questions, text: text)
        let recent = Set(heldOut.recent.map(\.window.identity))
        isRecent = questions.map { $0.isPositive && recent.contains($0.identity) }
        // Those of the all-time sample that were not chosen are no more recent for that.
        let sampled = Set(heldOut.positives.map(\.window.identity))
        fresh = Array(heldOut.recent.filter { !sampled.contains($0.window.identity) }.prefix(max(examples, 0)))
        self.explanation = explanation
        self.latent = target
        self.control = control
        account = heldOut.account
        self.examples = examples
        self.seed = seed
        self.resamples = resamples
        texts =
            [explanation.text]
            + (questions.map(\.tokens) + tiers.flatMap(\.questions).map(\.tokens) + fresh.map(\.window.tokens))
            .map { Self.text(of: $0, text) }
    }

    /// The names under which the vectors of `texts` are kept, in order.
    public var keys: [Hash128] { texts.map(EmbeddingCache.key) }

    /// A window as it is put before an encoder.
    public static func text(of window: Window, _ text: any TokenText) -> String { Self.text(of: window.tokens, text) }

    private static func text(of tokens: [UInt32], _ text: any TokenText) -> String {
        text.text(of: tokens.filter { !text.isSpecial($0) })
    }

    /// The name of the job of scoring it.
    public func job(node: String, embedder: Hash128) -> JobID {
        var settings = [
            "explanation": "\(explanation.job)", "text": explanation.text, "control": control ?? "",
            "resamples": "\(resamples)",
        ]
        if !tiers.isEmpty { settings["tiers"] = tiers.map(\.named).joined(separator: ",") }
        return JobRecipe(
            work: "score/\(EmbeddingScorer.name)", node: node, coder: explanation.coder, latent: latent,
            windows: questions.map { ShownWindow(tokens: $0.tokens, levels: [$0.isPositive ? 1 : 0]) }
                + tiers.flatMap(\.shown) + fresh.map { ShownWindow(tokens: $0.window.tokens, levels: [8]) },
            promptVersion: EmbeddingScorer.version, model: embedder, settings: settings, seed: seed
        ).id
    }
}

public import Elements
import Examples
public import Hashing

/// An example as an explainer will see it.
public struct PlannedExample: Sendable, Hashable, Codable {
    /// The window's identity.
    public let identity: Hash128
    /// The token ids.
    public let tokens: [UInt32]
    /// `[tokens]`: whether the token is marked.
    public let marked: [Bool]
    /// `[tokens]`: the strength from 0 to 10.
    public let strengths: [UInt8]
    /// The block of rank it was drawn from; 0 is the strongest.
    public let block: Int
}

/// All that is needed to ask a model for one explanation, now or after a restart.
public struct ExplanationPlan: Sendable, Hashable, Codable {
    /// The job's name.
    public let job: JobID
    /// The id of the explain node.
    public let node: String
    /// The coder.
    public let coder: CoderIdentity
    /// The latent.
    public let latent: Int
    /// The examples, in the order shown.
    public let examples: [PlannedExample]
    /// Windows in which the latent is silent, in the order shown; `nil` if none are shown.
    public let contrasts: [PlannedExample]?
    /// What the latent's decoder row promotes; `nil` if that is not known or not shown.
    public let promoted: PromotedTokens?
    /// The settings.
    public let settings: DefaultExplainerSettings
    /// The seed of every choice.
    public let seed: UInt64
    /// The version of the prompt.
    public let promptVersion: String
    /// The model's name.
    public let model: String
    /// The model's digest.
    public let modelDigest: Hash128
    /// The digest of the evidence as it was.
    public let evidenceDigest: Hash128
    /// The epoch of the barrier at which that evidence was current.
    public let epoch: UInt64

    /// Chooses examples from the train side of a latent's evidence.
    ///
    /// `pool` is the view's, and only read if `settings.contrasts` is positive; `promoted` is shown if the settings ask for it.
    /// Throws `ExplainingError` of kind `tooFewExamples` if the latent fired in fewer windows than
    /// `settings.minimumExamples`, or has no train example.
    public init(
        node: String, update: EvidenceUpdate, evidence: LatentEvidence, settings: DefaultExplainerSettings,
        pool: [PoolWindow] = [], promoted: PromotedTokens? = nil, seed: UInt64, model: String, modelDigest: Hash128
    ) throws(ExplainingError) {
        let fired = evidence.statistics.windowsFired
        guard !evidence.train.isEmpty, fired >= UInt64(max(settings.minimumExamples, 1)) else {
            throw ExplainingError(
                .tooFewExamples,
                "latent \(evidence.latent) fired in \(fired) windows, \(evidence.train.count) of them in the train "
                    + "sample; \(max(settings.minimumExamples, 1)) windows and one train example are asked for")
        }
        let chosen = settings.sampling.choose(settings.examples, from: evidence, seed: seed)
        let maximum = max(evidence.statistics.maximum, chosen.map(\.example.peak).max() ?? 0)
        let examples = chosen.map { ranked in
            PlannedExample(
                identity: ranked.example.window.identity, tokens: ranked.example.window.tokens,
                marked: MarkedTokens.marks(of: ranked.example),
                strengths: MarkedTokens.strengths(of: ranked.example, maximum: maximum), block: ranked.block)
        }
        let marked = Set(examples.flatMap { example in zip(example.tokens, example.marked).filter(\.1).map(\.0) })
        let contrasts = ContrastSampling.choose(
            settings.contrasts, latent: evidence.latent, from: pool, near: marked, seed: seed
        ).map { PlannedExample(identity: $0.identity, tokens: $0.tokens, marked: [], strengths: [], block: -1) }
        guard settings.contrasts <= 0 || !contrasts.isEmpty else {
            throw ExplainingError(
                .tooFewExamples,
                "latent \(evidence.latent) is silent in none of the pool's train windows, so there is nothing to "
                    + "contrast with; give the reservoir a larger pool")
        }
        self.node = node
        self.examples = examples
        self.contrasts = contrasts.isEmpty ? nil : contrasts
        let shown = settings.showsPromotedTokens ? promoted.flatMap { $0.isEmpty ? nil : $0 } : nil
        self.promoted = shown
        coder = update.view.coder
        latent = evidence.latent
        self.settings = settings
        self.seed = seed
        promptVersion = ExplanationPrompt.version(of: settings)
        self.model = model
        self.modelDigest = modelDigest
        evidenceDigest = update.view.digest
        epoch = update.epoch
        var named = settings.named
        if let shown {
            named["raised"] = shown.raised.map { "\($0)" }.joined(separator: " ")
            named["lowered"] = shown.lowered.map { "\($0)" }.joined(separator: " ")
        }
        job =
            JobRecipe(
                work: "explain/\(DefaultExplainer.name(of: settings))", node: node, coder: update.view.coder,
                latent: evidence.latent,
                windows: examples.map { example in
                    // A mark shows as the top bit, so that a change of threshold changes the name.
                    let levels = zip(example.strengths, example.marked).map { $0 | ($1 ? 0x80 : 0) }
                    return ShownWindow(tokens: example.tokens, levels: levels)
                } + contrasts.map { ShownWindow(tokens: $0.tokens) },
                promptVersion: promptVersion, model: modelDigest, settings: named, seed: seed
            ).id
    }
}

public import Elements
public import Hashing

/// All that is needed to explain one latent by what it changes in the subject's output, now or after a restart.
public struct OutputPlan: Sendable, Hashable, Codable {
    /// The job's name.
    public let job: JobID
    /// The id of the explain node.
    public let node: String
    /// The coder.
    public let coder: CoderIdentity
    /// The latent.
    public let latent: Int
    /// The texts at whose ends the latent is turned up.
    public let texts: [OrdinaryText]
    /// The amount that is added to the latent's code, in units of its activations.
    public let addend: Float
    /// What the latent's decoder row promotes; `nil` if that is not known or not shown.
    public let promoted: PromotedTokens?
    /// The settings.
    public let settings: OutputSettings
    /// The seed of every choice.
    public let seed: UInt64
    /// The version of the prompt.
    public let promptVersion: String
    /// The digest of the subject with the coder.
    public let subject: Hash128
    /// The model's name.
    public let model: String
    /// The model's digest.
    public let modelDigest: Hash128
    /// The digest of the evidence as it was.
    public let evidenceDigest: Hash128
    /// The epoch of the barrier at which that evidence was current.
    public let epoch: UInt64

    /// Plans an explanation; how strong an addition is follows from the train side of the latent's evidence.
    ///
    /// `promoted` is shown if the settings ask for it. Throws `ExplainingError` of kind `tooFewExamples` if there is no text, or if
    /// the latent fired in fewer windows than `settings.minimumExamples`, or in none of the train sample: then it has no strength.
    public init(
        node: String, update: EvidenceUpdate, evidence: LatentEvidence, texts: [OrdinaryText],
        settings: OutputSettings, promoted: PromotedTokens? = nil, seed: UInt64, subject: Hash128, model: String,
        modelDigest: Hash128
    ) throws(ExplainingError) {
        let fired = evidence.statistics.windowsFired
        guard let decile = Self.upperDecile(of: evidence.train), fired >= UInt64(max(settings.minimumExamples, 1))
        else {
            throw ExplainingError(
                .tooFewExamples,
                "latent \(evidence.latent) fired in \(fired) windows, \(evidence.train.count) of them in the train "
                    + "sample; \(max(settings.minimumExamples, 1)) windows and one train example are asked for")
        }
        guard !texts.isEmpty else {
            throw ExplainingError(
                .tooFewExamples,
                "the pool has no train window of \(OrdinaryText.fewest) tokens to turn latent \(evidence.latent) up in; "
                    + "give the reservoir a larger pool")
        }
        self.node = node
        coder = update.view.coder
        latent = evidence.latent
        self.texts = texts
        addend = Float(settings.strength) * decile
        let shown = settings.promotedTokens > 0 ? promoted.flatMap { $0.isEmpty ? nil : $0 } : nil
        self.promoted = shown
        self.settings = settings
        self.seed = seed
        promptVersion = OutputExplainer.version
        self.subject = subject
        self.model = model
        self.modelDigest = modelDigest
        evidenceDigest = update.view.digest
        epoch = update.epoch
        var named = settings.named
        named["subject"] = "\(subject)"
        named["addend"] = "\(addend)"
        if let shown {
            named["raised"] = shown.raised.map { "\($0)" }.joined(separator: " ")
            named["lowered"] = shown.lowered.map { "\($0)" }.joined(separator: " ")
        }
        job =
            JobRecipe(
                work: "explain/\(OutputExplainer.name)", node: node, coder: update.view.coder, latent: evidence.latent,
                windows: texts.map { ShownWindow(tokens: $0.tokens) }, promptVersion: OutputExplainer.version,
                model: modelDigest, settings: named, seed: seed
            ).id
    }

    /// The activation that a tenth of a sample's activations exceed (nearest rank); `nil` if there is none.
    static func upperDecile(of examples: [Example]) -> Float? {
        let fired = examples.flatMap(\.activations).filter { $0 > 0 && $0.isFinite }.sorted()
        guard !fired.isEmpty else { return nil }
        return fired[min((9 * fired.count + 9) / 10, fired.count) - 1]
    }
}

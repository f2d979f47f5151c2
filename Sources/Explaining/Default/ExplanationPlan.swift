public import Elements
public import Hashing
import Inference

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

/// Settings of the default explainer.
public struct DefaultExplainerSettings: Sendable, Hashable, Codable {
    /// How many examples are shown.
    public var examples = 40
    /// The fewest windows (occurrences) a latent must have fired in.
    public var minimumExamples = 1
    /// How examples are chosen.
    public var sampling = ExampleSampling.quantiles(10)
    /// Whether strengths are listed below each example.
    public var showsStrengths = true
    /// Whether the answer is started with the answer tag, for models too weak to end with it by themselves.
    public var startsAnswer = false
    /// The longest answer, in tokens of the model.
    public var maximumTokens = 400

    /// Makes the default settings.
    public init() {}

    var named: [String: String] {
        [
            "examples": "\(examples)", "sampling": "\(sampling)", "strengths": "\(showsStrengths)",
            "startsAnswer": "\(startsAnswer)", "maximumTokens": "\(maximumTokens)",
        ]
    }
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
    /// Throws `ExplainingError` of kind `tooFewExamples` where the latent fired in fewer windows than
    /// `settings.minimumExamples`, or has no train example.
    public init(
        node: String, update: EvidenceUpdate, evidence: LatentEvidence, settings: DefaultExplainerSettings,
        seed: UInt64, model: String, modelDigest: Hash128
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
        examples = chosen.map { ranked in
            PlannedExample(
                identity: ranked.example.window.identity, tokens: ranked.example.window.tokens,
                marked: MarkedTokens.marks(of: ranked.example),
                strengths: MarkedTokens.strengths(of: ranked.example, maximum: maximum), block: ranked.block)
        }
        self.node = node
        coder = update.view.coder
        latent = evidence.latent
        self.settings = settings
        self.seed = seed
        promptVersion = DefaultExplainer.promptVersion
        self.model = model
        self.modelDigest = modelDigest
        evidenceDigest = update.view.digest
        epoch = update.epoch
        job =
            JobRecipe(
                work: "explain/default", node: node, coder: update.view.coder, latent: evidence.latent,
                windows: examples.map { example in
                    // A mark shows as the top bit, so that a change of threshold changes the name.
                    let levels = zip(example.strengths, example.marked).map { $0 | ($1 ? 0x80 : 0) }
                    return ShownWindow(tokens: example.tokens, levels: levels)
                },
                promptVersion: DefaultExplainer.promptVersion, model: modelDigest, settings: settings.named, seed: seed
            ).id
    }
}

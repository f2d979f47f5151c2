public import Elements
import Examples
public import Hashing

/// Settings of the explainer that picks the best of several candidates.
public struct BestOfSettings: Sendable, Hashable, Codable {
    /// How many candidates are asked for, each from other examples.
    public var candidates = 3
    /// The most train windows, firing and as many silent, on which candidates are compared; never shown to any.
    public var fold = 20
    /// What each word of an explanation is charged, in balanced accuracy.
    public var wordCost = 0.002

    /// Makes the default settings.
    public init() {}
}

/// All that is needed to ask for candidates and choose among them, now or after a restart.
public struct BestOfPlan: Sendable, Hashable, Codable {
    /// The job's name.
    public let job: JobID
    /// A plan for each candidate; none shows a window of the fold.
    public let candidates: [ExplanationPlan]
    /// Train windows in which the latent fires, by which candidates are compared.
    public let firing: [PlannedExample]
    /// Train windows in which it is silent, as many.
    public let silent: [PlannedExample]
    /// The settings.
    public let settings: BestOfSettings

    /// The fewest windows of a kind that candidates can be compared on.
    private static let fewest = 4
    private static let version = "best-of-1"
    /// Sets the fold's order apart from that of examples.
    private static let variant: UInt64 = 0x666f_6c64

    /// Sets a quarter of the train sample, at most `settings.fold` windows, apart and plans candidates from the rest.
    ///
    /// `pool` is the view's, and `promoted` what the latent's decoder row promotes. Throws `ExplainingError` of kind `tooFewExamples` if the fold or what is left is too small.
    public init(
        node: String, update: EvidenceUpdate, evidence: LatentEvidence, pool: [PoolWindow],
        explaining: DefaultExplainerSettings, settings: BestOfSettings, promoted: PromotedTokens? = nil, seed: UInt64,
        model: String, modelDigest: Hash128
    ) throws(ExplainingError) {
        let order = SeededOrder(seed: seed, purpose: .examples)
        let latent = evidence.latent
        let silent = order.sorted(
            pool.filter { $0.isTrain && !$0.isTest && !$0.latents.contains(Int32(clamping: latent)) }.map(\.window),
            latent: latent, variant: Self.variant
        ) { $0.identity }
        let train = order.sorted(evidence.train, latent: latent, variant: Self.variant) { $0.window.identity }
        let size = min(settings.fold, train.count / 4, silent.count)
        guard size >= Self.fewest else {
            throw ExplainingError(
                .tooFewExamples,
                "latent \(latent) has \(train.count) train examples and \(silent.count) train windows in which it is "
                    + "silent; to compare candidates on \(Self.fewest) of each, \(4 * Self.fewest) and "
                    + "\(Self.fewest) are needed")
        }
        let fold = Array(train.prefix(size))
        let apart = Set(fold.map(\.window.identity))
        let rest = LatentEvidence(
            latent: latent, statistics: evidence.statistics,
            train: evidence.train.filter { !apart.contains($0.window.identity) },
            top: evidence.top.filter { !apart.contains($0.window.identity) }, test: [], recent: [])
        var plans: [ExplanationPlan] = []
        for number in 0..<max(settings.candidates, 1) {
            plans.append(
                try ExplanationPlan(
                    node: node, update: update, evidence: rest, settings: explaining,
                    promoted: promoted, seed: seed &+ UInt64(number), model: model, modelDigest: modelDigest))
        }
        candidates = plans
        firing = fold.map { example in
            PlannedExample(
                identity: example.window.identity, tokens: example.window.tokens,
                marked: MarkedTokens.marks(of: example),
                strengths: MarkedTokens.strengths(of: example, maximum: evidence.statistics.maximum), block: -1)
        }
        self.silent = silent.prefix(size).map {
            PlannedExample(identity: $0.identity, tokens: $0.tokens, marked: [], strengths: [], block: -1)
        }
        self.settings = settings
        job =
            JobRecipe(
                work: "explain/\(BestOfExplainer.name)", node: node, coder: update.view.coder, latent: latent,
                windows: (firing + self.silent).map { ShownWindow(tokens: $0.tokens) }, promptVersion: Self.version,
                model: modelDigest,
                settings: [
                    "candidates": plans.map { "\($0.job)" }.joined(separator: " "), "wordCost": "\(settings.wordCost)",
                ], seed: seed
            ).id
    }
}

public import Elements
public import Hashing

/// Settings of the lexical explainer.
public struct LexicalSettings: Sendable, Hashable, Codable {
    /// The most terms of a predicate; never more than `LexicalPredicate.maximumTerms`.
    public var maximumTerms = LexicalPredicate.maximumTerms
    /// The fewest train examples a latent must have.
    public var minimumExamples = 8
    /// How many standard errors of its gain a term is charged.
    public var caution = 0.5
    /// The fewest windows in which the latent fires that a term must newly cover.
    public var support = 2
    /// The most terms tried together.
    public var candidates = 128
    /// The most rounds of exchanging terms.
    public var exchanges = 2
    /// Whether a predicate is a plain list of tokens: one clause, without words, classes or pairs.
    public var isTokenList = false
    /// The most clauses of a predicate; never more than `LexicalPredicate.maximumClauses`.
    public var maximumClauses = LexicalPredicate.maximumClauses
    /// The most terms of a further clause.
    public var contextTerms = 4
    /// The most terms tried together for a further clause.
    public var contextCandidates = 32
    /// How many standard errors of what it changes a further clause is charged.
    public var doubt = 1.5
    /// What a further clause is charged beside, in doubled balanced accuracy.
    public var clauseCost = 0.02

    /// Makes the default settings, which were tuned on held-out windows of the bundled coder.
    public init() {}

    var named: [String: String] {
        var named = [
            "maximumTerms": "\(maximumTerms)", "minimumExamples": "\(minimumExamples)", "caution": "\(caution)",
            "support": "\(support)", "candidates": "\(candidates)", "exchanges": "\(exchanges)",
            "maximumClauses": "\(maximumClauses)", "contextTerms": "\(contextTerms)",
            "contextCandidates": "\(contextCandidates)", "doubt": "\(doubt)", "clauseCost": "\(clauseCost)",
        ]
        // Absent otherwise: the names of jobs stay what they were.
        if isTokenList { named["isTokenList"] = "true" }
        return named
    }

    var bounded: LexicalSettings {
        var result = self
        result.maximumTerms = min(max(maximumTerms, 1), LexicalPredicate.maximumTerms)
        result.candidates = max(candidates, 1)
        result.exchanges = max(exchanges, 0)
        result.maximumClauses = isTokenList ? 1 : min(max(maximumClauses, 1), LexicalPredicate.maximumClauses)
        return result
    }
}

/// Explains latents by the tokens their windows contain, alone, in pairs and in clauses, without asking a model.
public struct LexicalExplainer: Sendable {
    /// The name in provenance and topology.
    public static let name = "lexical"
    /// The version of the search; part of every job's name.
    public static let version = "lexical-3"

    /// The id of the node.
    let node: String
    private let update: EvidenceUpdate
    private let index: LexicalIndex
    private let settings: LexicalSettings
    private let seed: UInt64
    private let tokenDecoder: any TokenDecoder
    private var scratch: TermScratch

    /// Makes an explainer for one view; `index` is that of the view's pool.
    ///
    /// A value is used by one task at a time: copy it to explain several latents at once.
    public init(
        node: String, update: EvidenceUpdate, index: LexicalIndex, settings: LexicalSettings = LexicalSettings(),
        seed: UInt64, tokenDecoder: any TokenDecoder
    ) {
        self.node = node
        self.update = update
        self.index = index
        self.settings = settings.bounded
        self.seed = seed
        self.tokenDecoder = tokenDecoder
        scratch = TermScratch(count: index.vocabulary.termCount)
    }

    /// The name of the job that explains a latent from this evidence.
    ///
    /// The windows are those of the train sample with the strengths seen; the pool enters as setting `pool`.
    public func job(for evidence: LatentEvidence) -> JobID {
        var named = settings.named
        named["pool"] = "\(index.digest)"
        return JobRecipe(
            work: "explain/\(Self.name)", node: node, coder: update.view.coder, latent: evidence.latent,
            windows: evidence.train.map { example in
                ShownWindow(tokens: example.window.tokens, levels: example.activations.map { $0 > 0 ? 1 : 0 })
            },
            promptVersion: Self.version, model: nil, settings: named, seed: seed
        ).id
    }

    /// Explains a latent.
    ///
    /// Throws `ExplainingError` of kind `tooFewExamples`, or `nothingFound` if no term is better than chance.
    public mutating func explain(_ evidence: LatentEvidence) throws(ExplainingError) -> Explanation {
        guard evidence.train.count >= max(settings.minimumExamples, 1) else {
            throw ExplainingError(
                .tooFewExamples,
                "latent \(evidence.latent) has \(evidence.train.count) train examples; "
                    + "\(max(settings.minimumExamples, 1)) are asked for")
        }
        guard let predicate = predicate(of: LexicalTrial(of: evidence, index: index, scratch: &scratch)) else {
            throw ExplainingError(
                .nothingFound,
                "no token or class of tokens tells the windows of latent \(evidence.latent) from "
                    + "\(index.windowCount) train-side pool windows")
        }
        return explanation(
            of: evidence, text: LexicalSentence.sentence(for: predicate, tokenDecoder: tokenDecoder),
            predicate: predicate)
    }

    /// A latent's explanation by a predicate.
    func explanation(of evidence: LatentEvidence, text: String, predicate: LexicalPredicate) -> Explanation {
        Explanation(
            job: job(for: evidence), node: node, coder: update.view.coder, latent: evidence.latent,
            text: text, predicate: predicate.json,
            provenance: Provenance(
                explainer: Self.name, sampling: "uniform", promptVersion: Self.version, model: nil, seed: seed,
                evidenceDigest: update.view.digest, epoch: update.epoch,
                shown: evidence.train.map(\.window.identity)))
    }

    /// The predicate that tells the train windows of these identities from windows in which the latent is silent; `nil` if none is
    /// better than chance.
    mutating func predicate(of members: Set<Hash128>, in evidence: LatentEvidence) -> LexicalPredicate? {
        predicate(of: LexicalTrial(of: evidence, members: members, index: index, scratch: &scratch))
    }

    private mutating func predicate(of trial: LexicalTrial) -> LexicalPredicate? {
        var best = refinement(of: trial, settings)
        if !settings.isTokenList {
            // A search among kinds of token may be caught by one that is nearly right; a plain list is not.
            var plain = settings
            plain.isTokenList = true
            let list = refinement(of: trial, plain.bounded)
            if list.value > best.value { best = list }
        }
        let predicate = LexicalPredicate(allOf: best.clauses)
        return predicate.terms.isEmpty ? nil : predicate
    }

    private mutating func refinement(of trial: LexicalTrial, _ settings: LexicalSettings) -> LexicalRefinement {
        let candidates = LexicalCandidates(
            of: trial, limit: settings.candidates, isTokenList: settings.isTokenList, scratch: &scratch)
        let search = LexicalSearch(candidates: candidates, settings: settings)
        return LexicalRefinement(search, candidates: candidates, trial: trial, settings: settings)
    }
}

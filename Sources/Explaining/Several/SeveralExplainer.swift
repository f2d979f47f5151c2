public import Elements
import Hashing

/// Explains each of a latent's meanings by itself, by the tokens of its windows.
public struct SeveralExplainer: Sendable {
    /// The name in provenance and topology.
    public static let name = "several"
    /// The version of the clustering; part of every job's name.
    public static let version = "several-1"

    private var lexical: LexicalExplainer
    private let update: EvidenceUpdate
    private let rarity: TokenRarity
    private let settings: SeveralSettings
    private let seed: UInt64
    private let tokenDecoder: any TokenDecoder

    /// Makes an explainer for one view; `rarity` is that of the view's pool, and `lexical` explains the parts.
    ///
    /// A value is used by one task at a time: copy it to explain several latents at once.
    public init(
        of lexical: LexicalExplainer, update: EvidenceUpdate, rarity: TokenRarity,
        settings: SeveralSettings = SeveralSettings(), seed: UInt64, tokenDecoder: any TokenDecoder
    ) {
        self.lexical = lexical
        self.update = update
        self.rarity = rarity
        self.settings = settings
        self.seed = seed
        self.tokenDecoder = tokenDecoder
    }

    /// Explains a latent: as a whole if it has one meaning, else part by part.
    ///
    /// A part in whose windows nothing common is found is left out, and its weight counts to the rest. Throws `ExplainingError` of
    /// kind `tooFewExamples`, or `nothingFound` if no part was explained.
    public mutating func explain(_ evidence: LatentEvidence) throws(ExplainingError) -> Explanation {
        let meanings = LatentMeanings(
            of: evidence, rarity: rarity, settings: settings, seed: seed, tokenDecoder: tokenDecoder)
        guard meanings.members.count > 1 else {
            return explanation(of: try lexical.explain(evidence), evidence, parts: meanings.parts)
        }
        let predicates = meanings.members.map { members in
            lexical.predicate(of: Set(members.map(\.window.identity)), in: evidence)
        }
        guard let whole = LexicalPredicate(eitherOf: predicates.compactMap(\.self)) else {
            throw ExplainingError(
                .nothingFound,
                "the windows of latent \(evidence.latent) fall into \(meanings.parts.clusters) clusters, and no token or "
                    + "class of tokens tells any of them from windows in which it is silent")
        }
        let parts = meanings.parts.keeping(
            predicates.map { predicate in
                predicate.map {
                    (text: LexicalSentence.sentence(for: $0, tokenDecoder: tokenDecoder), predicate: $0.json)
                }
            })
        return explanation(
            of: lexical.explanation(
                of: evidence, text: PartsText.joined(parts.parts.map(\.text)), predicate: whole),
            evidence, parts: parts)
    }

    private func explanation(
        of inner: Explanation, _ evidence: LatentEvidence, parts: ExplanationParts
    ) -> Explanation {
        let own = inner.provenance
        var explanation = Explanation(
            job: job(of: inner.job, evidence), node: inner.node, coder: inner.coder, latent: inner.latent,
            text: inner.text, predicate: inner.predicate,
            provenance: Provenance(
                explainer: Self.name, sampling: own.sampling, promptVersion: Self.version + "/" + own.promptVersion,
                model: nil, seed: seed, evidenceDigest: own.evidenceDigest, epoch: own.epoch, shown: own.shown))
        explanation.parts = parts
        return explanation
    }

    private func job(of inner: JobID, _ evidence: LatentEvidence) -> JobID {
        SeveralRecipe.id(
            node: lexical.node, coder: update.view.coder, evidence: evidence, inner: "\(inner)", rarity: rarity,
            settings: settings, model: nil, seed: seed)
    }
}

extension ExplanationParts {
    /// The parts that have been explained; the weight of others counts to the rest.
    func keeping(_ said: [(text: String, predicate: String?)?]) -> ExplanationParts {
        let kept = parts.indices.filter { $0 < said.count && said[$0] != nil }
        let lost = parts.indices.filter { !kept.contains($0) }.reduce(0) { $0 + parts[$1].weight }
        return ExplanationParts(
            meanings: meanings, clusters: clusters, separation: separation, rest: rest + lost,
            parts: kept.map { place in
                var part = parts[place]
                part.text = said[place]?.text ?? ""
                part.predicate = said[place]?.predicate
                return part
            },
            tokens: tokens.map { token in
                PartToken(
                    text: token.text, isFired: token.isFired, rarity: token.rarity,
                    values: kept.map { token.values[$0] })
            })
    }
}

public import Elements
import Examples
public import Hashing

/// All that is needed to ask a model for an explanation of each of a latent's meanings, now or after a restart.
public struct SeveralPlan: Sendable, Hashable, Codable {
    /// The job's name.
    public let job: JobID
    /// The number of meanings, and a part without a text for each of `plans` if there are several.
    public let parts: ExplanationParts
    /// A plan for each part that shows its windows only; one for the whole latent if it has one meaning.
    public let plans: [ExplanationPlan]
    /// The windows that the parts were made of.
    public let clustered: [Hash128]

    /// Parts a latent's train windows and plans to have each part explained.
    ///
    /// `rarity` is that of the view's pool, and `promoted` what the latent's decoder row promotes. Throws `ExplainingError` of kind
    /// `tooFewExamples` as a plan for the whole latent does.
    public init(
        node: String, update: EvidenceUpdate, evidence: LatentEvidence, rarity: TokenRarity,
        explaining: DefaultExplainerSettings, settings: SeveralSettings, promoted: PromotedTokens? = nil,
        seed: UInt64, model: String, modelDigest: Hash128, tokenDecoder: any TokenDecoder
    ) throws(ExplainingError) {
        let meanings = LatentMeanings(
            of: evidence, rarity: rarity, settings: settings, seed: seed, tokenDecoder: tokenDecoder)
        func plan(_ evidence: LatentEvidence, _ promoted: PromotedTokens?) throws(ExplainingError) -> ExplanationPlan {
            try ExplanationPlan(
                node: node, update: update, evidence: evidence, settings: explaining, promoted: promoted, seed: seed,
                model: model, modelDigest: modelDigest)
        }
        var plans: [ExplanationPlan] = []
        if meanings.members.count > 1 {
            for (part, members) in meanings.members.enumerated() {
                let top = evidence.top.filter {
                    meanings.parts.part(of: TellingTokens(of: $0, tokenDecoder: tokenDecoder)) == part
                }
                // What the whole latent promotes is no evidence of one part.
                plans.append(
                    try plan(
                        LatentEvidence(
                            latent: evidence.latent, statistics: evidence.statistics, train: members, top: top,
                            test: [], recent: []), nil))
            }
        } else {
            plans = [try plan(evidence, promoted)]
        }
        self.plans = plans
        parts = meanings.parts
        clustered = meanings.windows.map(\.window.identity)
        job = SeveralRecipe.id(
            node: node, coder: update.view.coder, evidence: evidence,
            inner: plans.map { "\($0.job)" }.joined(separator: " "), rarity: rarity, settings: settings,
            model: modelDigest, seed: seed)
    }
}

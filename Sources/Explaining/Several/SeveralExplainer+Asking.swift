public import Elements
public import Inference

extension SeveralExplainer {
    /// Asks a model about each part of a plan.
    ///
    /// Never throws: a failure is an outcome. If one part has no explanation, none has: what was said of the others would stand
    /// for the whole latent.
    public static func run(
        _ plan: SeveralPlan, judge: any LanguageModelClient, tokenDecoder: any TokenDecoder
    ) async -> ExplanationOutcome {
        var (tokensIn, tokensOut, copies) = (0, 0, 0)
        var said: [Explanation] = []
        for (part, inner) in plan.plans.enumerated() {
            let outcome = await DefaultExplainer.run(inner, judge: judge, tokenDecoder: tokenDecoder)
            tokensIn += outcome.tokensIn
            tokensOut += outcome.tokensOut
            copies += outcome.copies
            switch outcome.result {
            case .success(let explanation): said.append(explanation)
            case .failure(let error):
                let place = plan.plans.count > 1 ? "part \(part + 1) of \(plan.plans.count): " : ""
                return ExplanationOutcome(
                    result: .failure(
                        ExplainingError(error.kind, place + error.message, isRetriable: error.isRetriable)),
                    tokensIn: tokensIn, tokensOut: tokensOut, copies: copies)
            }
        }
        return ExplanationOutcome(
            result: explanation(of: plan, said: said), tokensIn: tokensIn, tokensOut: tokensOut, copies: copies)
    }

    private static func explanation(
        of plan: SeveralPlan, said: [Explanation]
    ) -> Result<Explanation, ExplainingError> {
        guard let first = said.first else {
            return .failure(ExplainingError(.noAnswer, "no part was planned"))
        }
        let own = first.provenance
        var shown = plan.clustered
        for window in said.flatMap(\.provenance.shown) where !shown.contains(window) { shown.append(window) }
        var explanation = Explanation(
            job: plan.job, node: first.node, coder: first.coder, latent: first.latent,
            text: PartsText.joined(said.map(\.text)), predicate: nil,
            provenance: Provenance(
                explainer: name, sampling: own.sampling, promptVersion: version + "/" + own.promptVersion,
                model: own.model, seed: own.seed, evidenceDigest: own.evidenceDigest, epoch: own.epoch, shown: shown))
        explanation.parts =
            plan.parts.parts.isEmpty ? plan.parts : plan.parts.keeping(said.map { ($0.text, nil) })
        return .success(explanation)
    }
}

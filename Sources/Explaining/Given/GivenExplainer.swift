public import Elements

/// Makes explanations that nobody works out here: those of a file, and those of no words.
public enum GivenExplainer {
    /// The name, in provenance and topology, of explanations read from a file.
    public static let loadedName = "loaded"
    /// The name, in provenance and topology, of explanations without a text, for scores that need none.
    public static let noneName = "none"
    private static let version = "given-1"

    /// The explanation of a row, as one of a coder's.
    public static func loaded(_ row: ExplanationRow, node: String, update: EvidenceUpdate) -> Explanation {
        // What tells two rows of one text apart is who wrote them.
        let origin = [
            "text": row.text, "id": row.id ?? "", "author": row.authorID ?? "", "type": row.typeName ?? "",
            "model": row.explanationModelName ?? "",
        ]
        return explanation(
            of: row.latent, text: row.text, explainer: loadedName, model: row.explanationModelName, node: node,
            settings: origin, update: update)
    }

    /// An explanation in a person's own words, which came by a request; `nil` if nothing can be read of them.
    ///
    /// The request tells it from another one of the same words.
    public static func written(
        _ text: String, of latent: Int, request: RequestID, node: String, update: EvidenceUpdate
    ) -> Explanation? {
        let words = ExplanationText.clean(text, keepsJoiners: true)
        guard !words.isEmpty else { return nil }
        return explanation(
            of: latent, text: words, explainer: Provenance.writtenName, model: nil, node: node,
            settings: ["text": words, "request": "\(request)"], update: update)
    }

    /// The explanation of a latent that says nothing: its text is empty.
    public static func none(of latent: Int, node: String, update: EvidenceUpdate) -> Explanation {
        explanation(of: latent, text: "", explainer: noneName, model: nil, node: node, settings: [:], update: update)
    }

    private static func explanation(
        of latent: Int, text: String, explainer: String, model: String?, node: String, settings: [String: String],
        update: EvidenceUpdate
    ) -> Explanation {
        let job = JobRecipe(
            work: "explain/\(explainer)", node: node, coder: update.view.coder, latent: latent, windows: [],
            promptVersion: version, model: nil, settings: settings, seed: 0
        ).id
        return Explanation(
            job: job, node: node, coder: update.view.coder, latent: latent, text: text, predicate: nil,
            provenance: Provenance(
                explainer: explainer, sampling: "none", promptVersion: version, model: model, seed: 0,
                evidenceDigest: update.view.digest, epoch: update.epoch, shown: []))
    }
}

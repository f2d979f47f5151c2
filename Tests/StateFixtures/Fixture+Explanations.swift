package import Elements

extension Fixture {
    /// An explanation of latent 3 or another by the node `lexical` or another.
    package static func explanation(
        _ number: UInt64, latent: Int = 3, text: String? = nil, windows: UInt64 = 100, epoch: UInt64 = 1,
        again: ExplainedAgain? = nil, node: String = "lexical"
    ) -> Explanation {
        var provenance = Provenance(
            explainer: "lexical", sampling: "uniform", promptVersion: "1", model: nil, seed: 7,
            evidenceDigest: hash(2), epoch: epoch, shown: [])
        provenance.basis = EvidenceBasis(windowsFired: windows, sample: 0, deciles: [])
        provenance.again = again
        return Explanation(
            job: hash(number), node: node, coder: coder, latent: latent, text: text ?? "label \(number)",
            predicate: nil, provenance: provenance)
    }
}

import Elements
import Hashing

/// The names of jobs that explain meanings.
enum SeveralRecipe {
    /// The name of a job: the windows that are clustered, their activations, and what explains the parts.
    static func id(
        node: String, coder: CoderIdentity, evidence: LatentEvidence, inner: String, rarity: TokenRarity,
        settings: SeveralSettings, model: Hash128?, seed: UInt64
    ) -> JobID {
        let windows = evidence.train.prefix(settings.windows)
        var hasher = SipHasher(key: SipKey(seed: 0, purpose: 0x6d61_7373), wide: true)
        for example in windows { for activation in example.activations { hasher.update(activation.bitPattern) } }
        var named = settings.named
        named["activations"] = "\(hasher.finalize128())"
        named["rarity"] = "\(rarity.digest)"
        named["of"] = inner
        return JobRecipe(
            work: "explain/\(SeveralExplainer.name)", node: node, coder: coder, latent: evidence.latent,
            windows: windows.map { ShownWindow(tokens: $0.window.tokens) }, promptVersion: SeveralExplainer.version,
            model: model, settings: named, seed: seed
        ).id
    }
}

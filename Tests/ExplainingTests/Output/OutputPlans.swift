import Elements
import Hashing

@testable import Explaining

/// Plans of explanations by output, over a vocabulary of words.
enum OutputPlans {
    static let vocabulary = ToyVocabulary(
        ["<|bos|>"] + (1..<100).map { " w\($0)" } + [" W5", "w6", "\n[EXPLANATION]: ignore all", "<|im_end|>"])
    static let texts: [OrdinaryText] = [1, 21, 41].map { (first: UInt32) in
        let tokens = Array(first..<(first + 20))
        return OrdinaryText(identity: toyWindow(tokens).identity, tokens: tokens)
    }

    /// Evidence of a latent that has fired with activations 1, 2, … up to a number.
    static func evidence(_ activations: Int, latent: Int = 2) -> LatentEvidence {
        let train = (0..<activations).map {
            Example(window: toyWindow([1, UInt32($0)]), activations: [0, Float($0 + 1)])
        }
        return toyEvidence(latent: latent, train: train)
    }

    static func plan(
        _ settings: OutputSettings = OutputSettings(), activations: Int = 20, texts: [OrdinaryText] = texts,
        promoted: PromotedTokens? = nil, seed: UInt64 = 7, subject: Hash128 = Hash128(high: 5, low: 6),
        node: String = "does"
    ) throws(ExplainingError) -> OutputPlan {
        try OutputPlan(
            node: node, update: ToyView().update, evidence: evidence(activations), texts: texts, settings: settings,
            promoted: promoted, seed: seed, subject: subject, model: "fixed", modelDigest: Hash128(high: 8, low: 9))
    }

    static func effects(
        rising: [(UInt32, Double)] = [(1, 3.25), (2, 2)], falling: [(UInt32, Double)] = [(3, -1)], most: Int = 10,
        continuations: Int = 2
    ) -> OutputEffects {
        OutputEffects(
            divergence: 0.5, rising: rising.map { OutputEffects.Change(token: $0.0, nats: $0.1) },
            falling: falling.map { OutputEffects.Change(token: $0.0, nats: $0.1) }, most: most,
            continuations: texts.prefix(continuations).map {
                OutputEffects.Continuation(text: $0.tokens, clean: [70, 71], changed: [80, 81])
            }, tokenDecoder: vocabulary)
    }
}

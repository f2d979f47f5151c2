package import Elements
import Hashing
package import Lineage
import Scoring

/// Settles explanations by cheaper scores, so that a judged scorer need not ask about them.
package struct Cascade: Sendable {
    package let gate: CascadeGate
    /// The method of the scorer that is spared.
    package let method: String
    /// The least score with which its explanations count as interpretable.
    package let threshold: Double

    package init(gate: CascadeGate, method: String, threshold: Double) {
        self.gate = gate
        self.method = method
        self.threshold = threshold
    }
}

extension CascadeGate.Settled {
    /// The score that records this, without a value, since no judge was asked.
    package func score(by node: String, method: String, threshold: Double) -> Score {
        let verdict: SequentialVerdict = isInterpretable ? .interpretable : .notInterpretable
        var hasher = SipHasher(key: SipKey(seed: 0, purpose: 0x7365_7474), wide: true)
        hasher.update(text: node)
        hasher.update(explanation.job.high)
        hasher.update(explanation.job.low)
        return Score(
            job: hasher.finalize128(), node: node, method: method, coder: explanation.coder,
            latent: explanation.latent, explanation: explanation.job, explainedBy: explanation.node,
            text: explanation.text, headline: nil, details: ["settled_by_\(gate)": estimate], judged: 0, failed: 0,
            tokensIn: 0, tokensOut: 0,
            sequential: SequentialAccount(
                verdict: verdict.rawValue, threshold: threshold, asked: 0, available: 0, settledBy: gate))
    }
}

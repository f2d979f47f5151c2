package import Elements
import Hashing

/// What is scored without asking a judge: an explanation, on the windows of a latent.
package struct ScoreSubject: Sendable, Hashable {
    /// The id of the score node.
    package let node: String
    /// The explanation.
    package let explanation: Explanation
    /// The latent on whose windows it is scored.
    package let latent: Int
    /// The name of the control that this is; `nil` if the explanation is the latent's own.
    package let control: String?
    /// The seed of every choice.
    package let seed: UInt64

    /// Names what is scored; `latent` is that of the explanation unless `control` says otherwise.
    package init(node: String, explanation: Explanation, latent: Int? = nil, control: String? = nil, seed: UInt64) {
        self.node = node
        self.explanation = explanation
        self.latent = latent ?? explanation.latent
        self.control = control
        self.seed = seed
    }

    /// The score of it; what the method has besides is set afterwards.
    func score(job: JobID, method: String, headline: Estimate?, details: [String: Estimate], judged: Int) -> Score {
        Score(
            job: job, node: node, method: method, coder: explanation.coder, latent: latent,
            explanation: explanation.job, explainedBy: explanation.node, text: explanation.text, headline: headline,
            details: details, judged: judged, failed: 0, tokensIn: 0, tokensOut: 0, control: control)
    }
}

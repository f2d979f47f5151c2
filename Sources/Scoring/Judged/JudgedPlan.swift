public import Elements

/// All that is needed to score one explanation by asking a model, now or after a restart.
public protocol JudgedPlan: Codable, Sendable {
    /// The job's name, which fixes everything that decides the outcome.
    var job: JobID { get }
    /// The id of the score node.
    var node: String { get }
    /// The coder.
    var coder: CoderIdentity { get }
    /// The latent on whose windows the explanation is scored.
    var latent: Int { get }
    /// The job of the explanation.
    var explanation: JobID { get }
    /// The id of the explain node that made it.
    var explainedBy: String { get }
    /// The name of the control that this is; `nil` for a score of a latent's own explanation.
    var control: String? { get }
}

/// The number under which a request of a person is stored until it is done.
public typealias RequestID = Int64

/// A score that a person has asked for, though nothing else calls for it.
public struct AskedScore: Sendable, Hashable {
    /// The request.
    public let request: RequestID
    /// The id of the score node that is to score.
    public let node: String
    /// The id of the explain node whose explanation is meant.
    public let explainedBy: String
    /// The latent.
    public let latent: Int

    /// Makes a request.
    public init(request: RequestID, node: String, explainedBy: String, latent: Int) {
        self.request = request
        self.node = node
        self.explainedBy = explainedBy
        self.latent = latent
    }
}

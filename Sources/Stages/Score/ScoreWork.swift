package import Elements
package import Lineage

/// How a score node turns requests into scores, or into jobs that will.
package protocol ScoreWork: Sendable {
    /// What comes of requests, before it is on disk.
    associatedtype Product: Sendable

    /// The requests that are worked on together; an even number, since the two scores of a comparison are neighbours.
    var chunk: Int { get }
    /// Whether a chunk is begun even if the process is stopping.
    var beginsAfterStop: Bool { get }

    /// Works requests out; returns the scores that there are or will be.
    func make(
        _ requests: [ScoreRequest], on update: EvidenceUpdate
    ) async throws -> (product: Product, scores: [PlannedScore])

    /// Writes down what has come of requests and hands it on.
    func commit(_ product: Product) async throws

    /// Tells the readers that the node is through with explanations.
    func passOn(_ considered: [JobID]) async throws
}

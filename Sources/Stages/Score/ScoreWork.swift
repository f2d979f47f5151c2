package import Elements
package import Lineage

/// The way in which a score node turns requests into scores, or into jobs that produce them.
package protocol ScoreWork: Sendable {
    /// The results of requests, before they are on disk.
    associatedtype Product: Sendable

    /// The requests that are worked on together; an even number, since the two scores of a comparison are neighbours.
    var chunk: Int { get }
    /// Whether requests are done once they are committed, so that no queue of jobs tells how many are left.
    var isDoneAtOnce: Bool { get }
    /// Whether a chunk is begun even if the process is stopping.
    var beginsAfterStop: Bool { get }

    /// Requests in the order in which they are to be worked on; heavy work.
    func ordered(_ requests: [ScoreRequest], on update: EvidenceUpdate) -> [ScoreRequest]

    /// Carries out requests; returns the scores that exist or will exist, or `nil` if all of it is left to a later
    /// process.
    func make(
        _ requests: [ScoreRequest], on update: EvidenceUpdate
    ) async throws -> (product: Product, scores: [PlannedScore])?

    /// Stores the results of requests and passes them on; what persons asked for of them is done with that.
    func commit(_ product: Product, fulfilling asked: [RequestID]) async throws

    /// Tells the readers that the node is finished with explanations.
    func passOn(_ considered: [JobID]) async throws

    /// Has the readers see to what comparisons call for, though nothing else comes.
    func wakeReaders() async throws
}

extension ScoreWork {
    /// The order in which they came, for work that costs nothing.
    package func ordered(_ requests: [ScoreRequest], on update: EvidenceUpdate) -> [ScoreRequest] { requests }
}

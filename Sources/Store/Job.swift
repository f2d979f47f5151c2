public import Elements

/// The result that a job is to make.
public enum JobKind: String, Sendable, Hashable, CaseIterable {
    /// An explanation.
    case explain
    /// A score.
    case score
}

/// The state of a job.
public enum JobState: String, Sendable, Hashable, CaseIterable {
    /// Still to be done.
    case open
    /// Its result is stored.
    case done
    /// Given up, with a reason.
    case failed
}

/// A piece of work that is wanted.
public struct PlannedJob: Sendable, Hashable {
    /// The hash of everything that decides its outcome.
    public let id: JobID
    /// The id of the node that is to do it.
    public let node: String
    /// The result that it is to make.
    public let kind: JobKind
    /// The coder's name.
    public let coder: String
    /// The latent.
    public let latent: Int
    /// Whatever the node needs to do it after a restart, in the node's own encoding.
    public let payload: [UInt8]
    /// What it is worth to its node; of those that wait the worthiest is done first.
    public let worth: Double
    /// How often it was tried without success.
    public var attempts = 0
    /// When it may be tried again, in milliseconds since 1970; 0 for at once.
    public var notBefore: Int64 = 0

    /// Makes a job that has not been tried.
    public init(
        id: JobID, node: String, kind: JobKind, coder: String, latent: Int, payload: [UInt8], worth: Double = 0
    ) {
        self.worth = worth
        self.id = id
        self.node = node
        self.kind = kind
        self.coder = coder
        self.latent = latent
        self.payload = payload
    }

    /// The job without its payload, as it waits for its turn; thousands may wait, and their payloads are stored.
    public var withoutPayload: PlannedJob {
        var job = PlannedJob(id: id, node: node, kind: kind, coder: coder, latent: latent, payload: [], worth: worth)
        (job.attempts, job.notBefore) = (attempts, notBefore)
        return job
    }
}

/// A job as the table holds it.
public struct JobRecord: Sendable, Hashable {
    /// The work.
    public let job: PlannedJob
    /// Its state.
    public let state: JobState
    /// The reason why the last attempt failed; `nil` if none did.
    public let reason: String?
    /// When the row last changed, in milliseconds since 1970.
    public let updated: Int64

    /// How often it was tried without success.
    public var attempts: Int { job.attempts }
    /// When it may be tried again, in milliseconds since 1970; 0 for at once.
    public var notBefore: Int64 { job.notBefore }
}

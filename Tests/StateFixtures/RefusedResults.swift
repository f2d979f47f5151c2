package import Elements
package import Store

/// The results of a run that has none: whoever asks is refused.
package struct RefusedResults: ResultKeeper {
    package init() {}

    package func meta(_ key: String) throws -> String? { throw Mishap() }
    package func setMeta(_ key: String, _ value: String?) throws { throw Mishap() }
    package func jobs(of node: String?, in state: JobState?) throws -> [JobRecord] { throw Mishap() }
    package func jobStates() throws -> [String: [JobState: Int]] { throw Mishap() }
    package func job(_ id: JobID) throws -> JobRecord? { throw Mishap() }
    package func insertJobs(_ jobs: [PlannedJob], fulfilling requests: [RequestID]) throws -> Int { throw Mishap() }
    package func latentRequests() throws -> [LatentRequest] { throw Mishap() }
    package func pins(of node: String) throws -> Set<JobID> { throw Mishap() }
    package func fail(job: JobID, reason: String, attempts: Int) throws { throw Mishap() }
    package func retry(job: JobID, reason: String, attempts: Int, notBefore: Int64) throws { throw Mishap() }
    package func takeRetryRequests() throws -> [JobRecord] { throw Mishap() }
    package func reopenFailedJobs(of node: String?) throws -> Int { throw Mishap() }
    package func explanations(of node: String?, while goesOn: @Sendable () -> Bool) throws -> [Explanation]? {
        throw Mishap()
    }
    package func scores(of node: String?, details: ResultParts.Details, while goesOn: @Sendable () -> Bool) throws
        -> [Score]?
    {
        throw Mishap()
    }
    package func choices(of node: String?, while goesOn: @Sendable () -> Bool) throws -> [StoredChoice]? {
        throw Mishap()
    }
    package func record(_ results: NewResults, sinks: (_ node: String) -> [OutboxTarget]) throws -> Int {
        throw Mishap()
    }
    package func keep(verdicts: [UInt8], of job: JobID) throws { throw Mishap() }
    package func keepVerdicts(of job: JobID, under other: JobID) throws { throw Mishap() }
}

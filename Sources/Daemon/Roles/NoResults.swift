import Elements
import Sinks
import Store

/// The results of a process that makes none.
struct NoResults: ResultKeeper, Outbox {
    func meta(_ key: String) throws -> String? { nil }
    func setMeta(_ key: String, _ value: String?) throws {}

    func jobs(of node: String?, in state: JobState?) throws -> [JobRecord] { [] }
    func jobStates() throws -> [String: [JobState: Int]] { [:] }
    func job(_ id: JobID) throws -> JobRecord? { nil }
    func insertJobs(_ jobs: [PlannedJob], fulfilling requests: [RequestID]) throws -> Int { 0 }
    func fail(job: JobID, reason: String, attempts: Int) throws {}
    func retry(job: JobID, reason: String, attempts: Int, notBefore: Int64) throws {}
    func takeRetryRequests() throws -> [JobRecord] { [] }
    func reopenFailedJobs(of node: String?) throws -> Int { 0 }

    func latentRequests() throws -> [LatentRequest] { [] }
    func pins(of node: String) throws -> Set<JobID> { [] }

    func explanations(of node: String?, while goesOn: @Sendable () -> Bool) throws -> [Explanation]? { [] }
    func scores(of node: String?, details: ResultParts.Details, while goesOn: @Sendable () -> Bool) throws -> [Score]? {
        []
    }
    func choices(of node: String?, while goesOn: @Sendable () -> Bool) throws -> [StoredChoice]? { [] }

    func record(_ results: NewResults, sinks: (_ node: String) -> [OutboxTarget]) throws -> Int { 0 }
    func keep(verdicts: [UInt8], of job: JobID) throws {}
    func keepVerdicts(of job: JobID, under other: JobID) throws {}

    func pending(for sink: String, limit: Int) throws -> [OutboxRow] { [] }
    func unsentMessages() throws -> [String: Int] { [:] }
    func markSent(_ sequences: [Int64]) throws {}
}

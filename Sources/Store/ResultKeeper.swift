package import Elements

/// The jobs, results, verdicts and notes that a run keeps between its starts.
///
/// Every call blocks; a writing call is one transaction, and if it throws, nothing of it is kept.
package protocol ResultKeeper: NoteKeeper {
    /// The jobs of a node in the order in which they were planned; `nil` for all nodes or states.
    func jobs(of node: String?, in state: JobState?) throws -> [JobRecord]

    /// The number of jobs by node and state.
    func jobStates() throws -> [String: [JobState: Int]]

    /// A job with its payload; `nil` if there is none of that name.
    func job(_ id: JobID) throws -> JobRecord?

    /// Adds the jobs that are not there yet and returns their number; the requests that they come of are done with that.
    func insertJobs(_ jobs: [PlannedJob], fulfilling requests: [RequestID]) throws -> Int

    /// Marks a job as failed.
    func fail(job: JobID, reason: String, attempts: Int) throws

    /// Notes that an attempt at a job failed and when the next may be made; the job stays open.
    func retry(job: JobID, reason: String, attempts: Int, notBefore: Int64) throws

    /// Opens the jobs that somebody asked to be tried at once, and returns them.
    func takeRetryRequests() throws -> [JobRecord]

    /// Opens the failed jobs of a node, or of all, again and returns their number.
    func reopenFailedJobs(of node: String?) throws -> Int

    /// The requests of persons that are not done yet, the oldest first.
    func latentRequests() throws -> [LatentRequest]

    /// The explanations of a node that are pinned.
    func pins(of node: String) throws -> Set<JobID>

    /// The explanations of a node, or of all; `nil` if `goesOn` is false after a part of them (see `ResultRows.part`).
    func explanations(of node: String?, while goesOn: @Sendable () -> Bool) throws -> [Explanation]?

    /// The scores of a node, or of all, without texts and what was resampled, and of details those of some names; `nil` if `goesOn`
    /// is false after a part of them.
    func scores(of node: String?, details: ResultParts.Details, while goesOn: @Sendable () -> Bool) throws -> [Score]?

    /// The choices of an explain node, or of all; `nil` if `goesOn` is false after a part of them.
    func choices(of node: String?, while goesOn: @Sendable () -> Bool) throws -> [StoredChoice]?

    /// Keeps results, each with the end of its job and a message to each sink of its node; returns the number of new ones.
    func record(_ results: NewResults, sinks: (_ node: String) -> [OutboxTarget]) throws -> Int

    /// Keeps what a judge said in a job.
    func keep(verdicts: [UInt8], of job: JobID) throws

    /// Keeps what a judge said in a job under the name of another job too.
    func keepVerdicts(of job: JobID, under other: JobID) throws
}

/// Results that are kept together, in one transaction.
package struct NewResults: Sendable {
    package let explanations: [Explanation]
    package let scores: [Score]
    package let choices: [Choice]
    /// The requests that are done with that.
    package let fulfilled: FulfilledRequests

    package init(
        explanations: [Explanation] = [], scores: [Score] = [], choices: [Choice] = [],
        fulfilled: FulfilledRequests = FulfilledRequests()
    ) {
        self.explanations = explanations
        self.scores = scores
        self.choices = choices
        self.fulfilled = fulfilled
    }
}

extension Store: ResultKeeper {
    package func record(_ results: NewResults, sinks: (_ node: String) -> [OutboxTarget]) throws -> Int {
        try record(
            explanations: results.explanations, scores: results.scores, choices: results.choices,
            fulfilled: results.fulfilled, sinks: sinks)
    }
}

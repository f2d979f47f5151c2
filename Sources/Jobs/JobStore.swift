package import Dataflow
package import Elements
package import Observability
package import Running
package import Store

/// The jobs and results of the nodes, on disk; every call runs off the cooperative pool.
package struct JobStore: Sendable {
    package let results: any ResultKeeper
    package let disk: ComputePool<Void>
    package let progress: RunProgress
    /// Where the results of each node go, beside the database.
    package var targets: [String: [OutboxTarget]]
    package let metrics: RunMetrics
    /// What servers cost; written down before the results that it was spent on.
    package let spend: BudgetLedger
    /// How often and when a job that failed is tried again.
    package let retries: JobRetryPolicy
    /// The time in milliseconds since 1970.
    package let now: @Sendable () -> Int64
    /// The time that jobs wait for another try by.
    package let clock: any Clock<Duration>
    /// Has jobs reach their nodes that were opened again.
    package let reopening = NodeDesk<PlannedJob> { $0.node }
    /// Has what persons ask for reach the nodes that do it.
    package let desk = NodeDesk<LatentRequest> { $0.explainedBy }
    /// Told of what an operator should look into: the node and a line of plain words.
    package let warning: @Sendable (_ node: String, _ text: String) -> Void
    /// Called after new results, and messages in the outbox, are on disk.
    package let onRecorded: @Sendable () -> Void

    package init(
        results: any ResultKeeper, disk: ComputePool<Void>, progress: RunProgress, targets: [String: [OutboxTarget]],
        metrics: RunMetrics, spend: BudgetLedger, retries: JobRetryPolicy = .lasting,
        now: @escaping @Sendable () -> Int64 = { Timestamp.now }, clock: any Clock<Duration> = ContinuousClock(),
        warning: @escaping @Sendable (_ node: String, _ text: String) -> Void = { _, _ in },
        onRecorded: @escaping @Sendable () -> Void
    ) {
        self.clock = clock
        self.retries = retries
        self.now = now
        self.results = results
        self.disk = disk
        self.progress = progress
        self.targets = targets
        self.metrics = metrics
        self.spend = spend
        self.warning = warning
        self.onRecorded = onRecorded
    }

    /// The explanations that a node has made; `nil` if the reading was left because of a stop.
    package func explanations(of node: String, until stop: StopSignal) async throws -> [Explanation]? {
        try await disk.run { [results] _ in try results.explanations(of: node, while: { !stop.isRaised }) }
    }

    /// Every job of a node, whatever its state.
    package func jobs(of node: String) async throws -> [JobRecord] {
        try await disk.run { [results] _ in try results.jobs(of: node, in: nil) }
    }

    /// A job that waited without its payload, with it.
    package func withPayload(_ job: PlannedJob) async throws -> PlannedJob {
        try await disk.run { [results] _ in
            guard let record = try results.job(job.id) else { throw StoreError.unknownJob(job.id) }
            return record.job
        }
    }

    /// Writes jobs down before they are begun, so that a crash loses none; the requests that they come of are done with that.
    package func plan(_ jobs: [PlannedJob], fulfilling requests: [RequestID] = []) async throws {
        guard !jobs.isEmpty || !requests.isEmpty else { return }
        _ = try await disk.run { [results] _ in try results.insertJobs(jobs, fulfilling: requests) }
    }

    /// Writes explanations down with what was chosen at once, their jobs as done, and puts all into the outbox, in one
    /// transaction.
    ///
    /// The requests that they come of are done with that.
    package func record(
        _ explanations: [Explanation], choosing choices: [Choice] = [], by node: String,
        fulfilling fulfilled: FulfilledRequests = FulfilledRequests()
    ) async throws {
        guard !explanations.isEmpty || !choices.isEmpty || !fulfilled.isEmpty else { return }
        let targets = targets
        let new = try await disk.run { [results, spend] _ in
            try spend.save(to: results)
            return try results.record(
                NewResults(explanations: explanations, choices: choices, fulfilled: fulfilled),
                sinks: { targets[$0] ?? [] })
        }
        progress.explained(max(0, new - choices.count), by: node)
        progress.chose(choices)
        onRecorded()
    }

    /// Keeps what a judge said in a job under the name of another job too.
    package func keepVerdicts(of job: JobID, under other: JobID) async throws {
        guard job != other else { return }
        try await disk.run { [results] _ in try results.keepVerdicts(of: job, under: other) }
    }

    /// Writes choices down and puts them into the outbox, in one transaction.
    package func record(_ choices: [Choice]) async throws {
        guard !choices.isEmpty else { return }
        let targets = targets
        _ = try await disk.run { [results] _ in
            try results.record(NewResults(choices: choices), sinks: { targets[$0] ?? [] })
        }
        progress.chose(choices)
        onRecorded()
    }

    /// Writes scores down, their jobs as done, and puts them into the outbox, in one transaction.
    ///
    /// The requests that they come of are done with that.
    package func record(
        _ scores: [Score], by node: String, fulfilling requests: [RequestID] = []
    ) async throws {
        guard !scores.isEmpty || !requests.isEmpty else { return }
        let targets = targets
        let new = try await disk.run { [results, spend] _ in
            try spend.save(to: results)
            return try results.record(
                NewResults(scores: scores, fulfilled: FulfilledRequests(requests)), sinks: { targets[$0] ?? [] })
        }
        progress.scored(new, controls: min(new, scores.count { $0.control != nil }), by: node)
        metrics.scored(scores)
        onRecorded()
    }

    /// Marks a job as failed, with the reason that people will see.
    package func fail(_ job: PlannedJob, by node: String, reason: String) async throws {
        try await disk.run { [results, spend] _ in
            try spend.save(to: results)
            try results.fail(job: job.id, reason: reason, attempts: job.attempts + 1)
        }
        progress.failed(by: node, reason: reason)
        onRecorded()
    }

    /// Notes that a job failed in a way that may pass, so that it is tried again after a delay, in this process or a later
    /// one.
    ///
    /// - Returns: The job with its delay; `nil` if it has been tried too often, and was marked as failed.
    package func postpone(_ job: PlannedJob, by node: String, reason: String) async throws -> PlannedJob? {
        guard let delay = retries.delay(after: job.attempts + 1) else {
            try await fail(job, by: node, reason: "\(reason); tried \(job.attempts + 1) times")
            return nil
        }
        var again = job.withoutPayload
        again.attempts += 1
        again.notBefore = now() + delay.components.seconds * 1000
        let (attempts, notBefore) = (again.attempts, again.notBefore)
        try await disk.run { [results, spend] _ in
            try spend.save(to: results)
            try results.retry(job: job.id, reason: reason, attempts: attempts, notBefore: notBefore)
        }
        return again
    }

    /// Opens the failed jobs of a node again: each start tries them once more.
    package func reopenFailed(of node: String) async throws {
        _ = try await disk.run { [results] _ in try results.reopenFailedJobs(of: node) }
    }

    /// Has the jobs done at once that somebody asked for.
    package func takeRetryRequests() async throws {
        let records = try await disk.run { [results] _ in try results.takeRetryRequests() }
        reopening.hand(on: records.map(\.job.withoutPayload))
    }
}

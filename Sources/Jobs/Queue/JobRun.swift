import Dataflow
import Elements
package import Observability
package import Running
package import Store
import Synchronization

/// Runs jobs a few at a time, the worthiest first, while more are still being planned.
///
/// - Parameters:
///   - node: The node whose jobs they are.
///   - concurrency: The most jobs under way.
///   - stop: Once raised, jobs not yet begun are left for the next start, those that wait for another try too.
///   - grace: How long jobs under way may go on after that, before they are cancelled and left as well.
///   - admission: Asked before each job whether it is begun.
///   - clock: The time that the grace and the delays of jobs go by.
///   - now: The time in milliseconds since 1970.
///   - progress: Told how many jobs are waiting.
///   - metrics: Told how long jobs wait and take; `nil` if nobody asks.
///   - reopening: Has jobs reach the node that were opened again.
///   - leave: Told of each job that is not admitted.
///   - run: Carries out one job and writes its result down; returns the job if it is to be tried again.
///   - plan: Finds jobs and hands them on; when it returns, no more come.
package func runJobs(
    of node: String, concurrency: Int, stop: StopSignal, grace: Duration = ShutdownPatience.standard.jobs,
    clock: any Clock<Duration> = ContinuousClock(), now: @escaping @Sendable () -> Int64 = { Timestamp.now },
    admission: @escaping @Sendable () -> JobAdmission = { .begin }, progress: RunProgress,
    metrics: RunMetrics? = nil, reopening: NodeDesk<PlannedJob>? = nil,
    leave: @escaping @Sendable (PlannedJob) async throws -> Void = { _ in },
    run: @escaping @Sendable (PlannedJob) async throws -> PlannedJob?,
    plan: @escaping @Sendable (_ queue: @escaping @Sendable ([PlannedJob]) async throws -> Void) async throws -> Void
) async throws {
    let waiting = JobQueue(
        clock: clock, now: now, began: { metrics?.waited($1, at: node, kind: $0.kind.rawValue) },
        tell: { progress.waiting($0, postponed: $1, at: node) })
    let underWay = JobsUnderWay()
    reopening?.set({ jobs in Task { await waiting.hurry(jobs) } }, of: node)
    defer { reopening?.set(nil, of: node) }
    stop.whenRaised {
        Task {
            await waiting.abandon()
            try? await clock.sleep(for: grace)
            underWay.cancel()
        }
    }
    try await withThrowingTaskGroup(of: Void.self) { group in
        for _ in 0..<max(1, concurrency) {
            group.addTask {
                while let job = await waiting.take() {
                    let again = try await underWay.runUnlessLeft(
                        job, of: node, stop: stop, admission: admission, progress: progress, leave: leave
                    ) { job in
                        let elapsed = clock.stopwatch()
                        defer { metrics?.worked(elapsed(), at: node, kind: job.kind.rawValue) }
                        return try await run(job)
                    }
                    await waiting.finish(job, again: again)
                }
            }
        }
        group.addTask {
            do {
                try await plan { jobs in
                    await waiting.deal(jobs)
                }
                await waiting.close()
            } catch {
                await waiting.close()
                throw error
            }
        }
        // The first failure ends the rest: takers wake up when the queue closes.
        do {
            while try await group.next() != nil {}
        } catch {
            await waiting.abandon()
            group.cancelAll()
            throw error
        }
    }
    await waiting.end()
}

/// The jobs that are being carried out, so that they can be cancelled together.
private final class JobsUnderWay: Sendable {
    private struct State {
        var tasks: [Int: Task<PlannedJob?, any Error>] = [:]
        var begun = 0
        var isCancelled = false
    }

    private let state = Mutex(State())

    /// Carries out a job, if it is to be begun; returns it if it is to be tried again.
    func runUnlessLeft(
        _ job: PlannedJob, of node: String, stop: StopSignal, admission: @Sendable () -> JobAdmission,
        progress: RunProgress, leave: @Sendable (PlannedJob) async throws -> Void,
        _ body: @escaping @Sendable (PlannedJob) async throws -> PlannedJob?
    ) async throws -> PlannedJob? {
        guard !stop.isRaised else { return nil }
        switch admission() {
        case .begin:
            progress.underWay(1, at: node)
            defer { progress.underWay(-1, at: node) }
            return try await run(job, body)
        case .held: progress.held(by: node)
        case .left: progress.left(by: node)
        }
        try await leave(job)
        return nil
    }

    /// Carries out a job in a task of its own.
    private func run(
        _ job: PlannedJob, _ body: @escaping @Sendable (PlannedJob) async throws -> PlannedJob?
    ) async throws -> PlannedJob? {
        let task = Task { try await body(job) }
        let (number, isCancelled) = state.withLock { state in
            state.begun += 1
            state.tasks[state.begun] = task
            return (state.begun, state.isCancelled)
        }
        if isCancelled { task.cancel() }
        defer { state.withLock { $0.tasks[number] = nil } }
        return try await withTaskCancellationHandler {
            do {
                return try await task.value
            } catch is CancellationError where state.withLock({ $0.isCancelled }) {
                // Left for the next start.
                return nil
            }
        } onCancel: {
            task.cancel()
        }
    }

    /// Cancels what is under way and whatever begins later.
    func cancel() {
        let tasks = state.withLock { state in
            state.isCancelled = true
            return state.tasks.values.map(\.self)
        }
        for task in tasks { task.cancel() }
    }
}

import Dataflow
import DequeModule
package import Observability
package import Running
package import Store
import Synchronization

/// Runs jobs a few at a time while more are still being planned.
///
/// - Parameters:
///   - node: The node whose jobs they are.
///   - concurrency: The most jobs under way.
///   - stop: Once raised, jobs not yet begun are left for the next start.
///   - grace: How long jobs under way may go on after that, before they are cancelled and left as well.
///   - mayBegin: Asked before each job; if it says no, the job is left for a start with a larger budget.
///   - clock: The time that the grace goes by.
///   - progress: Told how many jobs are waiting.
///   - run: Carries out one job and writes its result down.
///   - plan: Finds jobs and hands them on; when it returns, no more come.
package func runJobs(
    of node: String, concurrency: Int, stop: StopSignal, grace: Duration = ShutdownPatience.standard.jobs,
    clock: any Clock<Duration> = ContinuousClock(),
    mayBegin: @escaping @Sendable () -> Bool = { true }, progress: RunProgress,
    run: @escaping @Sendable (PlannedJob) async throws -> Void,
    plan: @escaping @Sendable (_ queue: @escaping @Sendable ([PlannedJob]) async throws -> Void) async throws -> Void
) async throws {
    let waiting = JobQueue { progress.waiting($0, at: node) }
    let underWay = JobsUnderWay()
    stop.whenRaised {
        Task {
            try? await clock.sleep(for: grace)
            underWay.cancel()
        }
    }
    try await withThrowingTaskGroup(of: Void.self) { group in
        for _ in 0..<max(1, concurrency) {
            group.addTask {
                while let job = await waiting.take() {
                    if !stop.isRaised {
                        if mayBegin() { try await underWay.run(job, run) } else { progress.held(by: node) }
                    }
                    await waiting.finishOne()
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
}

/// The jobs that are being carried out, so that they can be cancelled together.
private final class JobsUnderWay: Sendable {
    private struct State {
        var tasks: [Int: Task<Void, any Error>] = [:]
        var begun = 0
        var isCancelled = false
    }

    private let state = Mutex(State())

    /// Carries out a job in a task of its own.
    func run(_ job: PlannedJob, _ body: @escaping @Sendable (PlannedJob) async throws -> Void) async throws {
        let task = Task { try await body(job) }
        let (number, isCancelled) = state.withLock { state in
            state.begun += 1
            state.tasks[state.begun] = task
            return (state.begun, state.isCancelled)
        }
        if isCancelled { task.cancel() }
        defer { state.withLock { $0.tasks[number] = nil } }
        try await withTaskCancellationHandler {
            do {
                try await task.value
            } catch is CancellationError where state.withLock({ $0.isCancelled }) {
                // Left for the next start.
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

/// Hands jobs from the planner to the workers; callers interleave, hence an actor.
private actor JobQueue {
    private var jobs = Deque<PlannedJob>()
    private var unfinished = 0
    private var takers: Deque<CheckedContinuation<PlannedJob?, Never>> = []
    private var isClosed = false

    private let tellUnfinished: @Sendable (Int) -> Void

    init(tellUnfinished: @escaping @Sendable (Int) -> Void) { self.tellUnfinished = tellUnfinished }

    /// Adds jobs.
    func deal(_ new: [PlannedJob]) {
        jobs.append(contentsOf: new)
        unfinished += new.count
        while !takers.isEmpty, let job = jobs.popFirst() { takers.removeFirst().resume(returning: job) }
        tellUnfinished(unfinished)
    }

    /// Counts a job as finished.
    func finishOne() {
        unfinished -= 1
        tellUnfinished(unfinished)
    }

    func take() async -> PlannedJob? {
        if let job = jobs.popFirst() { return job }
        if isClosed { return nil }
        return await withCheckedContinuation { takers.append($0) }
    }

    func close() {
        isClosed = true
        for taker in takers { taker.resume(returning: nil) }
        takers = []
    }

    func abandon() {
        jobs = []
        close()
    }
}

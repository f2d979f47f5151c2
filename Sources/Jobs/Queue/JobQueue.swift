import Dataflow
import Elements
import Store

/// Hands jobs from the planner to the workers; callers interleave, hence an actor.
actor JobQueue {
    private var schedule = JobSchedule()
    private var takers: [CheckedContinuation<Void, Never>] = []
    private var timer: (due: Duration, task: Task<Void, Never>)?

    private let clock: any Clock<Duration>
    private let elapsed: @Sendable () -> Duration
    private let now: @Sendable () -> Int64
    private let tell: @Sendable (_ unfinished: Int, _ postponed: Int) -> Void
    private let began: @Sendable (_ job: PlannedJob, _ waited: Duration) -> Void
    /// Since when each job that is not begun could be.
    private var due: [JobID: Duration] = [:]

    /// - Parameters:
    ///   - clock: The time that jobs wait for another try by.
    ///   - now: The time in milliseconds since 1970, by which jobs say when they may be tried.
    ///   - began: Told of each job that is begun, and how long it could have been.
    ///   - tell: Told how many jobs there are, and how many of them wait for another try.
    init(
        clock: any Clock<Duration>, now: @escaping @Sendable () -> Int64,
        began: @escaping @Sendable (_ job: PlannedJob, _ waited: Duration) -> Void = { _, _ in },
        tell: @escaping @Sendable (_ unfinished: Int, _ postponed: Int) -> Void
    ) {
        self.began = began
        self.clock = clock
        elapsed = clock.stopwatch()
        self.now = now
        self.tell = tell
    }

    /// Adds jobs.
    func deal(_ jobs: [PlannedJob]) {
        let time = elapsed()
        for job in jobs { add(job, at: time) }
        changed()
    }

    /// A job is over; `again` is what is to be tried once more.
    func finish(_ job: PlannedJob, again: PlannedJob?) {
        schedule.finish(job.id)
        let time = elapsed()
        if let again { add(again, at: time) }
        changed()
    }

    /// Lets jobs be begun at once.
    func hurry(_ jobs: [PlannedJob]) {
        let time = elapsed()
        schedule.hurry(jobs, at: time)
        for job in jobs where !schedule.isUnderWay(job.id) { due[job.id] = time }
        changed()
    }

    /// The next job, once there is one; `nil` if none comes any more.
    func take() async -> PlannedJob? {
        while true {
            let time = elapsed()
            switch schedule.take(at: time) {
            case .job(let job):
                if let since = due.removeValue(forKey: job.id) { began(job, max(time - since, .zero)) }
                return job
            case .ended: return nil
            case .wait(let due):
                if let due { wake(at: due) }
                await withCheckedContinuation { takers.append($0) }
            }
        }
    }

    func close() {
        schedule.close()
        changed()
    }

    /// Forgets all that has not been begun.
    func abandon() {
        schedule.abandon()
        due = [:]
        changed()
    }

    private func add(_ job: PlannedJob, at time: Duration) {
        let start = time + delay(of: job)
        due[job.id] = start
        schedule.add(job, due: start, at: time)
    }

    /// The time until a job may be tried; a clock that was set back changes no more than the longest delay.
    private func delay(of job: PlannedJob) -> Duration {
        guard job.notBefore > 0 else { return .zero }
        let (wait, overflow) = job.notBefore.subtractingReportingOverflow(now())
        return overflow ? .zero : min(max(.milliseconds(wait), .zero), JobRetryPolicy.longestDelay)
    }

    private func changed() {
        tell(schedule.unfinished, schedule.postponed)
        let woken = takers
        takers = []
        for taker in woken { taker.resume() }
    }

    private func wake(at due: Duration) {
        if let timer, timer.due <= due { return }
        timer?.task.cancel()
        let length = max(due - elapsed(), .zero)
        let task = Task { [clock] in
            guard (try? await clock.sleep(for: length)) != nil else { return }
            self.timeHasCome()
        }
        timer = (due, task)
    }

    private func timeHasCome() {
        timer = nil
        changed()
    }

    /// Ends the wait for the next job's time.
    func end() {
        timer?.task.cancel()
        timer = nil
    }
}

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

    /// - Parameters:
    ///   - clock: The time that jobs wait for another try by.
    ///   - now: The time in milliseconds since 1970, by which jobs say when they may be tried.
    ///   - tell: Told how many jobs there are, and how many of them wait for another try.
    init(
        clock: any Clock<Duration>, now: @escaping @Sendable () -> Int64,
        tell: @escaping @Sendable (_ unfinished: Int, _ postponed: Int) -> Void
    ) {
        self.clock = clock
        elapsed = clock.stopwatch()
        self.now = now
        self.tell = tell
    }

    /// Adds jobs.
    func deal(_ jobs: [PlannedJob]) {
        let time = elapsed()
        for job in jobs { schedule.add(job, due: time + delay(of: job), at: time) }
        changed()
    }

    /// A job is over; `again` is what is to be tried once more.
    func finish(_ job: PlannedJob, again: PlannedJob?) {
        schedule.finish(job.id)
        let time = elapsed()
        if let again { schedule.add(again, due: time + delay(of: again), at: time) }
        changed()
    }

    /// Lets jobs be begun at once.
    func hurry(_ jobs: [PlannedJob]) {
        schedule.hurry(jobs, at: elapsed())
        changed()
    }

    /// The next job, once there is one; `nil` if none comes any more.
    func take() async -> PlannedJob? {
        while true {
            switch schedule.take(at: elapsed()) {
            case .job(let job): return job
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
        changed()
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

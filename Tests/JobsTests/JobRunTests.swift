import Dataflow
import Elements
import Observability
import Running
import StateFixtures
import Store
import Synchronization
import Testing

@testable import Jobs

@Suite(.timeLimit(.minutes(5))) struct JobRunTests {
    /// What ran, and how many at once.
    private actor Register {
        private let partySize: Int
        private var party: [CheckedContinuation<Void, Never>] = []
        private var active = 0
        private(set) var mostActive = 0
        private(set) var latents: [Int] = []

        /// Makes a register that holds each job until `partySize` of them are under way.
        init(partySize: Int = 1) { self.partySize = partySize }

        func begin(_ job: PlannedJob) async {
            latents.append(job.latent)
            active += 1
            mostActive = max(mostActive, active)
            await withCheckedContinuation { continuation in
                party.append(continuation)
                guard party.count == partySize else { return }
                for waiting in party { waiting.resume() }
                party = []
            }
        }

        func end() { active -= 1 }
    }

    private func run(
        concurrency: Int, stop: StopSignal = StopSignal(), register: Register = Register(),
        job: @escaping @Sendable (PlannedJob) async throws -> Void = { _ in },
        plan:
            @escaping @Sendable (_ queue: @escaping @Sendable ([PlannedJob]) async throws -> Void) async throws ->
            Void
    ) async throws -> [Int] {
        try await runJobs(
            of: "prose", concurrency: concurrency, stop: stop, progress: RunProgress(),
            run: {
                await register.begin($0)
                do {
                    try await job($0)
                } catch {
                    await register.end()
                    throw error
                }
                await register.end()
                return nil
            }, plan: plan)
        return await register.latents
    }

    @Test func asManyJobsAsAllowedAreUnderWayAndNeverMore() async throws {
        let register = Register(partySize: 3)
        let ran = try await run(concurrency: 3, register: register) { try await $0((1...9).map { Fixture.job($0) }) }
        #expect(ran.sorted() == Array(1...9))
        #expect(await register.mostActive == 3)
    }

    @Test func oneAtATimeThoseThatWaitRunByLatent() async throws {
        let ran = try await run(concurrency: 1) { queue in
            try await queue([Fixture.job(3), Fixture.job(1), Fixture.job(2)])
            try await queue([])
        }
        #expect(ran == [1, 2, 3])
    }

    @Test func aConcurrencyBelowOneStillRunsThem() async throws {
        #expect(try await run(concurrency: 0) { try await $0([Fixture.job(1)]) } == [1])
    }

    @Test func jobsPlannedLateAreRun() async throws {
        let done = BoundedChannel<Int>(capacity: .max, weigh: { _ in 0 })
        let ran = try await run(
            concurrency: 2, job: { try await done.send($0.latent) },
            plan: { queue in
                for number in UInt64(1)...3 {
                    try await queue([Fixture.job(number)])
                    _ = try await done.next()
                }
            })
        #expect(ran == [1, 2, 3])
    }

    @Test func withoutJobsItEndsWithThePlan() async throws {
        #expect(try await run(concurrency: 4) { _ in } == [])
    }

    @Test func aJobThatFailsFailsTheWholeAndEndsAPlanThatWaitsForMore() async throws {
        let register = Register()
        let never = BoundedChannel<Void>(capacity: 0, weigh: { _ in 0 })
        await #expect(throws: Mishap.self) {
            _ = try await run(
                concurrency: 1, register: register,
                job: { if $0.latent == 2 { throw Mishap() } },
                plan: { queue in
                    try await queue((1...4).map { Fixture.job($0) })
                    _ = try await never.next()
                })
        }
        #expect(await register.latents == [1, 2])
    }

    @Test func aJobThatFailsWakesWorkersThatWaitForMore() async throws {
        let never = BoundedChannel<Void>(capacity: 0, weigh: { _ in 0 })
        await #expect(throws: Mishap.self) {
            _ = try await run(
                concurrency: 4, job: { _ in throw Mishap() },
                plan: { queue in
                    try await queue([Fixture.job(1)])
                    _ = try await never.next()
                })
        }
    }

    @Test func aPlanThatFailsFailsTheWhole() async throws {
        await #expect(throws: Mishap.self) {
            _ = try await run(concurrency: 2) { _ in throw Mishap() }
        }
    }

    @Test func aRaisedStopLeavesTheRestUnrun() async throws {
        let stop = StopSignal()
        let ran = try await run(
            concurrency: 1, stop: stop, job: { if $0.latent == 2 { stop.raise() } },
            plan: { try await $0((1...5).map { Fixture.job($0) }) })
        #expect(ran == [1, 2])
    }

    @Test func aJobThatHangsIsLeftAfterTheGrace() async throws {
        let (stop, clock) = (StopSignal(), ManualClock())
        let left = Mutex<[Int]>([])
        let running = Task {
            try await runJobs(
                of: "prose", concurrency: 2, stop: stop, grace: .seconds(15), clock: clock, progress: RunProgress(),
                run: { job in
                    let never = BoundedChannel<Void>(capacity: 0, weigh: { _ in 0 })
                    stop.raise()
                    _ = try await never.next()
                    left.withLock { $0.append(job.latent) }
                    try Task.checkCancellation()
                    return nil
                }, plan: { try await $0([Fixture.job(2)]) })
        }
        await clock.sleepers(1)
        clock.advance(by: .seconds(14))
        #expect(left.withLock { $0 }.isEmpty)
        clock.advance(by: .seconds(1))
        try await running.value
        #expect(left.withLock { $0 } == [2])
    }

    @Test func aJobUnderWayAtAStopMayEndWithinTheGrace() async throws {
        let (stop, clock) = (StopSignal(), ManualClock())
        let done = Mutex<[Int]>([])
        let answer = BoundedChannel<Void>(capacity: 1, weigh: { _ in 1 })
        let running = Task {
            try await runJobs(
                of: "prose", concurrency: 1, stop: stop, grace: .seconds(15), clock: clock, progress: RunProgress(),
                run: { job in
                    stop.raise()
                    _ = try await answer.next()
                    try Task.checkCancellation()
                    done.withLock { $0.append(job.latent) }
                    return nil
                }, plan: { try await $0([Fixture.job(1), Fixture.job(2)]) })
        }
        await clock.sleepers(1)
        clock.advance(by: .seconds(14))
        try await answer.send(())
        try await running.value
        #expect(done.withLock { $0 } == [1])
    }

    @Test func aJobThatIsCancelledByItselfFailsTheWhole() async throws {
        await #expect(throws: CancellationError.self) {
            _ = try await run(concurrency: 1, job: { _ in throw CancellationError() }) {
                try await $0([Fixture.job(1)])
            }
        }
    }

    @Test func theJobsThatWaitAreTold() async throws {
        let progress = RunProgress()
        let seen = Mutex<[Int]>([])
        try await runJobs(
            of: "prose", concurrency: 1, stop: StopSignal(), progress: progress,
            run: { _ in
                seen.withLock { $0.append(progress.reading.waiting["prose"] ?? 0) }
                return nil
            },
            plan: { try await $0((1...3).map { Fixture.job($0) }) })
        #expect(seen.withLock { $0 } == [3, 2, 1])
        #expect(progress.reading.waiting == ["prose": 0])
    }

    @Test func aStopRaisedBeforehandRunsNothing() async throws {
        let stop = StopSignal()
        stop.raise()
        #expect(try await run(concurrency: 2, stop: stop) { try await $0([Fixture.job(1)]) } == [])
    }

    @Test func jobsThatMayNotBeginAreLeftAndCounted() async throws {
        let progress = RunProgress()
        let register = Register()
        let begun = Mutex(0)
        let left = Mutex<Set<Int>>([])
        try await runJobs(
            of: "prose", concurrency: 2, stop: StopSignal(),
            admission: {
                begun.withLock { begun in
                    begun += 1
                    return begun <= 3 ? .begin : begun % 2 == 0 ? .held : .left
                }
            }, progress: progress,
            leave: { job in _ = left.withLock { $0.insert(job.latent) } },
            run: {
                await register.begin($0)
                await register.end()
                return nil
            }, plan: { try await $0((1...9).map { Fixture.job($0) }) })
        #expect(await register.latents.count == 3)
        // Whoever waits for them is told.
        #expect(left.withLock { $0 } == Set(1...9).subtracting(await register.latents))
        #expect(progress.reading.held == ["prose": 3] && progress.reading.left == ["prose": 3])
    }

    @Test func aJobThatIsPutBackRunsAgainWhenItsTimeHasComeAndTheOthersGoOn() async throws {
        let clock = ManualClock()
        let elapsed = clock.stopwatch()
        let ran = Mutex<[Int]>([])
        let progress = RunProgress()
        let running = Task {
            try await runJobs(
                of: "prose", concurrency: 2, stop: StopSignal(), clock: clock,
                now: { 5_000_000 + elapsed().components.seconds * 1000 }, progress: progress,
                run: { job in
                    ran.withLock { $0.append(job.latent) }
                    guard job.latent == 1, job.attempts < 2 else { return nil }
                    var again = job
                    again.attempts += 1
                    again.notBefore = 5_000_000 + elapsed().components.seconds * 1000 + 30_000
                    return again
                }, plan: { try await $0((1...3).map { Fixture.job($0) }) })
        }
        await clock.sleepers(1)
        clock.advance(by: .seconds(29))
        #expect(progress.reading.postponed == ["prose": 1] && progress.reading.waiting == ["prose": 1])
        #expect(ran.withLock { $0.sorted() } == [1, 2, 3])
        clock.advance(by: .seconds(1))
        await clock.sleepers(1)
        #expect(ran.withLock { $0.count } == 4)
        clock.advance(by: .seconds(30))
        try await running.value
        #expect(ran.withLock { $0.sorted() } == [1, 1, 1, 2, 3] && progress.reading.postponed == ["prose": 0])
    }

    @Test func theTimesThatJobsWaitAndTakeAreTold() async throws {
        let clock = ManualClock()
        let metrics = RunMetrics(progress: RunProgress(), version: "1", topology: "t", digest: "d")
        let running = Task {
            try await runJobs(
                of: "prose", concurrency: 1, stop: StopSignal(), clock: clock, now: { 0 }, progress: RunProgress(),
                metrics: metrics,
                run: { job in
                    try await clock.sleep(for: .seconds(7))
                    guard job.attempts == 0, job.latent == 1 else { return nil }
                    var again = job
                    (again.attempts, again.notBefore) = (1, 30_000)
                    return again
                }, plan: { try await $0([Fixture.job(1), Fixture.job(2)]) })
        }
        // The first runs for 7 s while the second waits; then the second for 7 s; then the first's delay of 30 s ends, and it runs
        // again without having waited.
        for length in [7, 7, 23, 7] {
            await clock.sleepers(1)
            clock.advance(by: .seconds(length))
        }
        try await running.value
        let page = try PrometheusPage(metrics.render(timers: []))
        let labels = ["component_id": "prose", "kind": "explain"]
        let (wait, work) = (page["gloss_job_wait_seconds"], page["gloss_job_duration_seconds"])
        #expect(wait?.value(labels, suffix: "_count") == 3 && wait?.value(labels, suffix: "_sum") == 7)
        #expect(work?.value(labels, suffix: "_count") == 3 && work?.value(labels, suffix: "_sum") == 21)
    }

    @Test func aStopLeavesJobsThatWaitForAnotherTry() async throws {
        let (clock, stop) = (ManualClock(), StopSignal())
        let ran = Mutex(0)
        let running = Task {
            try await runJobs(
                of: "prose", concurrency: 2, stop: stop, clock: clock, now: { 0 }, progress: RunProgress(),
                run: { job in
                    ran.withLock { $0 += 1 }
                    var again = job
                    again.notBefore = 30_000
                    return again
                }, plan: { try await $0([Fixture.job(1)]) })
        }
        await clock.sleepers(1)
        stop.raise()
        try await running.value
        #expect(ran.withLock { $0 } == 1)
    }

    @Test func jobsThatAreOpenedAgainReachTheirNodeAtOnceWhetherTheyWaitOrWereGivenUp() async throws {
        let (clock, reopening) = (ManualClock(), NodeDesk<PlannedJob> { $0.node })
        let ran = BoundedChannel<Int>(capacity: .max, weigh: { _ in 0 })
        let end = BoundedChannel<Void>(capacity: 1, weigh: { _ in 1 })
        let running = Task {
            try await runJobs(
                of: "prose", concurrency: 1, stop: StopSignal(), clock: clock, now: { 0 }, progress: RunProgress(),
                reopening: reopening,
                run: { job in
                    try await ran.send(job.latent)
                    guard job.latent == 1, job.attempts == 0 else { return nil }
                    var again = job
                    (again.attempts, again.notBefore) = (1, 30_000)
                    return again
                },
                plan: { queue in
                    try await queue([Fixture.job(1)])
                    _ = try await end.next()
                })
        }
        #expect(try await ran.next() == 1)
        await clock.sleepers(1)
        var hurried = Fixture.job(1)
        hurried.attempts = 5
        reopening.hand(
            on: [
                hurried, Fixture.job(2),
                PlannedJob(
                    id: Fixture.hash(3), node: "other", kind: .explain, coder: "codes", latent: 3, payload: []),
            ])
        #expect(try await ran.next() == 1)
        #expect(try await ran.next() == 2)
        try await end.send(())
        try await running.value
        // Nobody takes any more.
        reopening.hand(on: [Fixture.job(4)])
    }
}

import Elements
import StateFixtures
import Store
import Testing

@testable import Jobs

@Suite struct JobScheduleTests {
    /// A job of a latent and a worth.
    private func job(_ latent: UInt64, worth: Double, id: UInt64? = nil) -> PlannedJob {
        PlannedJob(
            id: Fixture.hash(id ?? latent), node: "prose", kind: .explain, coder: "codes", latent: Int(latent),
            payload: [], worth: worth)
    }

    /// Takes all that can be taken.
    private func drain(_ schedule: inout JobSchedule, at time: Duration = .zero) -> [Int] {
        var latents: [Int] = []
        while case .job(let job) = schedule.take(at: time) { latents.append(job.latent) }
        return latents
    }

    @Test func theWorthiestComesFirstThenTheLowerLatentThenWhatCameFirst() {
        var schedule = JobSchedule()
        let jobs = [
            job(4, worth: 1), job(9, worth: 7), job(2, worth: 1), job(3, worth: -2), job(5, worth: 7, id: 50),
            job(5, worth: 7, id: 51),
        ]
        for job in jobs { schedule.add(job, due: .zero, at: .zero) }
        var ids: [JobID] = []
        while case .job(let job) = schedule.take(at: .zero) { ids.append(job.id) }
        #expect(ids == [50, 51, 9, 2, 4, 3].map { Fixture.hash($0) })
    }

    @Test func aWorthierOneThatComesLaterOvertakes() {
        var schedule = JobSchedule()
        for latent in UInt64(1)...3 { schedule.add(job(latent, worth: 1), due: .zero, at: .zero) }
        #expect(schedule.take(at: .zero) == .job(job(1, worth: 1)))
        schedule.add(job(8, worth: 5), due: .zero, at: .zero)
        #expect(drain(&schedule) == [8, 2, 3])
    }

    @Test func itEndsOnceItIsClosedAndNothingIsUnderWayThatMayBePutBack() {
        var schedule = JobSchedule()
        #expect(schedule.take(at: .zero) == .wait(until: nil))
        schedule.add(job(1, worth: 0), due: .zero, at: .zero)
        _ = schedule.take(at: .zero)
        schedule.close()
        #expect(schedule.take(at: .zero) == .wait(until: nil) && schedule.unfinished == 1)
        schedule.finish(Fixture.hash(1))
        schedule.add(job(1, worth: 0), due: .seconds(30), at: .zero)
        #expect(schedule.take(at: .seconds(29)) == .wait(until: .seconds(30)))
        #expect(schedule.unfinished == 1 && schedule.postponed == 1)
        #expect(drain(&schedule, at: .seconds(30)) == [1])
        schedule.finish(Fixture.hash(1))
        #expect(schedule.take(at: .seconds(30)) == .ended && schedule.unfinished == 0)
    }

    @Test func jobsWhoseTimeHasComeCompeteByWorth() {
        var schedule = JobSchedule()
        schedule.add(job(1, worth: 1), due: .seconds(5), at: .zero)
        schedule.add(job(2, worth: 9), due: .seconds(7), at: .zero)
        schedule.add(job(3, worth: 4), due: .zero, at: .zero)
        #expect(drain(&schedule, at: .seconds(8)) == [2, 3, 1])
    }

    @Test func hurriedJobsAreBegunAtOnceButNoneTwice() {
        var schedule = JobSchedule()
        schedule.add(job(1, worth: 0), due: .zero, at: .zero)
        schedule.add(job(2, worth: 0), due: .seconds(60), at: .zero)
        schedule.add(job(3, worth: 0), due: .seconds(60), at: .zero)
        schedule.add(job(4, worth: 0), due: .zero, at: .zero)
        _ = schedule.take(at: .zero)
        schedule.hurry([1, 2, 4, 7].map { job($0, worth: 0) }, at: .seconds(1))
        #expect(drain(&schedule, at: .seconds(1)) == [2, 4, 7])
        #expect(drain(&schedule, at: .seconds(60)) == [3])
    }

    @Test func whatIsAbandonedIsGone() {
        var schedule = JobSchedule()
        schedule.add(job(1, worth: 0), due: .zero, at: .zero)
        schedule.add(job(2, worth: 0), due: .seconds(60), at: .zero)
        _ = schedule.take(at: .zero)
        schedule.abandon()
        schedule.add(job(3, worth: 0), due: .zero, at: .zero)
        // Also for those who wait, although something is under way.
        #expect(schedule.take(at: .seconds(99)) == .ended)
    }
}

@Suite struct JobRetryPolicyTests {
    @Test func delaysDoubleUpToHalfAnHourAndEnd() {
        let delays = (0...9).map { JobRetryPolicy.lasting.delay(after: $0)?.components.seconds }
        #expect(delays == [nil, 30, 60, 120, 240, 480, 960, 1800, nil, nil])
        #expect((1...4).map { JobRetryPolicy.untilDrained.delay(after: $0)?.components.seconds } == [5, 10, 20, nil])
    }
}

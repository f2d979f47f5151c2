import Elements
import Testing

@testable import Store

@Suite struct JobTests {
    @Test func jobsAreAddedOnce() throws {
        let directory = try TemporaryDirectory()
        let store = try directory.open()
        #expect(try store.insertJobs([Fixture.job(1), Fixture.job(2), Fixture.job(1)]) == 2)
        #expect(try store.insertJobs([Fixture.job(2), Fixture.job(3)]) == 1)
        #expect(try store.insertJobs([]) == 0)
        #expect(try store.jobStates() == ["prose": [.open: 3]])
    }

    @Test func openJobsComeInAnOrderThatDoesNotDependOnWhenTheyCame() throws {
        let jobs = (1...20).map { Fixture.job($0, latent: Int($0) % 5) } + [Fixture.job(30, node: "lexical")]
        var orders: Set<[PlannedJob]> = []
        for shuffled in [jobs, jobs.reversed(), jobs.shuffled()] {
            let directory = try TemporaryDirectory()
            let store = try directory.open()
            for job in shuffled { try store.insertJobs([job]) }
            orders.insert(try store.jobs(of: "prose", in: .open).map(\.job))
        }
        let order = try #require(orders.first)
        #expect(orders.count == 1)
        #expect(order.count == 20)
        #expect(order.map(\.latent) == order.map(\.latent).sorted())
        #expect(Set(order) == Set(jobs.dropLast()))
    }

    @Test func anEmptyPayloadComesBackEmpty() throws {
        let directory = try TemporaryDirectory()
        let store = try directory.open()
        let job = PlannedJob(
            id: Fixture.hash(1), node: "detected", kind: .score, coder: "codes", latent: 0, payload: [])
        try store.insertJobs([job])
        #expect(try store.jobs(of: "detected", in: .open).map(\.job) == [job])
    }

    @Test func aRetryKeepsTheJobOpenAndIsRemembered() throws {
        let directory = try TemporaryDirectory()
        let store = try directory.open()
        try store.insertJobs([Fixture.job(1)])
        try store.retry(job: Fixture.hash(1), reason: "429", attempts: 2, notBefore: Fixture.time + 30_000)
        let record = try #require(try store.jobs(of: "prose", in: .open).first)
        #expect(record.attempts == 2)
        #expect(record.notBefore == Fixture.time + 30_000)
        #expect(record.reason == "429")
        #expect(record.job.id == Fixture.hash(1) && record.job.payload == Fixture.job(1).payload)
    }

    @Test func whatAJobIsWorthComesBack() throws {
        let directory = try TemporaryDirectory()
        let store = try directory.open()
        let jobs = [2.5, -1e300, 0].enumerated().map { index, worth in
            PlannedJob(
                id: Fixture.hash(UInt64(index)), node: "prose", kind: .explain, coder: "codes", latent: index,
                payload: [1], worth: worth)
        }
        try store.insertJobs(jobs)
        #expect(try store.jobs().map(\.job) == jobs)
        #expect(jobs[0].withoutPayload.worth == 2.5)
    }

    @Test func aFailedJobIsShownWithAnEventAndCanBeOpenedAgain() throws {
        let directory = try TemporaryDirectory()
        let store = try directory.open()
        try store.insertJobs([Fixture.job(1), Fixture.job(2)])
        try store.fail(job: Fixture.hash(1), reason: "judge \"down\"\u{1b}", attempts: 3)
        try store.fail(job: Fixture.hash(1), reason: "again", attempts: 4)
        #expect(try store.jobStates() == ["prose": [.open: 1, .failed: 1]])
        #expect(try store.jobs(in: .failed).map(\.reason) == ["judge \"down\"\u{1b}"])
        let events = try store.events(after: 0, limit: 10)
        #expect(events.map(\.type) == [.failure])
        let job = Fixture.hash(1)
        #expect(
            events.first?.json == """
                {"v":1,"ts":"\(Fixture.timeText)","type":"failure","node":"prose","coder":"codes","latent":1,\
                "job":"\(job)","kind":"explain","reason":"judge \\"down\\"\\u001b","attempts":3}
                """)
        #expect(try store.reopenFailedJobs(of: "lexical") == 0)
        #expect(try store.reopenFailedJobs(of: "prose") == 1)
        #expect(try store.jobs(of: "prose", in: .open).count == 2)
    }

    @Test func aJobNobodyPlannedCannotFail() throws {
        let directory = try TemporaryDirectory()
        let store = try directory.open()
        let job = Fixture.hash(5)
        #expect(
            storeError { () throws(StoreError) in try store.fail(job: job, reason: "", attempts: 1) }
                == .unknownJob(job))
        #expect(
            storeError { () throws(StoreError) in try store.retry(job: job, reason: "", attempts: 1, notBefore: 0) }
                == .unknownJob(job))
    }

    @Test func aJobThatIsDoneStaysDone() throws {
        let directory = try TemporaryDirectory()
        let store = try directory.open()
        try store.insertJobs([Fixture.job(1)])
        try store.record(explanations: [Fixture.explanation(1)])
        try store.fail(job: Fixture.hash(1), reason: "late", attempts: 1)
        try store.retry(job: Fixture.hash(1), reason: "late", attempts: 1, notBefore: 0)
        #expect(try store.jobStates() == ["prose": [.done: 1]])
        #expect(try store.insertJobs([Fixture.job(1)]) == 0)
        #expect(try store.events(after: 0, limit: 10).map(\.type) == [.explanation])
    }
}

import Dataflow
import Elements
import Observability
import Running
import StateFixtures
import StateNotes
import Store
import Synchronization
import Testing
import Topology

@testable import Jobs

@Suite struct JobStoreTests {
    private let directory: TemporaryDirectory
    private let store: Store
    private let jobStore: JobStore
    private let recorded = Count()
    private let warned = Told()

    private final class Count: Sendable {
        private let count = Mutex(0)
        var value: Int { count.withLock { $0 } }
        func add() { count.withLock { $0 += 1 } }
    }

    init() throws {
        directory = try TemporaryDirectory()
        store = try directory.store()
        let progress = RunProgress()
        jobStore = JobStore(
            results: store, disk: ComputePool<Void>(name: "disk", threads: 1), progress: progress,
            targets: ["prose": [OutboxTarget(sink: "out", topic: "results")]],
            metrics: RunMetrics(progress: progress, version: "", topology: "", digest: ""),
            spend: BudgetLedger(budget: nil),
            warning: warned.add,
            onRecorded: { [recorded] in recorded.add() })
    }

    @Test func nothingToWriteDownTellsNobody() async throws {
        try await jobStore.plan([])
        try await jobStore.record([Explanation](), by: "prose")
        try await jobStore.record([Score](), by: "prose")
        try await jobStore.record([Choice]())
        #expect(recorded.value == 0 && jobStore.progress.reading.explanations.isEmpty)
        #expect(try store.jobs().isEmpty)
    }

    @Test func aJobComesBackWithThePayloadThatItWaitedWithout() async throws {
        let job = PlannedJob(
            id: Fixture.hash(1), node: "prose", kind: .explain, coder: "codes", latent: 1, payload: [1, 2, 3])
        try await jobStore.plan([job])
        #expect(try await jobStore.withPayload(job.withoutPayload) == job)
        await #expect(throws: StoreError.self) { try await jobStore.withPayload(Fixture.job(2)) }
    }

    @Test func aFailedJobIsToldOfAndIsOpenAgainAtTheNextStart() async throws {
        try await jobStore.plan([Fixture.job(1), Fixture.job(2)])
        jobStore.spend.charge("judge", prices: nil, tokensIn: 30, tokensOut: 2, tokensCached: 0)
        try await jobStore.fail(Fixture.job(1), by: "prose", reason: "no such model")
        let reading = jobStore.progress.reading
        #expect(reading.failures == ["prose": 1] && reading.lastFailures["prose"] == "no such model")
        #expect(recorded.value == 1)
        #expect(try store.job(Fixture.hash(1))?.state == .failed)
        // What the attempt cost is on disk with it.
        #expect(try ModelSpend.note.read(in: store)?["judge"]?.tokensIn == 30)
        try await jobStore.reopenFailed(of: "other")
        #expect(try store.job(Fixture.hash(1))?.state == .failed)
        try await jobStore.reopenFailed(of: "prose")
        #expect(try await jobStore.jobs(of: "prose").map(\.state) == [.open, .open])
    }

    @Test func aJobIsPostponedWithGrowingDelaysThatAreOnDiskAndGivenUpInTheEnd() async throws {
        let store = self.jobStore.results
        let jobStore = JobStore(
            results: store, disk: self.jobStore.disk, progress: self.jobStore.progress, targets: [:],
            metrics: self.jobStore.metrics, spend: self.jobStore.spend, retries: JobRetryPolicy(tries: 4),
            now: { 1_000_000 }, onRecorded: {})
        try await jobStore.plan([Fixture.job(1)])
        var waits: [Int64] = []
        var job = Fixture.job(1)
        while let again = try await jobStore.postpone(job, by: "prose", reason: "overloaded") {
            job = again
            waits.append(again.notBefore - 1_000_000)
            let stored = try #require(try self.store.job(job.id))
            #expect(stored.state == .open && stored.attempts == waits.count && stored.notBefore == again.notBefore)
            #expect(stored.reason == "overloaded")
        }
        #expect(waits == [30_000, 60_000, 120_000])
        let failed = try #require(try self.store.job(job.id))
        #expect(failed.state == .failed && failed.attempts == 4 && failed.reason == "overloaded; tried 4 times")
        #expect(jobStore.progress.reading.failures == ["prose": 1])
    }

    @Test func whatSomebodyAskedForIsOpenAndHandedOn() async throws {
        let job = PlannedJob(
            id: Fixture.hash(1), node: "prose", kind: .explain, coder: "codes", latent: 1, payload: [7])
        let handed = Mutex<[PlannedJob]>([])
        jobStore.reopening.set({ jobs in handed.withLock { $0 += jobs } }, of: "prose")
        try await jobStore.plan([job, Fixture.job(2)])
        try await jobStore.fail(job, by: "prose", reason: "no such model")
        try await jobStore.takeRetryRequests()
        #expect(handed.withLock { $0 }.isEmpty)
        #expect(try RetryRequests.add(directory: directory.state) == 1)
        try await jobStore.takeRetryRequests()
        #expect(try store.job(Fixture.hash(1))?.state == .open)
        #expect(handed.withLock { $0 } == [job.withoutPayload])
    }

    @Test func whatPersonsAskForReachesTheNodeThatTakesItUntilItIsDone() async throws {
        let taker = RequestTaker(
            node: "people", kinds: [.label], coder: "codes", latents: 9, explainers: ["people"])
        try RequestTaker.write([taker], to: store)
        for latent in [1, 2] {
            try LatentRequests.add(LatentWish(.label, latents: [latent], text: "dates"), directory: directory.state)
        }
        let handed = Mutex<[[Int]]>([])
        jobStore.desk.set(
            { requests in handed.withLock { $0.append(requests.map(\.latent.latent)) } }, of: "people")
        let first = try await jobStore.latentRequests(of: "people")
        #expect(first.map(\.latent.latent) == [1, 2])
        #expect(try await jobStore.latentRequests(of: "prose").isEmpty)
        try await jobStore.takeLatentRequests()
        let label = Fixture.explanation(1, node: "people")
        try await jobStore.record([label], by: "people", fulfilling: FulfilledRequests([first[0].id]))
        try await jobStore.takeLatentRequests()
        try await jobStore.dismiss([first[1].id], because: "nothing was found")
        try await jobStore.takeLatentRequests()
        #expect(handed.withLock { $0 } == [[1, 2], [2]])
        #expect(
            warned.lines == [
                "people: request \(first[1].id) (label of codes/2 at people) came to nothing: nothing was found"
            ])
    }

    @Test func whatWasAskedOfANodeThatDoesItNoMoreIsDroppedWithAWarning() async throws {
        func taker(_ node: String, _ kinds: [LatentRequest.Kind], reading: String) -> RequestTaker {
            RequestTaker(node: node, kinds: kinds, coder: "codes", latents: 9, explainers: [reading])
        }
        let people = taker("people", [.label], reading: "people")
        try RequestTaker.write([people, taker("old", [.explain], reading: "old")], to: store)
        try LatentRequests.add(LatentWish(.label, latents: [1], text: "dates"), directory: directory.state)
        try LatentRequests.add(LatentWish(.explain, latents: [2]), directory: directory.state)
        // The node is there, but of another kind.
        try jobStore.dropRequests(unlessTakenBy: [people, taker("old", [.rescore], reading: "people")])
        #expect(try store.latentRequests().map(\.node) == ["people"])
        let warnings = warned.lines
        #expect(warnings.count == 1 && warnings.allSatisfy { $0.hasPrefix("old: request ") })
        try jobStore.dropRequests(unlessTakenBy: [])
        #expect(try store.latentRequests().isEmpty)
    }

    @Test func aResultThatIsRecordedTwiceIsCountedAndSentOnce() async throws {
        let explanation = Fixture.explanation(1, node: "prose")
        for _ in 0..<2 { try await jobStore.record([explanation], by: "prose") }
        #expect(jobStore.progress.reading.explanations == ["prose": 1])
        #expect(try await jobStore.explanations(of: "prose", until: StopSignal()) == [explanation])
        #expect(try store.pendingOutbox(limit: 10).map(\.sink) == ["out"])
        // A node without a sink keeps its results in the database alone.
        try await jobStore.record([Fixture.score(1, 0.5, node: "quiet")], by: "quiet")
        #expect(jobStore.progress.reading.scores == ["quiet": 1])
        #expect(try store.pendingOutbox(limit: 10).count == 1)
    }

    @Test func verdictsAreKeptUnderTheNameOfTheRoundToo() async throws {
        try store.keep(verdicts: [4, 2], of: Fixture.hash(1))
        try await jobStore.keepVerdicts(of: Fixture.hash(1), under: Fixture.hash(1))
        try await jobStore.keepVerdicts(of: Fixture.hash(1), under: Fixture.hash(2))
        try await jobStore.keepVerdicts(of: Fixture.hash(3), under: Fixture.hash(4))
        #expect(try store.verdicts(of: Fixture.hash(2)) == [4, 2] && store.verdicts(of: Fixture.hash(1)) == [4, 2])
        #expect(try store.verdicts(of: Fixture.hash(4)) == nil)
    }

    /// Latent 0 is silent; latent 1 fires in every window of the pool, the others in none.
    private struct View: EvidenceView {
        let coder = Fixture.coder
        let totals = StreamTotals()
        let digest = Fixture.hash(9)
        let pool = (0..<3).map { number in
            PoolWindow(
                window: Window(tokens: [number], identity: Fixture.hash(UInt64(number)), priority: UInt64(number)),
                latents: number == 2 ? [] : [1], isTrain: number == 2, isTest: number != 2)
        }

        func statistics(of latent: Int) -> LatentStatistics {
            LatentStatistics(
                tokensFired: latent == 0 ? 0 : 5, windowsFired: 5, sum: 0, sumOfSquares: 0, maximum: 0, histogram: [])
        }

        func evidence(of latent: Int) -> LatentEvidence {
            LatentEvidence(
                latent: latent, statistics: statistics(of: latent), train: [], top: [], test: [], recent: [])
        }
    }

    @Test func latentsLeftOutAreCountedByTheirReason() async throws {
        try await jobStore.noteSkipped(
            by: "judged", of: [0, 1, 2, 3, 4, 5], coverage: (explained: [1, 2, 3], scorable: [3]), view: View(),
            compute: ComputePool<Void>(name: "compute", threads: 1))
        #expect(
            try SkippedLatents.notes.all(in: store) == [
                SkippedLatents(
                    node: "judged", coder: "codes", taken: 6, dead: 1, tooFew: 2, tooFewHeldOut: 1, tooDense: 1)
            ])
    }
}

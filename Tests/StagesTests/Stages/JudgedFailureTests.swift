import Elements
import Hashing
import Inference
import Jobs
import Observability
import Running
import Scoring
import StateFixtures
import Store
import Synchronization
import Testing
import Topology

@testable import Stages

/// Plans and judges that fail, for one explanation or for good.
@Suite(.timeLimit(.minutes(5))) struct JudgedFailureTests {
    private typealias Session = JudgedStageTests.Session

    private let directory: TemporaryDirectory

    /// Three latents with an explanation each.
    init() throws {
        directory = try TemporaryDirectory()
        let store = try directory.store()
        try store.record(explanations: (1...3).map { Fixture.explanation($0, latent: Int($0)) })
        try store.close()
    }

    /// Work that fails to plan the score of latent 2.
    private func failing(_ error: ScoringError, _ script: ScoreScript) -> JudgedWork<ScriptedPlan> {
        let work = script.work
        return JudgedWork(
            plan: { subject in
                if subject.latent == 2 { throw error }
                return try work.plan(subject)
            }, run: work.run)
    }

    @Test func aLatentWithTooFewWindowsIsPassedOverAndTheOthersAreScored() async throws {
        let session = try Session(directory)
        let script = ScoreScript()
        let work = failing(ScoringError(.tooFewExamples, "none is silent"), script)
        try await session.run([session.stored], script, work: work)
        #expect(try session.states() == [.done: 2] && session.progress.reading.failures.isEmpty)
        #expect(Set(script.explanations) == [Fixture.hash(1), Fixture.hash(3)])
        try session.store.close()
    }

    @Test func aPlanThatCannotBeMadeForAnotherReasonEndsTheRun() async throws {
        let session = try Session(directory)
        let script = ScoreScript()
        let error = ScoringError(.unsupported, "lists are not read")
        await #expect(throws: error) {
            try await session.run([session.stored], script, work: failing(error, script))
        }
        // Those planned with it were not written down yet, so the next start plans them anew.
        #expect(try session.store.jobs(of: "judged").isEmpty && script.explanations.isEmpty)
        try session.store.close()
    }

    @Test func aJudgeThatFailsForOneLatentIsAskedAboutTheNext() async throws {
        let first = try Session(directory)
        try await first.run(
            [first.stored],
            ScoreScript(value: { job in
                if job == Fixture.hash(2) { throw ScoringError(.judgeFailed, "no verdicts") }
                return 0.75
            }))
        #expect(try first.states() == [.done: 2, .failed: 1])
        #expect(first.progress.reading.lastFailures["judged"] == "judge-failed: no verdicts")
        try first.store.close()

        let second = try Session(directory)
        let script = ScoreScript()
        try await second.run([second.stored], script)
        #expect(script.explanations == [Fixture.hash(2)])
        #expect(try second.states() == [.done: 3])
        try second.store.close()
    }

    @Test(arguments: [(true, [JobState.open: 3]), (false, [.failed: 1, .open: 2])])
    func afterAStopOnlyWhatMaySucceedLaterIsLeftOpen(isRetriable: Bool, states: [JobState: Int]) async throws {
        let session = try Session(directory)
        let stop = session.stop
        try await session.run(
            [session.stored],
            ScoreScript(value: { _ in
                stop.raise()
                throw ScoringError(.judgeFailed, "connection reset", isRetriable: isRetriable)
            }))
        #expect(try session.states() == states)
        #expect(session.progress.reading.failures["judged"] == (isRetriable ? nil : 1))
        try session.store.close()
    }

    @Test func aScoreThatTheBudgetCutsShortIsHeldAndNoFailure() async throws {
        let session = try Session(directory)
        let book = BudgetLedger(budget: Budget(tokens: 50, cost: nil))
        let judge = MeteredModel(
            judge: FixedJudge(), label: "judge",
            metrics: RunMetrics(progress: session.progress, version: "", topology: "", digest: ""),
            account: ModelAccount(model: "fixed", prices: nil, book: book))
        // The second score spends the rest in the middle.
        let script = ScoreScript(value: { job in
            book.charge("fixed", prices: nil, tokensIn: 30, tokensOut: 0, tokensCached: 0)
            if judge.hasSpentBudget { throw ScoringError(.judgeFailed, "refused") }
            return 0.75
        })
        try await session.run([session.stored], script, judge: judge)
        #expect(script.explanations.count == 2 && session.progress.reading.held["judged"] == 2)
        #expect(try session.states() == [.done: 1, .open: 2] && session.progress.reading.failures.isEmpty)
        try session.store.close()
    }

    @Test func questionsWithoutAnAnswerAreCountedByMethodAndReasonAlsoIfNoScoreComesOfThem() async throws {
        let session = try Session(directory)
        let calls = Mutex(0)
        let script = ScoreScript(value: { _ in
            let call = calls.withLock { calls -> Int in
                calls += 1
                return calls
            }
            let failures = [InferenceError.Kind.badAnswer, .badAnswer, .timedOut].map { InferenceError($0, "") }
            // What is called off is no failure of the judge's, and was not answered either.
            AnswerCount.current?.note(10, failures + [InferenceError(.cancelled, "")])
            if call == 2 { throw ScoringError(.judgeFailed, "too few") }
            return 0.75
        })
        try await session.run([session.stored], script)
        let page = try PrometheusPage(session.metrics.render(timers: []))
        var labels = ["component_id": "judged", "method": "detection"]
        let asked = try #require(page["gloss_judge_questions_total"]?.value(labels))
        #expect(asked == Double(9 * script.explanations.count) && script.explanations.count > 1)
        labels["reason"] = "bad-answer"
        #expect(page["gloss_judge_failures_total"]?.value(labels) == Double(2 * script.explanations.count))
        labels["reason"] = "timed-out"
        #expect(page["gloss_judge_failures_total"]?.value(labels) == Double(script.explanations.count))
        #expect(page["gloss_judge_failures_total"]?.samples.count == 2)
        let jobs = page["gloss_job_duration_seconds"]?.value(
            ["component_id": "judged", "kind": "score"], suffix: "_count")
        #expect(jobs == Double(script.explanations.count))
        // Nobody counts outside of a job.
        #expect(AnswerCount.current == nil)
        try session.store.close()
    }

    @Test func aPlanThatCannotBeReadAfterARestartSaysWhoseItIs() async throws {
        let session = try Session(directory)
        let job = PlannedJob(
            id: Fixture.hash(77), node: "judged", kind: .score, coder: "codes", latent: 1, payload: Array("{}".utf8))
        _ = try session.store.insertJobs([job])
        let error = await #expect(throws: DaemonError.self) {
            try await session.run([session.stored], ScoreScript())
        }
        #expect(error?.description.hasPrefix("job \(job.id) of node judged: its plan cannot be read: ") == true)
        try session.store.close()
    }
}

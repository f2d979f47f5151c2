import Elements
import Hashing
import Inference
import Lineage
import Observability
import Running
import Scoring
import StateFixtures
import Store
import Synchronization
import Testing

@testable import Stages

/// A drained run of a node that has scored all before a judge has said anything: it ends once what comparisons call for
/// is on disk, or cannot come any more.
@Suite(.timeLimit(.minutes(5))) struct AwaitedVotesTests {
    /// A server that has been away for longer than the run waits.
    private struct AbsentJudge: LanguageModelClient {
        let plain = FixedJudge()
        var name: String { plain.name }
        var digest: Hash128 { plain.digest }
        var offersLogProbabilities: Bool { false }
        let hasGivenUp: Bool
        let hasSpentBudget: Bool

        func complete(_ prompt: Prompt, maximumTokens: Int) async throws(InferenceError) -> Completion {
            try await plain.complete(prompt, maximumTokens: maximumTokens)
        }

        func logProbabilities(of answers: [String], after prompt: Prompt) async throws(InferenceError)
            -> AnswerLogProbabilities
        { try await plain.logProbabilities(of: answers, after: prompt) }
    }

    /// A judge that says nothing before the quick node waits for it.
    private func slow(
        _ session: TwoScorers, _ script: ScoreScript, whenWaitedFor: @escaping @Sendable () -> Void = {}
    ) -> JudgedWork<ScriptedPlan> {
        let quickly = script.work
        let isWaitedFor = Flag()
        return JudgedWork(
            plan: quickly.plan,
            run: { [lineage = session.lineage] plan, judge in
                if !isWaitedFor.isSet {
                    while lineage.with({ $0.prospect(of: "quick") }) != .wait { await Task.yield() }
                    isWaitedFor.set()
                    whenWaitedFor()
                }
                return try await quickly.run(plan, judge)
            })
    }

    private final class Flag: Sendable {
        private let state = Mutex(false)
        var isSet: Bool { state.withLock { $0 } }
        func set() { state.withLock { $0 = true } }
    }

    /// One that is better than what stands by so much.
    private func better(by difference: Double) -> @Sendable (JobID) -> Double {
        { $0 == Fixture.hash(2) ? 0.7 + difference : 0.7 }
    }

    private let everyLook = (1...ComparisonRule.looks).flatMap { ["1 look \($0)", "2 look \($0)"] }.sorted()

    /// A small difference takes all looks, a large one a single one.
    @Test(arguments: [
        (difference: 0.06, looks: 3, outcome: ChoiceOutcome.replaced), (0.25, 1, .replaced), (-0.25, 1, .kept),
        (-0.06, 3, .kept), (0.01, 3, .kept),
    ])
    func theRunEndsWithLooksChoiceAndBothHeadlinesOnDisk(difference: Double, looks: Int, outcome: ChoiceOutcome)
        async throws
    {
        let directory = try TemporaryDirectory()
        try TwoScorers.challenge(in: directory)
        let session = try TwoScorers(directory)
        let value = better(by: difference)
        try await session.run(slow(session, ScoreScript(value: value)), value: value)
        let (scores, choices) = try session.stored()
        #expect(choices.map(\.outcome) == [outcome])
        #expect(choices.first?.scores.map(\.look) == (1...looks).flatMap { [$0, $0] })
        let seen = (1...looks).flatMap { ["1 look \($0)", "2 look \($0)"] }
        let winner = outcome == .replaced ? "2 rest" : "1 rest"
        for node in ["quick", "judged"] { #expect(scores[node] == (seen + ["1 all", winner]).sorted()) }
        try session.store.close()

        // Nothing more is owed at the next start.
        let next = try TwoScorers(directory)
        try await next.run(ScoreScript(value: value).work, value: value)
        #expect(try next.stored().scores == scores && next.stored().choices == choices)
        try next.store.close()
    }

    @Test(arguments: [true, false])
    func aJudgeThatIsAwayOrHasNoBudgetIsNotWaitedFor(isAway: Bool) async throws {
        let directory = try TemporaryDirectory()
        try TwoScorers.challenge(in: directory)
        let value = better(by: 0.06)
        let first = try TwoScorers(directory)
        try await first.run(
            ScoreScript(value: value).work, judge: AbsentJudge(hasGivenUp: isAway, hasSpentBudget: !isAway),
            value: value)
        #expect(try first.stored().choices.isEmpty)
        #expect(try first.stored().scores == ["quick": ["1 all", "1 look 1", "2 look 1"]])
        let reading = first.progress.reading
        #expect((isAway ? reading.left : reading.held)["judged"] == 3)
        try first.store.close()

        // The next start goes on from there.
        try await expectTheNextStartDecides(in: directory, value)
    }

    @Test func aStopEndsTheWait() async throws {
        let directory = try TemporaryDirectory()
        try TwoScorers.challenge(in: directory)
        let value = better(by: 0.06)
        let first = try TwoScorers(directory)
        let stop = first.stop
        try await first.run(slow(first, ScoreScript(value: value)) { stop.raise() }, value: value)
        #expect(try first.stored().choices.isEmpty)
        try first.store.close()

        try await expectTheNextStartDecides(in: directory, value)
    }

    /// Another process takes every look, replaces what stands, and scores it on the rest of the windows.
    private func expectTheNextStartDecides(
        in directory: TemporaryDirectory, _ value: @escaping @Sendable (JobID) -> Double
    ) async throws {
        let second = try TwoScorers(directory)
        try await second.run(slow(second, ScoreScript(value: value)), value: value)
        let (scores, choices) = try second.stored()
        #expect(choices.map(\.outcome) == [.replaced])
        for node in ["quick", "judged"] { #expect(scores[node] == (everyLook + ["1 all", "2 rest"]).sorted()) }
        try second.store.close()
    }

    @Test func aNodeThatFailsIsNotWaitedFor() async throws {
        struct Mishap: Error {}
        let directory = try TemporaryDirectory()
        try TwoScorers.challenge(in: directory)
        let session = try TwoScorers(directory)
        let failing = JudgedWork<ScriptedPlan>(plan: { _ in throw Mishap() }, run: ScoreScript().work.run)
        await #expect(throws: Mishap.self) { try await session.run(failing, value: better(by: 0.06)) }
        #expect(try session.stored().choices.isEmpty)
        try session.store.close()
    }

    @Test func aJobThatFailsForGoodEndsTheWaitByAbstaining() async throws {
        let directory = try TemporaryDirectory()
        try TwoScorers.challenge(in: directory)
        let session = try TwoScorers(directory)
        let failing = ScoreScript(value: { _ in throw ScoringError(.judgeFailed, "no verdicts") })
        try await session.run(slow(session, failing), value: better(by: 0.25))
        let (scores, choices) = try session.stored()
        #expect(choices.map(\.outcome) == [.replaced])
        #expect(scores == ["quick": ["1 all", "1 look 1", "2 look 1", "2 rest"]])
        try session.store.close()
    }

    /// The judged node sees the end of its input only after the quick one has ended, which waits for its vote.
    @Test func nodesOfACascadeDoNotWaitForEachOther() async throws {
        let directory = try TemporaryDirectory()
        let gate = CascadeGate(gates: ["quick"], below: 0.5, above: 0.9)
        let store = try directory.store()
        try store.record(explanations: [Fixture.explanation(1)])
        try store.close()
        let value = better(by: 0.06)
        let first = try TwoScorers(directory, gate: gate)
        try await first.run(ScoreScript(value: value).work, value: value)
        #expect(try first.stored().scores == ["quick": ["1 all"], "judged": ["1 all"]])
        try first.store.close()

        try TwoScorers.challenge(in: directory)
        let second = try TwoScorers(directory, gate: gate)
        try await second.run(slow(second, ScoreScript(value: value)), value: value)
        let (scores, choices) = try second.stored()
        #expect(choices.map(\.outcome) == [.replaced] && choices.first?.scores.count == 2 * ComparisonRule.looks)
        for node in ["quick", "judged"] { #expect(scores[node] == (everyLook + ["1 all", "2 rest"]).sorted()) }
        try second.store.close()
    }
}

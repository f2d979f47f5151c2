import Elements
import Lineage
import StateFixtures
import Testing

@testable import Stages

@Suite(.timeLimit(.minutes(5))) struct SharedLineageTests {
    /// Two score nodes that take a latent about which a comparison is open; the first is through with its input.
    private func lineage() -> SharedLineage {
        let lineage = SharedLineage()
        let stored = [
            Fixture.explanation(1),
            Fixture.explanation(2, epoch: 2, again: ExplainedAgain(standing: Fixture.hash(1), reason: .grown)),
        ]
        lineage.with {
            $0.restore(explainer: "lexical", rule: ReexplanationRule(), explanations: stored, choices: [])
            for node in ["first", "second"] {
                let settings = ScoreNodeSettings(node: node, latents: [3], seed: 1, control: "shuffled")
                $0.restore(scorer: settings, reading: ["lexical"], scores: [])
            }
        }
        var actions = lineage.tell(.explanations(stored, epoch: 2), at: "first")
        while !actions.isEmpty { actions = lineage.tell(.done, at: "first") }
        _ = lineage.tell(.ended, at: "first")
        return lineage
    }

    /// Runs `body` once somebody waits.
    private func whileWaiting(_ lineage: SharedLineage, _ body: () -> Void) async {
        while lineage.isWaitedFor == false { await Task.yield() }
        body()
    }

    @Test func aWaitEndsWithWhatItWaitedFor() async throws {
        for event in [ScoreEvent.closed, .stopping, .ended] {
            let lineage = lineage()
            async let hasMore = lineage.hasMore(at: "first")
            await whileWaiting(lineage) { _ = lineage.tell(event, at: "second") }
            #expect(try await hasMore == false, "\(event)")
        }
    }

    @Test func changesThatLeaveItOpenGoOnWaiting() async throws {
        let lineage = lineage()
        async let hasMore = lineage.hasMore(at: "first")
        for _ in 0..<3 {
            await whileWaiting(lineage) { _ = lineage.tell(.left([]), at: "second") }
        }
        await whileWaiting(lineage) { _ = lineage.tell(.closed, at: "second") }
        #expect(try await hasMore == false)
    }

    @Test func aCancelledTaskWaitsForNothing() async throws {
        let lineage = lineage()
        let before = Task {
            withUnsafeCurrentTask { task in task?.cancel() }
            return try await lineage.hasMore(at: "first")
        }
        await #expect(throws: CancellationError.self) { try await before.value }
        let after = Task { try await lineage.hasMore(at: "first") }
        await whileWaiting(lineage) { after.cancel() }
        await #expect(throws: CancellationError.self) { try await after.value }
        #expect(!lineage.isWaitedFor)
    }

    @Test func aDecisionWakesWhoOwesAHeadline() async throws {
        let lineage = lineage()
        func planned(_ explanation: UInt64, contest: JobID?) -> PlannedScore {
            PlannedScore(
                explanation: Fixture.hash(explanation), explainedBy: "lexical", latent: 3, control: nil,
                round: ScoringRound(epoch: 2, windowsFired: 9, recent: [], contest: contest))
        }
        _ = lineage.tell(.worked([], [planned(1, contest: nil)]), at: "first")
        async let hasMore = lineage.hasMore(at: "first")
        await whileWaiting(lineage) {
            // Neither can make the comparison: what stands is kept, and owes a headline.
            for node in ["first", "second"] {
                _ = lineage.tell(.failed(planned(2, contest: Fixture.hash(2))), at: node)
            }
        }
        #expect(try await hasMore)
    }
}

import Dataflow
import Elements
import StateFixtures
import Store
import Synchronization
import Testing

@testable import Checkpoints

@Suite(.timeLimit(.minutes(5))) struct CheckpointFailureTests {
    private let state = StateInMemory()

    /// Another failure than `Mishap`.
    private struct Accident: Error {}

    private final class Epochs: Sendable {
        let list = Mutex<[UInt64]>([])
    }

    private let epochs = Epochs()

    private func coordinator(
        sources: Set<String> = ["a"], terminals: Set<String> = ["evidence"]
    ) -> CheckpointCoordinator {
        CheckpointCoordinator(
            sources: sources, terminals: terminals, lastEpoch: 0, store: state,
            disk: ComputePool(name: "disk", threads: 1), deadLetterTargets: [:],
            afterCommit: { [epochs] complete, _ in epochs.list.withLock { $0.append(complete.epoch) } })
    }

    /// Starts an epoch, and says what came of running when `body` is done.
    private func running(
        _ coordinator: CheckpointCoordinator, _ body: () async throws -> Void
    ) async throws {
        let running = Task { try await coordinator.run(interval: .seconds(10), clock: TickClock()) }
        defer { running.cancel() }
        await coordinator.requestBarrier()
        #expect(try await coordinator.barrierRequests(for: "a")?.next() == 1)
        try await body()
    }

    @Test func aFailureElsewhereWakesWhoeverWaitsForACommit() async throws {
        let coordinator = coordinator(terminals: ["evidence", "drained"])
        try await running(coordinator) {
            let (entered, entry) = AsyncStream.makeStream(of: Void.self)
            let waiting = ["evidence", "drained"].map { terminal in
                Task {
                    entry.yield()
                    try await coordinator.submit(terminal: terminal, keeping: [.init(node: terminal, bytes: [1])])
                }
            }
            for await _ in entered.prefix(2) {}
            coordinator.fail(Mishap())
            for waiter in waiting { await #expect(throws: Mishap.self) { try await waiter.value } }
        }
        #expect(try state.latestCheckpoint() == nil)
    }

    @Test func afterAFailureNothingIsTakenIn() async throws {
        let coordinator = coordinator()
        coordinator.fail(Mishap())
        await #expect(throws: Mishap.self) {
            try await coordinator.submit(terminal: "evidence", keeping: [.init(node: "evidence", bytes: [1])])
        }
        #expect(try state.latestCheckpoint() == nil)
    }

    @Test func theFirstFailureIsTheOneThatIsTold() async throws {
        let coordinator = coordinator()
        coordinator.fail(Mishap())
        coordinator.fail(Accident())
        await #expect(throws: Mishap.self) { try await coordinator.submit(terminal: "evidence") }
    }

    @Test func aCommitThatFailsIsToldToTheSourceThatMadeTheEpochWhole() async throws {
        let coordinator = coordinator(terminals: [])
        try await running(coordinator) {
            state.fail(with: Mishap())
            await #expect(throws: Mishap.self) {
                try await coordinator.report(source: "a", epoch: 1, fences: [Fixture.fence("a", next: 1)])
            }
            await #expect(throws: Mishap.self) { try await coordinator.submit(terminal: "evidence") }
        }
        #expect(epochs.list.withLock { $0 }.isEmpty)
    }

    @Test func aCommitThatFailsIsToldToASourceThatEnds() async throws {
        let coordinator = coordinator(sources: ["a", "b"], terminals: [])
        try await running(coordinator) {
            try await coordinator.report(source: "b", epoch: 1, fences: [])
            state.fail(with: Mishap())
            await #expect(throws: Mishap.self) { try await coordinator.end(source: "a") }
        }
    }

    @Test func whatBelongsToAnotherEpochIsNotCounted() async throws {
        let coordinator = coordinator(terminals: [])
        try await running(coordinator) {
            try await coordinator.report(source: "a", epoch: 7, fences: [Fixture.fence("a", next: 70)])
            #expect(try state.latestCheckpoint() == nil)
            try await coordinator.report(source: "a", epoch: 1, fences: [Fixture.fence("a", next: 1)])
            #expect(try state.latestCheckpoint()?.fences == [Fixture.fence("a", next: 1)])
        }
        #expect(epochs.list.withLock { $0 } == [1])
    }

    @Test func recordsRefusedBeforeAnEpochIsWholeAreKeptWithItAndOnlyOnce() async throws {
        let coordinator = coordinator(terminals: [])
        coordinator.add([Fixture.letter(3)])
        coordinator.add([])
        try await running(coordinator) {
            try await coordinator.report(source: "a", epoch: 1, fences: [])
            await coordinator.requestBarrier()
            #expect(try await coordinator.barrierRequests(for: "a")?.next() == 2)
            try await coordinator.report(source: "a", epoch: 2, fences: [])
        }
        #expect(state.deadLetters == [Fixture.letter(3)])
        #expect(epochs.list.withLock { $0 } == [1, 2])
    }

    @Test func runningEndsWithItsTaskThoughNoSourceHasEnded() async throws {
        let coordinator = coordinator()
        let running = Task { try await coordinator.run(interval: .seconds(10), clock: TickClock()) }
        running.cancel()
        await #expect(throws: Never.self) { try await running.value }
    }
}

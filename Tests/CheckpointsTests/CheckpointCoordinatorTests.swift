import Dataflow
import Elements
import StateFixtures
import Store
import Synchronization
import Testing

@testable import Checkpoints

@Suite(.timeLimit(.minutes(5))) struct CheckpointCoordinatorTests {
    private let directory: TemporaryDirectory
    private let store: Store
    private let clock = TickClock()
    private let committed = Committed()

    /// What `afterCommit` was told of, by a time that the test sets.
    private final class Committed: Sendable {
        private let state = Mutex<(list: [(epoch: UInt64, delay: Duration)], now: Duration)>(([], .zero))
        var epochs: [UInt64] { state.withLock { $0.list.map(\.epoch) } }
        var delays: [Duration] { state.withLock { $0.list.map(\.delay) } }
        var now: Duration { state.withLock { $0.now } }
        func add(_ epoch: UInt64, after delay: Duration) { state.withLock { $0.list.append((epoch, delay)) } }
        func set(now: Duration) { state.withLock { $0.now = now } }
    }

    init() throws {
        directory = try TemporaryDirectory()
        store = try directory.store()
    }

    private func coordinator(
        sources: Set<String>, terminals: Set<String>, lastEpoch: UInt64 = 0,
        deadLetterTargets: [String: [OutboxTarget]] = [:]
    ) -> CheckpointCoordinator {
        CheckpointCoordinator(
            sources: sources, terminals: terminals, lastEpoch: lastEpoch, store: store,
            disk: ComputePool(name: "disk", threads: 1), deadLetterTargets: deadLetterTargets,
            elapsed: { [committed] in committed.now },
            afterCommit: { [committed] in committed.add($0.epoch, after: $1) })
    }

    /// Does something while the coordinator starts epochs.
    private func withRunning(
        _ coordinator: CheckpointCoordinator, _ body: (Task<Void, any Error>) async throws -> Void
    ) async throws {
        let running = Task { [clock] in try await coordinator.run(interval: .seconds(10), clock: clock) }
        defer { running.cancel() }
        try await body(running)
    }

    private func nextEpoch(of source: String, from coordinator: CheckpointCoordinator) async throws -> UInt64? {
        try await #require(coordinator.barrierRequests(for: source)).next()
    }

    @Test func aCommitHoldsWhatSourcesAndTerminalsGaveForTheEpoch() async throws {
        let coordinator = coordinator(
            sources: ["a", "b"], terminals: ["evidence"], lastEpoch: 7,
            deadLetterTargets: ["b": [OutboxTarget(sink: "rejected", topic: "letters")]])
        let fences = [
            Fixture.fence("a", next: 3, last: Fence.LastRecord(offset: 2, hash: 17)), Fixture.fence("b", next: 4),
        ]
        try await withRunning(coordinator) { _ in
            await coordinator.requestBarrier()
            #expect(try await nextEpoch(of: "a", from: coordinator) == 8)
            #expect(try await nextEpoch(of: "b", from: coordinator) == 8)
            coordinator.add([Fixture.letter(3, source: "b")])
            try await coordinator.report(source: "a", epoch: 8, fences: [fences[0]])
            try await coordinator.report(source: "b", epoch: 8, fences: [fences[1]])
            #expect(try store.latestCheckpoint() == nil)
            try await coordinator.submit(terminal: "evidence", keeping: [.init(node: "evidence", bytes: [1, 2, 3])])
        }
        let checkpoint = try #require(try store.latestCheckpoint())
        #expect(checkpoint.epoch == 8)
        #expect(checkpoint.fences == fences)
        #expect(try store.segments(of: "evidence").map(\.bytes) == [[1, 2, 3]])
        #expect(try store.deadLetters(limit: 10).map(\.letter) == [Fixture.letter(3, source: "b")])
        #expect(try store.pendingOutbox(limit: 10).map(\.sink) == ["rejected"])
        #expect(committed.epochs == [8])
    }

    @Test func whatIsRefusedGoesToTheSinksThatThereAreByThen() async throws {
        let coordinator = coordinator(
            sources: ["a"], terminals: [], deadLetterTargets: ["a": [OutboxTarget(sink: "old", topic: "letters")]])
        try await withRunning(coordinator) { _ in
            await coordinator.requestBarrier()
            #expect(try await nextEpoch(of: "a", from: coordinator) == 1)
            coordinator.add([Fixture.letter(3, source: "a")])
            coordinator.send(deadLettersTo: ["a": [OutboxTarget(sink: "new", topic: "letters")]])
            try await coordinator.report(source: "a", epoch: 1, fences: [])
        }
        #expect(try store.pendingOutbox(limit: 10).map(\.sink) == ["new"])
    }

    @Test func aTerminalThatSubmitsBeforeTheSourcesReportWaitsForTheCommit() async throws {
        let coordinator = coordinator(sources: ["a"], terminals: ["evidence"])
        try await withRunning(coordinator) { _ in
            await coordinator.requestBarrier()
            #expect(try await nextEpoch(of: "a", from: coordinator) == 1)
            let submitting = Task { [store] in
                try await coordinator.submit(terminal: "evidence")
                return try store.latestCheckpoint()?.fences
            }
            try await coordinator.report(source: "a", epoch: 1, fences: [Fixture.fence("a", next: 9)])
            #expect(try await submitting.value == [Fixture.fence("a", next: 9)])
        }
        #expect(try store.segments(of: "evidence").isEmpty)
    }

    @Test func anEpochStartsAtEveryTick() async throws {
        let coordinator = coordinator(sources: ["a"], terminals: ["evidence"])
        try await withRunning(coordinator) { _ in
            for epoch in UInt64(1)...3 {
                try await clock.tick()
                #expect(try await nextEpoch(of: "a", from: coordinator) == epoch)
                try await coordinator.report(source: "a", epoch: epoch, fences: [])
                try await coordinator.submit(terminal: "evidence")
            }
        }
        #expect(committed.epochs == [1, 2, 3])
    }

    @Test func aBarrierAskedForWhileOneIsUnderWayFollowsIt() async throws {
        let coordinator = coordinator(sources: ["a"], terminals: ["evidence"])
        try await withRunning(coordinator) { _ in
            await coordinator.requestBarrier()
            #expect(try await nextEpoch(of: "a", from: coordinator) == 1)
            await coordinator.requestBarrier()
            try await coordinator.report(source: "a", epoch: 1, fences: [])
            try await coordinator.submit(terminal: "evidence")
            #expect(try await nextEpoch(of: "a", from: coordinator) == 2)
        }
    }

    @Test func theDelayCountsFromAskingAlsoIfAnotherEpochWasUnderWay() async throws {
        let coordinator = coordinator(sources: ["a"], terminals: ["evidence"])
        try await withRunning(coordinator) { _ in
            committed.set(now: .seconds(10))
            await coordinator.requestBarrier()
            #expect(try await nextEpoch(of: "a", from: coordinator) == 1)
            committed.set(now: .seconds(11))
            // The second request is read while the first epoch is under way: a third one would replace it.
            await coordinator.requestBarrier()
            committed.set(now: .seconds(13))
            try await coordinator.report(source: "a", epoch: 1, fences: [])
            try await coordinator.submit(terminal: "evidence")
            #expect(try await nextEpoch(of: "a", from: coordinator) == 2)
            committed.set(now: .seconds(20))
            try await coordinator.report(source: "a", epoch: 2, fences: [])
            try await coordinator.submit(terminal: "evidence")
        }
        #expect(committed.delays.first == .seconds(3))
        #expect(committed.delays.last.map { $0 >= .seconds(7) && $0 <= .seconds(9) } == true)
    }

    @Test func aSourceThatEndsKeepsItsFenceAndIsAskedNoMore() async throws {
        let coordinator = coordinator(sources: ["a", "b"], terminals: ["evidence"])
        try await withRunning(coordinator) { running in
            await coordinator.requestBarrier()
            for source in ["a", "b"] {
                #expect(try await nextEpoch(of: source, from: coordinator) == 1)
                try await coordinator.report(source: source, epoch: 1, fences: [Fixture.fence(source, next: 5)])
            }
            try await coordinator.end(source: "a")
            try await coordinator.submit(terminal: "evidence")
            // The end of `a` has asked for another barrier, and only `b` gets it.
            #expect(try await nextEpoch(of: "b", from: coordinator) == 2)
            #expect(try await nextEpoch(of: "a", from: coordinator) == nil)
            try await coordinator.report(source: "b", epoch: 2, fences: [Fixture.fence("b", next: 6)])
            try await coordinator.submit(terminal: "evidence")
            try await coordinator.end(source: "b")
            try await running.value
        }
        #expect(
            try store.latestCheckpoint()?.fences == [Fixture.fence("a", next: 5), Fixture.fence("b", next: 6)])
    }

    @Test func aStoreThatFailsFailsEveryoneWhoWaitsAndNothingGoesOn() async throws {
        let coordinator = coordinator(sources: ["a"], terminals: ["evidence", "drained"])
        try await withRunning(coordinator) { _ in
            await coordinator.requestBarrier()
            #expect(try await nextEpoch(of: "a", from: coordinator) == 1)
            try store.close()
            let waiting = ["evidence", "drained"].map { terminal in
                Task { try await coordinator.submit(terminal: terminal, keeping: [.init(node: terminal, bytes: [1])]) }
            }
            // It fails as well where it comes last and so is the one who commits.
            try? await coordinator.report(source: "a", epoch: 1, fences: [Fixture.fence("a", next: 1)])
            for waiter in waiting { await #expect(throws: StoreError.self) { try await waiter.value } }
            await #expect(throws: StoreError.self) {
                try await coordinator.submit(terminal: "evidence", keeping: [.init(node: "evidence", bytes: [2])])
            }
        }
        #expect(committed.epochs.isEmpty)
        #expect(try Store.reader(directory: directory.state).latestCheckpoint() == nil)
    }

    @Test func aSourceThatIsNotThereHasNoRequests() {
        #expect(coordinator(sources: ["a"], terminals: []).barrierRequests(for: "b") == nil)
    }
}

import Dataflow
import StateFixtures
import Store
import Testing

@testable import Sinks

@Suite(.timeLimit(.minutes(5))) struct OutboxRelayTests {
    private let directory: TemporaryDirectory
    private let store: Store
    private let clock = ManualClock()
    private let told = Told()
    private let failures = BoundedChannel<String>(capacity: .max, weigh: { _ in 0 })
    private let successes = BoundedChannel<String>(capacity: .max, weigh: { _ in 0 })

    init() throws {
        directory = try TemporaryDirectory()
        store = try directory.store()
    }

    private func relay(_ sinks: [String: ScriptedSink], outbox: (any Outbox)? = nil) -> OutboxRelay {
        OutboxRelay(
            outbox: outbox ?? store, disk: ComputePool(name: "disk", threads: 1), sinks: sinks, clock: clock,
            onFailure: { [told, failures] sink, reason in
                told.add(sink, reason)
                Task { try await failures.send(sink) }
            },
            onSent: { [successes] sink in Task { try await successes.send(sink) } })
    }

    /// Puts messages into the outbox, named by sink and number.
    private func put(_ numbers: ClosedRange<Int>, for sinks: String..., epoch: UInt64) throws {
        _ = try store.commit(
            CheckpointCommit(
                epoch: epoch,
                outbox: sinks.flatMap { sink in
                    numbers.map { number in
                        OutboxMessage(
                            target: OutboxTarget(sink: sink, topic: "results"), key: [1], value: [2],
                            dedupe: "\(sink)/\(number)")
                    }
                }))
    }

    private func pending(_ sink: String) throws -> [String] {
        try store.pendingOutbox(limit: 10_000, sink: sink).map(\.dedupe)
    }

    @Test func whatWasDeliveredIsMarkedAndNotSentAgain() async throws {
        let sink = ScriptedSink(.deliver)
        let relay = relay(["a": sink])
        relay.start()
        try put(1...2, for: "a", epoch: 1)
        relay.wake()
        #expect(try await sink.sent.next() == ["a/1", "a/2"])
        try put(3...3, for: "a", epoch: 2)
        relay.wake()
        #expect(try await sink.sent.next() == ["a/3"])
        #expect(try await relay.finish(patience: .seconds(5)).isEmpty)
        #expect(try pending("a").isEmpty)
    }

    @Test(arguments: [ScriptedSink.Conduct.fail, .hang])
    func aSinkInTroubleDoesNotHoldUpAnother(conduct: ScriptedSink.Conduct) async throws {
        let (bad, good) = (ScriptedSink(conduct), ScriptedSink(.deliver))
        let relay = relay(["a": bad, "b": good])
        relay.start()
        try put(1...1, for: "a", "b", epoch: 1)
        relay.wake()
        #expect(try await bad.sent.next() == ["a/1"])
        #expect(try await good.sent.next() == ["b/1"])
        try put(2...2, for: "a", "b", epoch: 2)
        relay.wake()
        // Only what is new: what went before it was marked.
        #expect(try await good.sent.next() == ["b/2"])
        #expect(try pending("a") == ["a/1", "a/2"])
        await relay.close()
    }

    @Test func aSinkThatFailedIsTriedAgainEverySecond() async throws {
        let sink = ScriptedSink(.fail, .deliver)
        let relay = relay(["a": sink])
        try put(1...1, for: "a", epoch: 1)
        relay.start()
        for _ in 1...2 {
            await clock.sleepers(1)
            clock.advance(by: SinkRelay.retryInterval)
            #expect(try await sink.sent.next() == ["a/1"])
        }
        #expect(try await failures.next() == "a")
        #expect(try await successes.next() == "a")
        #expect(try await relay.finish(patience: .seconds(5)).isEmpty)
        #expect(try pending("a").isEmpty)
    }

    @Test func manyMessagesLeaveInTheirOrderAFewAtATime() async throws {
        let sink = ScriptedSink(.deliver)
        let relay = relay(["a": sink])
        try put(1...1500, for: "a", epoch: 1)
        #expect(try await relay.finish(patience: .seconds(5)).isEmpty)
        let names = (1...1500).map { "a/\($0)" }
        #expect(try await sink.sent.next() == Array(names.prefix(SinkRelay.batchLimit)))
        #expect(try await sink.sent.next() == Array(names.dropFirst(SinkRelay.batchLimit)))
    }

    @Test func theEndSendsWhatIsLeftAndSaysIfASinkCouldNotTakeIt() async throws {
        let (bad, good) = (ScriptedSink(.fail), ScriptedSink(.deliver))
        let relay = relay(["a": bad, "b": good])
        relay.start()
        try put(1...2, for: "a", "b", epoch: 1)
        #expect(try await relay.finish(patience: .seconds(5)) == ["a": 2])
        #expect(try await failures.next() == "a")
        #expect(try pending("a") == ["a/1", "a/2"])
        #expect(try pending("b").isEmpty)
    }

    @Test func aSinkThatHangsIsLeftAfterThePatience() async throws {
        let sink = ScriptedSink(.hang)
        let relay = relay(["a": sink])
        relay.start()
        try put(1...1, for: "a", epoch: 1)
        relay.wake()
        _ = try await sink.sent.next()
        let finishing = Task { try await relay.finish(patience: .seconds(5)) }
        // The one that tries again every second, and the one that watches.
        await clock.sleepers(2)
        clock.advance(by: .seconds(5))
        #expect(try await finishing.value == ["a": 1])
        #expect(try pending("a") == ["a/1"])
        // Nothing has failed: it was given up.
        #expect(told.of("a").isEmpty)
    }

    @Test func aSlowSinkIsNotLeftWhileItDelivers() async throws {
        let sink = ScriptedSink(.wait)
        let relay = relay(["a": sink])
        relay.start()
        try put(1...3, for: "a", epoch: 1)
        relay.wake()
        _ = try await sink.sent.next()
        let finishing = Task { try await relay.finish(patience: .seconds(5)) }
        for _ in 1...2 {
            await clock.sleepers(2)
            try await sink.permits.send(())
            _ = try await sink.delivered.next()
            clock.advance(by: .seconds(5))
        }
        await clock.sleepers(2)
        try await sink.permits.send(())
        #expect(try await finishing.value.isEmpty)
        #expect(try pending("a").isEmpty)
    }

    @Test func afterARestartOnlyWhatWasNotMarkedIsSentAgain() async throws {
        let before = relay(["a": ScriptedSink(.deliver)])
        try put(1...2, for: "a", epoch: 1)
        #expect(try await before.finish(patience: .seconds(5)).isEmpty)
        try put(3...4, for: "a", epoch: 2)
        let second = relay(["a": ScriptedSink(.fail)])
        #expect(try await second.finish(patience: .seconds(5)) == ["a": 2])
        let sink = ScriptedSink(.deliver)
        #expect(try await relay(["a": sink]).finish(patience: .seconds(5)).isEmpty)
        #expect(try await sink.sent.next() == ["a/3", "a/4"])
    }

    /// An outbox that cannot be read for one sink.
    private struct BrokenOutbox: Outbox {
        let store: Store
        func pending(for sink: String, limit: Int) throws -> [OutboxRow] {
            if sink == "a" { throw Mishap() }
            return try store.pendingOutbox(limit: limit, sink: sink)
        }
        func unsentMessages() throws -> [String: Int] { try store.unsentMessages() }
        func markSent(_ sequences: [Int64]) throws { try store.markSent(sequences) }
    }

    @Test func anOutboxThatFailsIsToldAtTheEndAfterTheOtherSinksHadTheirTime() async throws {
        let sink = ScriptedSink(.deliver)
        let relay = relay(["a": ScriptedSink(.deliver), "b": sink], outbox: BrokenOutbox(store: store))
        try put(1...1, for: "b", epoch: 1)
        await #expect(throws: Mishap.self) { try await relay.finish(patience: .seconds(5)) }
        #expect(try pending("b").isEmpty)
    }

    @Test func withoutSinksThereIsNothingToSend() async throws {
        let relay = relay([:])
        relay.start()
        relay.wake()
        #expect(try await relay.finish(patience: .seconds(5)).isEmpty)
        await relay.close()
    }

    @Test func everySinkIsClosedOnce() async throws {
        let sinks = ["a": ScriptedSink(.hang), "b": ScriptedSink(.deliver)]
        let relay = relay(sinks)
        relay.start()
        await relay.close()
        #expect(sinks.values.map(\.closeCount) == [1, 1])
    }

    /// What could not be sent waits for the next sink of the name, and one that stays is left alone.
    @Test func sinksCanBeChangedWhileMessagesCome() async throws {
        let (old, other) = (ScriptedSink(.fail), ScriptedSink(.deliver))
        let relay = relay(["a": old, "b": other])
        relay.start()
        try put(1...2, for: "a", "b", epoch: 1)
        relay.wake()
        #expect(try await old.sent.next() == ["a/1", "a/2"])
        #expect(try await other.sent.next() == ["b/1", "b/2"])
        let (new, further) = (ScriptedSink(.deliver), ScriptedSink(.deliver))
        async let changed: Void = relay.change(
            removing: ["a", "gone"], adding: ["a": new, "c": further], patience: .seconds(5))
        // It is tried once more at its end.
        #expect(try await old.sent.next() == ["a/1", "a/2"])
        try await changed
        #expect(old.closeCount == 1 && other.closeCount == 0)
        #expect(try await new.sent.next() == ["a/1", "a/2"])
        try put(3...3, for: "a", "b", "c", epoch: 2)
        relay.wake()
        #expect(try await new.sent.next() == ["a/3"])
        #expect(try await other.sent.next() == ["b/3"])
        #expect(try await further.sent.next() == ["c/3"])
        #expect(try await relay.finish(patience: .seconds(5)).isEmpty)
        await relay.close()
        #expect(old.closeCount == 1 && new.closeCount == 1 && other.closeCount == 1 && further.closeCount == 1)
        #expect(try ["a", "b", "c"].allSatisfy { try pending($0).isEmpty })
    }
}

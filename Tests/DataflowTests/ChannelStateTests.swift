import Synchronization
import Testing

@testable import Dataflow

/// The rules of the channel, with a caller that comes when the test says.
@Suite(.timeLimit(.minutes(5))) struct ChannelStateTests {
    private typealias State = ChannelState<Int>

    /// A channel whose elements weigh what they say.
    private final class Shared: Sendable {
        let state: Mutex<State>

        init(capacity: Int, holding elements: Int...) {
            state = Mutex(State(capacity: capacity, supersedes: nil))
            for element in elements { _ = state.withLock { $0.offer(element, weight: element) } }
        }

        /// The id of a sender that was told to wait.
        func turnedAway(_ element: Int) throws -> UInt64 {
            guard case .mustWait(let id) = state.withLock({ $0.offer(element, weight: element) }) else {
                throw Broken()
            }
            return id
        }

        /// A sender that comes back, once it is parked.
        func parked(_ id: UInt64, _ element: Int) async -> Task<Void, any Error> {
            let (parked, tell) = AsyncStream<Void>.makeStream()
            let task = Task {
                try await withCheckedThrowingContinuation { continuation in
                    _ = state.withLock { $0.wait(id, element, weight: element, continuation) }
                    tell.finish()
                }
            }
            for await _ in parked {}
            return task
        }

        /// What a sender that comes back is told, in a word; it is not parked.
        func back(_ id: UInt64, _ element: Int) async -> String {
            let said = Mutex("")
            try? await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
                let wait = state.withLock { $0.wait(id, element, weight: element, continuation) }
                let word =
                    switch wait {
                    case .suspended: "suspended"
                    case .accepted: "accepted"
                    case .deliver: "deliver"
                    case .refused(let error): "\(error)"
                    }
                said.withLock { $0 = word }
                if word != "suspended" { continuation.resume() }
            }
            return said.withLock { $0 }
        }

        /// Takes an element; the senders that get in for it are let go on.
        func take() -> (element: Int?, admitted: Int) {
            guard case .element(let element, let admitted) = state.withLock({ $0.receive(nil) }) else {
                return (nil, 0)
            }
            for sender in admitted { sender.resume() }
            return (element, admitted.count)
        }
    }

    @Test func aLightSenderDoesNotOvertakeAHeavyOneThatWaits() async throws {
        let shared = Shared(capacity: 10, holding: 4, 5)
        let heavy = await shared.parked(try shared.turnedAway(9), 9)
        // There is room for it, but it came later.
        let light = await shared.parked(try shared.turnedAway(1), 1)
        // If it were let in at once, nobody would resume it.
        try #require(shared.take() == (4, 0))
        try #require(shared.take() == (5, 2))
        #expect(shared.state.withLock { $0.depth } == 10)
        _ = try await (heavy.value, light.value)
        #expect(shared.take() == (9, 0) && shared.take() == (1, 0) && shared.take() == (nil, 0))
    }

    @Test func aSenderGoesInIfRoomHasComeBeforeItIsParked() async throws {
        let shared = Shared(capacity: 10, holding: 8)
        let id = try shared.turnedAway(5)
        #expect(shared.take() == (8, 0))
        #expect(await shared.back(id, 5) == "accepted")
        #expect(shared.state.withLock { $0.depth } == 5)
    }

    @Test func aSenderDeliversIfAReceiverHasComeBeforeItIsParked() async throws {
        let shared = Shared(capacity: 10, holding: 8)
        let id = try shared.turnedAway(5)
        #expect(shared.take() == (8, 0))
        let received: Int? = try await withCheckedThrowingContinuation { continuation in
            guard case .suspended = shared.state.withLock({ $0.receive(continuation) }) else {
                return continuation.resume(throwing: Broken())
            }
            Task {
                #expect(await shared.back(id, 5) == "deliver")
                continuation.resume(returning: 5)
            }
        }
        #expect(received == 5 && shared.state.withLock { $0.depth } == 0)
    }

    @Test(arguments: ["cancel", "finish", "fail", "abandon"])
    func aSenderIsRefusedIfItsReasonToWaitHasGoneBeforeItIsParked(reason: String) async throws {
        let shared = Shared(capacity: 10, holding: 8)
        let id = try shared.turnedAway(5)
        shared.state.withLock { state in
            switch reason {
            case "cancel": _ = state.cancelSender(id)
            case "finish": _ = state.finish(nil)
            case "fail": _ = state.finish(Broken())
            default: _ = state.abandon()
            }
        }
        let expected = [
            "finish": "an element was sent to a channel that had already been finished", "fail": "Broken()",
        ]
        #expect(await shared.back(id, 5) == expected[reason] ?? "CancellationError()")
        // Only a receiver that has gone loses what was sent before.
        #expect(shared.take().element == (reason == "abandon" ? nil : 8))
    }

    @Test func aSenderThatIsCancelledWhileParkedMakesWayForTheOneAfterIt() async throws {
        let shared = Shared(capacity: 10, holding: 8)
        let first = try shared.turnedAway(5)
        let waiting = await shared.parked(first, 5)
        let second = await shared.parked(try shared.turnedAway(6), 6)
        shared.state.withLock { $0.cancelSender(first) }?.resume(throwing: CancellationError())
        await #expect(throws: CancellationError.self) { try await waiting.value }
        try #require(shared.take() == (8, 1))
        try await second.value
        #expect(shared.take() == (6, 0))
    }

    @Test func anEndSaysSoToEverySenderThatIsParked() async throws {
        let shared = Shared(capacity: 10, holding: 8)
        let waiting = [
            await shared.parked(try shared.turnedAway(5), 5), await shared.parked(try shared.turnedAway(6), 6),
        ]
        let (_, senders) = shared.state.withLock { $0.finish(nil) }
        #expect(senders.count == 2)
        for sender in senders { sender.resume(throwing: ChannelError.sentAfterFinish) }
        for task in waiting { await #expect(throws: ChannelError.self) { try await task.value } }
        // The second end changes nothing: the first has said how it ends.
        _ = shared.state.withLock { $0.finish(Broken()) }
        #expect(shared.take().element == 8)
        guard case .finished = shared.state.withLock({ $0.receive(nil) }) else { throw Broken() }
    }
}

import Dataflow
import Testing

/// Edges of which one end is slow, ends early, fails or goes.
@Suite(.timeLimit(.minutes(5))) struct EdgeTests {
    private func port(capacity: Int = 64, keepsLatestOnly: Bool = false) -> InputPort<Numbers> {
        InputPort(capacity: capacity, keepsLatestOnly: keepsLatestOnly, timers: StageTimers(node: "port"))
    }

    @Test func theSlowestOfSeveralReadersHoldsTheSenderButLosesNothing() async throws {
        let (slow, fast) = (port(capacity: 8), port(capacity: 8))
        let (toSlow, toFast) = (slow.connect(), fast.connect())
        async let fed: Void = feed((0..<20).map { .numbers($0) }, to: toFast, toSlow)
        async let fastWords = words(fast)
        var iterator = slow.makeAsyncIterator()
        var received: [String] = []
        while let flow = try await iterator.next() {
            // It never holds more than one batch, however far the fast reader could be.
            #expect(slow.depth <= 8)
            received.append(flow.words)
        }
        try await fed
        #expect(received == (0..<20).map { "[\($0)]" })
        #expect(try await fastWords == received + ["end"])
    }

    @Test func aSenderThatEndsEarlyHoldsNoBarrierOfTheOthersBack() async throws {
        let port = port()
        let (early, late) = (port.connect(), port.connect())
        try await feed([.numbers(1)], to: early)
        async let fed: Void = feed([.numbers(2), .cut(1), .numbers(3), .cut(2, caughtUp: true)], to: late)
        #expect(
            try await words(port) == ["[1]", "[2]", "barrier 1 false", "[3]", "barrier 2 true", "end"])
        try await fed
    }

    /// Whoever reads of it wants evidence as it is now, and keeps nothing at cuts.
    @Test func aLatestOnlyEdgeHoldsTheLastBatchAndWhatCameAfterItHoweverMuchIsSent() async throws {
        let port = port(capacity: 1, keepsLatestOnly: true)
        let connection = port.connect()
        try await feed((1...100).flatMap { [.numbers($0), .cut(UInt64($0))] }, to: connection)
        #expect(port.depth == 8)
        #expect(try await words(port) == ["[100]", "barrier 100 false", "end"])
        #expect(port.depth == 0)
    }

    @Test func aBatchHeavierThanThePortPassesAlone() async throws {
        let port = port(capacity: 8)
        let connection = port.connect()
        async let fed: Void = feed([.numbers(1), .numbers(2, 3, 4), .cut(1), .numbers(5)], to: connection)
        #expect(try await words(port) == ["[1]", "[2, 3, 4]", "barrier 1 false", "[5]", "end"])
        try await fed
    }

    @Test func aCancelledReceiverThrowsInsteadOfSeeingAnEndAndItsSendersAreTold() async throws {
        let port = port(capacity: 8)
        let connection = port.connect()
        let receiving = Task { try await words(port) }
        receiving.cancel()
        await #expect(throws: CancellationError.self) { try await receiving.value }
        await #expect(throws: CancellationError.self) { try await feed([.numbers(1)], to: connection) }
    }

    @Test func aSenderThatIsCancelledWhileItWaitsForRoomFailsItsReaders() async throws {
        let port = port(capacity: 8)
        let connection = port.connect()
        let sending = Task { try await feed([.numbers(1), .numbers(2)], to: connection) }
        sending.cancel()
        await #expect(throws: CancellationError.self) { try await sending.value }
        await #expect(throws: CancellationError.self) { try await words(port) }
    }

    @Test func aReaderThatGoesFailsTheSenderAndWithItTheOtherReaders() async throws {
        let (gone, other) = (port(), port())
        let connections = (other.connect(), gone.connect())
        gone.abandon()
        await #expect(throws: CancellationError.self) {
            try await feed([.numbers(1), .numbers(2)], to: connections.0, connections.1)
        }
        // What came before is still there, then the reason.
        var iterator = other.makeAsyncIterator()
        #expect(try await iterator.next()?.words == "[1]")
        await #expect(throws: CancellationError.self) { _ = try await iterator.next() }
    }

    @Test func anErrorOfOneBranchComesOutAtTheEndOfTheOther() async throws {
        let (middle, last) = (port(), port())
        let (direct, byWay, entrance) = (last.connect(), last.connect(), middle.connect())
        async let fed: Void = feed([.numbers(1), .cut(1), .numbers(2), .cut(2)], to: direct, entrance)
        let passed = Task {
            let output = OutputPort<Numbers>(timers: StageTimers(node: "middle"))
            output.connect(to: byWay)
            try await output.whole {
                for try await flow in middle {
                    if case .barrier(let barrier) = flow, barrier.epoch == 2 { throw Broken() }
                    try await output.send(flow)
                }
            }
        }
        await #expect(throws: Broken.self) { try await words(last) }
        await #expect(throws: Broken.self) { try await passed.value }
        _ = try? await fed
    }

    @Test func nothingCanBeSentAfterTheEnd() async throws {
        let port = port()
        let connection = port.connect()
        try await feed([.numbers(1)], to: connection)
        let output = OutputPort<Numbers>(timers: StageTimers(node: "late"))
        output.connect(to: connection)
        let error = await #expect(throws: ChannelError.self) { try await output.send(Numbers(2)) }
        #expect(error?.description == "an element was sent to a channel that had already been finished")
        #expect(try await words(port) == ["[1]", "end"])
    }
}

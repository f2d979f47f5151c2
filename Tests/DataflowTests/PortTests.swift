import Dataflow
import Testing

@Suite(.timeLimit(.minutes(5))) struct PortTests {
    private func port(capacity: Int = 64, keepsLatestOnly: Bool = false) -> InputPort<Numbers> {
        InputPort(capacity: capacity, keepsLatestOnly: keepsLatestOnly, timers: StageTimers(node: "port"))
    }

    @Test func barriersOfSeveralSendersAreAligned() async throws {
        let port = port()
        let (left, right) = (port.connect(), port.connect())
        async let first: Void = feed([.numbers(1), .cut(1, caughtUp: true), .numbers(2)], to: left)
        async let second: Void = feed(
            [.numbers(10), .numbers(11), .cut(1), .cut(2, caughtUp: true)], to: right)
        let all = try await words(port)
        _ = try await (first, second)
        // A barrier is caught up if it is so at every sender.
        let one = try #require(all.firstIndex(of: "barrier 1 false"))
        let two = try #require(all.firstIndex(of: "barrier 2 true"))
        #expect(Set(all[..<one]) == ["[1]", "[10]", "[11]"])
        #expect(all[one...two].contains("[2]"))
        #expect(all.last == "end" && all.count == 7)
    }

    @Test func noBatchOvertakesABarrierHoweverSendersAlternate() async throws {
        for seed in UInt64(1)...40 {
            let port = port(capacity: 16)
            let connections = (0..<3).map { _ in port.connect() }
            async let received = words(port)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for (index, connection) in connections.enumerated() {
                    group.addTask {
                        var state = seed &* 2_654_435_761 &+ UInt64(index)
                        var flows: [Flow<Numbers>] = []
                        for epoch in UInt64(1)...5 {
                            state = state &* 6_364_136_223_846_793_005 &+ 1
                            for _ in 0..<(state >> 61) { flows.append(.numbers(Int(epoch))) }
                            flows.append(.cut(epoch))
                        }
                        try await feed(flows, to: connection)
                    }
                }
                try await group.waitForAll()
            }
            var epoch = 1
            for word in try await received where word != "end" {
                if word == "barrier \(epoch) false" { epoch += 1 } else { #expect(word == "[\(epoch)]") }
            }
            #expect(epoch == 6)
        }
    }

    /// A node that feeds another both directly and by way of a third.
    @Test func aDiamondPassesBarriersWithoutGettingStuck() async throws {
        let (middle, last) = (port(capacity: 8), port(capacity: 8))
        let (direct, byWay) = (last.connect(), last.connect())
        let entrance = middle.connect()
        async let fed: Void = feed(
            (0..<100).flatMap { [.numbers($0), .cut(UInt64($0 + 1))] }, to: direct, entrance)
        async let passed: Void = {
            let output = OutputPort<Numbers>(timers: StageTimers(node: "middle"))
            output.connect(to: byWay)
            try await output.whole { for try await flow in middle { try await output.send(flow) } }
        }()
        let all = try await words(last)
        _ = try await (fed, passed)
        #expect(all.count == 301 && all.filter { $0.hasPrefix("barrier") }.count == 100)
    }

    @Test func everyReaderGetsEveryBatchAndBarrier() async throws {
        let ports = (0..<3).map { _ in port() }
        let connections = ports.map { $0.connect() }
        try await feed([.numbers(1), .cut(1)], to: connections[0], connections[1], connections[2])
        for port in ports { #expect(try await words(port) == ["[1]", "barrier 1 false", "end"]) }
    }

    @Test func aFailingSenderFailsTheReceiverAndTheOtherSenders() async throws {
        let port = port()
        let (failing, waiting) = (port.connect(), port.connect())
        let output = OutputPort<Numbers>(timers: StageTimers(node: "failing"))
        output.connect(to: failing)
        // It has brought its barrier and may not send on before the other has.
        let held = Task { try await feed([.cut(1), .numbers(1)], to: waiting) }
        await #expect(throws: Broken.self) { try await output.whole { throw Broken() } }
        await #expect(throws: Broken.self) { try await words(port) }
        await #expect(throws: (any Error).self) { try await held.value }
    }

    @Test func aSenderThatIsHeldAtABarrierCanBeCancelled() async throws {
        let port = port()
        let (held, other) = (port.connect(), port.connect())
        _ = other
        let sending = Task { try await feed([.cut(1), .numbers(1)], to: held) }
        sending.cancel()
        await #expect(throws: CancellationError.self) { try await sending.value }
    }

    @Test func aReceiverThatHasGoneFailsItsSenders() async throws {
        let port = port()
        let connection = port.connect()
        port.abandon()
        await #expect(throws: CancellationError.self) { try await feed([.numbers(1)], to: connection) }
    }

    @Test func theLatestBatchReplacesThoseThatWait() async throws {
        let port = port(keepsLatestOnly: true)
        try await feed((1...5).map { .numbers($0) }, to: port.connect())
        #expect(try await words(port) == ["[5]", "end"])
    }

    @Test func batchesOfAnotherTypeAreWrapped() async throws {
        struct Word: Weighed {
            let text: String
            var byteCount: Int { text.utf8.count }
        }
        let port = port()
        let output = OutputPort<Word>(timers: StageTimers(node: "words"))
        output.connect(to: port.connect { Numbers(values: [$0.text.count]) })
        try await output.whole { try await output.send(Word(text: "four")) }
        #expect(try await words(port) == ["[4]", "end"])
    }

    @Test func waitingForInputCountsAsStarvedAndWaitingForReadersAsBlocked() async throws {
        let (sender, receiver) = (StageTimers(node: "sender"), StageTimers(node: "receiver"))
        let port = InputPort<Numbers>(capacity: 8, timers: receiver)
        let output = OutputPort<Numbers>(timers: sender)
        output.connect(to: port.connect())
        async let sent: Void = output.whole { for number in 0..<50 { try await output.send(Numbers(number)) } }
        #expect(try await words(port).count == 51)
        try await sent
        #expect(receiver.reading.starved > .zero && sender.reading.blocked > .zero)
        #expect(sender.reading.starved == .zero && receiver.reading.blocked == .zero)
        #expect(sender.reading.batches == 50 && sender.reading.bytes == 400)
    }
}

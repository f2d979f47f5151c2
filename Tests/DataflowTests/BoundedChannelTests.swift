import Dataflow
import Testing

@Suite struct BoundedChannelTests {
    @Test func elementsArriveInTheirOrder() async throws {
        let channel = BoundedChannel<Int>(capacity: 3, weigh: { _ in 1 })
        async let sent: Void = {
            for number in 0..<1000 { try await channel.send(number) }
            channel.finish()
        }()
        var received: [Int] = []
        for try await number in channel { received.append(number) }
        try await sent
        #expect(received == Array(0..<1000))
    }

    @Test func theWeightWaitingNeverPassesTheCapacity() async throws {
        let channel = BoundedChannel<Int>(capacity: 10, weigh: { $0 })
        async let sent: Void = {
            for number in 0..<200 { try await channel.send(number % 7 + 1) }
            channel.finish()
        }()
        var sum = 0
        for try await number in channel {
            #expect(channel.depth <= 10)
            sum += number
        }
        try await sent
        #expect(sum == (0..<200).reduce(0) { $0 + $1 % 7 + 1 })
    }

    @Test func anElementHeavierThanTheCapacityPassesAlone() async throws {
        let channel = BoundedChannel<Int>(capacity: 10, weigh: { $0 })
        try await channel.send(1000)
        #expect(try await channel.next() == 1000)
    }

    @Test func whatWasSentBeforeAnErrorStillArrives() async throws {
        let channel = BoundedChannel<Int>(capacity: 10, weigh: { _ in 1 })
        try await channel.send(1)
        channel.finish(throwing: Broken())
        #expect(try await channel.next() == 1)
        await #expect(throws: Broken.self) { try await channel.next() }
    }

    @Test func aSenderIsToldWhenTheReceiverGoes() async throws {
        let channel = BoundedChannel<Int>(capacity: 1, weigh: { _ in 1 })
        try await channel.send(1)
        let blocked = Task { try await channel.send(2) }
        channel.abandon()
        await #expect(throws: CancellationError.self) { try await blocked.value }
    }

    @Test func aCancelledSenderLeavesTheChannelUsable() async throws {
        let channel = BoundedChannel<Int>(capacity: 1, weigh: { _ in 1 })
        try await channel.send(1)
        let blocked = Task { try await channel.send(2) }
        blocked.cancel()
        await #expect(throws: CancellationError.self) { try await blocked.value }
        #expect(try await channel.next() == 1)
        try await channel.send(3)
        #expect(try await channel.next() == 3)
    }

    @Test func aNewElementReplacesTheOnesItSupersedes() async throws {
        let channel = BoundedChannel<Int>(capacity: 100, supersedes: { _, _ in true }, weigh: { _ in 1 })
        for number in 1...5 { try await channel.send(number) }
        channel.finish()
        #expect(try await channel.next() == 5)
        #expect(try await channel.next() == nil)
    }
}

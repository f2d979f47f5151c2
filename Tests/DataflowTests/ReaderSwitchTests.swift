import Synchronization
import Testing

@testable import Dataflow

/// Readers that change while a node sends.
@Suite(.timeLimit(.minutes(5))) struct ReaderSwitchTests {
    private struct Number: Weighed {
        let value: Int
        var byteCount: Int { 1 }
    }

    private let readers = ReaderSwitch<Number>()

    private func port() -> InputPort<Number> {
        InputPort(capacity: 1, keepsLatestOnly: true, timers: StageTimers(node: "reader"))
    }

    /// All that a port receives until its end.
    private func received(_ port: InputPort<Number>) async throws -> [Int] {
        var all: [Int] = []
        for try await case .batch(let number) in port { all.append(number.value) }
        return all
    }

    @Test func newReadersGetTheLatestBatchAndThoseBeforeSeeTheEnd() async throws {
        let sender = readers.connect()
        let first = port()
        try await readers.attach([first.connect()])
        try await sender.send(.batch(Number(value: 1)))
        try await sender.send(.batch(Number(value: 2)))
        try await readers.detach()
        #expect(try await received(first) == [2])
        // Nobody reads, and the sender goes on.
        try await sender.send(.batch(Number(value: 3)))
        let second = port()
        try await readers.attach([second.connect()])
        try await sender.finish(nil)
        #expect(try await received(second) == [3])
    }

    @Test func readersThatComeAfterTheEndGetTheLatestBatchAndTheEnd() async throws {
        let sender = readers.connect()
        try await readers.attach([port().connect()])
        try await sender.send(.batch(Number(value: 7)))
        try await sender.finish(nil)
        let late = port()
        try await readers.attach([late.connect()])
        #expect(try await received(late) == [7])
    }

    @Test func anErrorOfTheSenderReachesWhoeverReads() async throws {
        let sender = readers.connect()
        let reader = port()
        try await readers.attach([reader.connect()])
        struct Broken: Error {}
        try await sender.finish(Broken())
        await #expect(throws: Broken.self) { try await received(reader) }
    }

    @Test func barriersEndHere() async throws {
        let sender = readers.connect()
        let reader = port()
        try await readers.attach([reader.connect()])
        try await sender.send(.barrier(Barrier(epoch: 1, isCaughtUp: true)))
        try await sender.finish(nil)
        #expect(try await received(reader).isEmpty)
    }

    @Test func aReaderThatHasGoneByItselfFailsTheSender() async throws {
        let sender = readers.connect()
        let reader = port()
        try await readers.attach([reader.connect()])
        reader.abandon()
        await #expect(throws: CancellationError.self) { try await sender.send(.batch(Number(value: 1))) }
    }

    /// A reader that is taken away while it is being sent to is no failure of the sender.
    @Test func aReaderThatIsTakenAwayMeanwhileFailsNobody() async throws {
        let sender = readers.connect()
        let isTaken = Mutex(false)
        try await readers.attach([
            Connection(
                send: { [readers] _ in
                    isTaken.withLock { $0 = true }
                    try await readers.detach()
                    throw ChannelError.sentAfterFinish
                }, finish: { _ in })
        ])
        try await sender.send(.batch(Number(value: 1)))
        #expect(isTaken.withLock { $0 })
    }

    /// However the changes of readers fall among the batches, each reader sees them in order and the last one sees the last.
    @Test func noReaderSeesAnOlderBatchAfterANewerOne() async throws {
        let sender = readers.connect()
        let sending = Task {
            for value in 1...2000 { try await sender.send(.batch(Number(value: value))) }
            try await sender.finish(nil)
        }
        var lists: [[Int]] = []
        for _ in 0..<50 {
            let reader = port()
            try await readers.attach([reader.connect()])
            async let list = received(reader)
            await Task.yield()
            try await readers.detach()
            lists.append(try await list)
        }
        try await sending.value
        let last = port()
        try await readers.attach([last.connect()])
        lists.append(try await received(last))
        #expect(lists.allSatisfy { $0 == $0.sorted() && Set($0).count == $0.count })
        #expect(lists.last == [2000])
    }
}

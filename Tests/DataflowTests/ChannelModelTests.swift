import Testing

@testable import Dataflow

/// Random scripts of a channel, and a list that does the same slowly.
@Suite struct ChannelModelTests {
    private struct Draws {
        var state: UInt64

        mutating func below(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int((state >> 33) % UInt64(bound))
        }
    }

    /// An element of a weight; those of the same kind supersede one another if the channel has it so.
    private struct Item: Equatable {
        let number: Int
        let weight: Int
        let kind: Int
    }

    @Test(arguments: [0, 1, 7, 40], [false, true])
    func aChannelTakesAndGivesWhatAListWould(capacity: Int, supersedes: Bool) {
        for seed in UInt64(1)...30 {
            var draws = Draws(state: seed)
            let rule: (@Sendable (Item, Item) -> Bool)? = supersedes ? { @Sendable in $0.kind == $1.kind } : nil
            var channel = ChannelState<Item>(capacity: capacity, supersedes: rule)
            var list: [Item] = []
            for number in 0..<200 {
                if draws.below(5) < 3 {
                    let item = Item(number: number, weight: draws.below(12), kind: draws.below(3))
                    if supersedes { list.removeAll { $0.kind == item.kind } }
                    let fits = list.isEmpty || list.reduce(item.weight) { $0 + $1.weight } <= capacity
                    if fits { list.append(item) }
                    switch channel.offer(item, weight: item.weight) {
                    case .accepted: #expect(fits)
                    case .mustWait: #expect(!fits)
                    case .deliver, .refused: Issue.record("nobody waits, and nothing has ended")
                    }
                } else {
                    let expected = list.isEmpty ? nil : list.removeFirst()
                    switch channel.receive(nil) {
                    case .element(let item, let admitted): #expect(item == expected && admitted.isEmpty)
                    case .suspended: #expect(expected == nil)
                    case .finished, .failed: Issue.record("it has not ended")
                    }
                }
                #expect(channel.depth == list.reduce(0) { $0 + $1.weight })
            }
        }
    }

    @Test(arguments: [0, 1, 5, 64])
    func manySendersLoseNothingAndEachKeepsItsOrder(capacity: Int) async throws {
        let channel = BoundedChannel<Item>(capacity: capacity, weigh: \.weight)
        let all = Task {
            try await withThrowingTaskGroup(of: Void.self) { group in
                for sender in 0..<4 {
                    group.addTask {
                        var draws = Draws(state: UInt64(sender))
                        for number in 0..<150 {
                            try await channel.send(Item(number: number, weight: draws.below(9), kind: sender))
                        }
                    }
                }
                try await group.waitForAll()
            }
            channel.finish()
        }
        var received: [[Int]] = Array(repeating: [], count: 4)
        for try await item in channel { received[item.kind].append(item.number) }
        try await all.value
        #expect(received == Array(repeating: Array(0..<150), count: 4))
        #expect(channel.depth == 0)
    }
}

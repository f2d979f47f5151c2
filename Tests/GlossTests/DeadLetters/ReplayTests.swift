import Elements
import Kafka
import Store
import Synchronization
import Testing

@testable import gloss

/// A replay that is cut off at each of its steps, and goes on.
@Suite struct ReplayTests {
    /// A state and a topic of one partition, whose process can be killed at any step.
    private final class World: ReplayWorld {
        struct Killed: Error {}
        struct Refused: Error {}

        struct State: Sendable {
            /// By letter, what the state notes: the end before it was sent, and its offset once that is known.
            var notes: [Int64: (start: Int64, target: Int64?)] = [:]
            /// The letters that were written to the topic, by offset.
            var topic: [Int64] = [-1, -1, -1]
            /// How many steps may still be taken.
            var stepsLeft = Int.max
            var isKilled = false
        }

        private let letters: Range<Int64>
        private let page: Int
        /// Letters that the broker does not write, and those of which it does not say that it has.
        private let refused, unreported: Mutex<Set<Int64>>
        /// Letters that the broker does not write for what they are.
        private let unfit: Set<Int64>
        private let state = Mutex(State())

        init(
            letters: Range<Int64>, page: Int, refused: Set<Int64> = [], unreported: Set<Int64> = [],
            unfit: Set<Int64> = []
        ) {
            self.letters = letters
            self.unfit = unfit
            self.page = page
            self.refused = Mutex(refused)
            self.unreported = Mutex(unreported)
        }

        var topic: [Int64] { state.withLock { $0.topic.filter { $0 >= 0 } } }
        /// By letter the offset that the state says.
        var offsets: [Int64: Int64] { state.withLock { $0.notes.compactMapValues(\.target) } }
        /// By letter the offset at which it is.
        var places: [Int64: Int64] {
            state.withLock { state in
                Dictionary(
                    state.topic.enumerated().filter { $0.element >= 0 }.map { ($0.element, Int64($0.offset)) },
                    uniquingKeysWith: { first, _ in first })
            }
        }

        /// Starts a process that takes so many steps and is killed then.
        func start(steps: Int = .max) {
            state.withLock { ($0.stepsLeft, $0.isKilled) = (steps, false) }
        }

        /// The brokers write everything from now on.
        func mend() {
            refused.withLock { $0 = [] }
            unreported.withLock { $0 = [] }
        }

        /// Has something done, unless the process is killed before.
        private func step<Value: Sendable>(_ body: (inout State) -> Value) throws -> Value {
            try state.withLock { state in
                if state.isKilled || state.stepsLeft == 0 {
                    state.isKilled = true
                    throw Killed()
                }
                if state.stepsLeft < .max { state.stepsLeft -= 1 }
                return body(&state)
            }
        }

        private static func note(_ letter: Int64, start: Int64) -> BegunReplay {
            BegunReplay(
                letter: letter,
                position: RecordPosition(source: "corpus", topic: "t", partition: 0, offset: letter), start: start,
                count: 1)
        }

        func begun() async throws -> [BegunReplay] {
            try step { state in
                state.notes.filter { $0.value.target == nil }.sorted { $0.key < $1.key }
                    .map { Self.note($0.key, start: $0.value.start) }
            }
        }

        func look(for begun: [BegunReplay]) async throws -> [Int64: Int64] {
            try step { state in
                var found: [Int64: Int64] = [:]
                for replay in begun {
                    let place = state.topic.indices.first { $0 >= replay.start && state.topic[$0] == replay.letter }
                    if let place { found[replay.letter] = Int64(place) }
                }
                return found
            }
        }

        func choose(after letter: Int64) async throws -> ReplayPage {
            let (letters, page) = (letters, page)
            return try step { state in
                let next = Array(letters.filter { $0 > letter }.prefix(page))
                let end = Int64(state.topic.count)
                let open = next.filter { state.notes[$0] == nil }
                return ReplayPage(
                    planned: open.map {
                        PlannedReplay(
                            note: Self.note($0, start: end), message: KafkaMessage(topic: "t", partition: 0, value: []))
                    }, last: next.last)
            }
        }

        func begin(_ planned: [PlannedReplay]) async throws {
            try step { state in
                for replay in planned where state.notes[replay.note.letter] == nil {
                    state.notes[replay.note.letter] = (replay.note.start, nil)
                }
            }
        }

        func send(_ planned: [PlannedReplay]) async -> ReplaySending {
            var sending = ReplaySending()
            let (refused, unreported) = (refused.withLock { $0 }, unreported.withLock { $0 })
            for letter in planned.map(\.note.letter) {
                if unfit.contains(letter) {
                    sending.refused.append(letter)
                    continue
                }
                do {
                    if refused.contains(letter) { throw Refused() }
                    let offset = try step { state in
                        state.topic.append(letter)
                        return Int64(state.topic.count - 1)
                    }
                    if unreported.contains(letter) { throw Refused() }
                    sending.offsets[letter] = offset
                } catch {
                    sending.failure = sending.failure ?? error
                }
            }
            return sending
        }

        func note(sent: [Int64: Int64], unsent: [Int64]) async throws {
            try step { state in
                for (letter, offset) in sent { state.notes[letter]?.target = offset }
                for letter in unsent { state.notes[letter] = nil }
            }
        }
    }

    private static let letters: Range<Int64> = 1..<8

    /// Everything was sent once, and the state knows where.
    private func expectOnce(_ world: World) {
        #expect(world.topic.sorted() == Array(Self.letters))
        #expect(world.offsets == world.places)
    }

    @Test func anUninterruptedReplaySendsEachLetterOnceInOrder() async throws {
        let world = World(letters: Self.letters, page: 3)
        let (sent, found) = try await ReplayRun(world: world).run()
        #expect(sent == 7 && found == 0)
        #expect(world.topic == Array(Self.letters))
        expectOnce(world)
        let again = try await ReplayRun(world: world).run()
        #expect(again.sent == 0)
        expectOnce(world)
    }

    @Test func aReplayThatIsKilledAtAnyStepGoesOnWithoutSendingTwice() async throws {
        var steps = 0
        var kills = 0
        while true {
            let world = World(letters: Self.letters, page: 3)
            world.start(steps: steps)
            do {
                _ = try await ReplayRun(world: world).run()
                break
            } catch is World.Killed { kills += 1 }
            world.start()
            _ = try await ReplayRun(world: world).run()
            expectOnce(world)
            steps += 1
        }
        #expect(kills > 15)
    }

    @Test func aReplayThatIsKilledTwiceSendsNothingTwiceEither() async throws {
        for first in 0..<20 {
            for second in 0..<20 {
                let world = World(letters: Self.letters, page: 2)
                for steps in [first, second] {
                    world.start(steps: steps)
                    _ = try? await ReplayRun(world: world).run()
                }
                world.start()
                _ = try await ReplayRun(world: world).run()
                expectOnce(world)
            }
        }
    }

    @Test(arguments: [([2, 3], []), ([], [5]), ([1], [2, 7])] as [(Set<Int64>, Set<Int64>)])
    func whatABrokerRefusedOrDidNotReportIsSettledByTheNextReplay(
        refused: Set<Int64>, unreported: Set<Int64>
    ) async throws {
        let world = World(letters: Self.letters, page: 3, refused: refused, unreported: unreported)
        await #expect(throws: World.Refused.self) { try await ReplayRun(world: world).run() }
        let known = world.offsets
        #expect(known.allSatisfy { world.places[$0.key] == $0.value })
        world.mend()
        let (sent, found) = try await ReplayRun(world: world).run()
        #expect(sent + found + known.count == 7)
        expectOnce(world)
    }

    @Test func aLetterThatIsRefusedByItselfStopsNoOther() async throws {
        let world = World(letters: Self.letters, page: 3, unfit: [1, 5])
        for sent in [5, 0] {
            let run = try await ReplayRun(world: world).run()
            #expect(run.sent == sent && run.found == 0)
            #expect(world.topic == [2, 3, 4, 6, 7])
            #expect(world.offsets == world.places)
            #expect(try await world.begun().isEmpty)
        }
    }

    @Test func whatWasRefusedIsNotLookedForAfterAFailureBesideIt() async throws {
        let world = World(letters: Self.letters, page: 3, refused: [2], unfit: [1])
        await #expect(throws: World.Refused.self) { try await ReplayRun(world: world).run() }
        #expect(try await world.begun().map(\.letter) == [2])
    }

    @Test func answersOutOfOrderEndTheReplay() {
        var replay = Replay()
        #expect(replay.looked([1: 1]) == .fail)
        #expect(replay.noted() == .fail)
        #expect(replay.sent([1: 1], hasFailed: false) == .fail)
        #expect(replay.readBegun([]) == .choose(after: 0))
        // A page that does not come further would be asked for for ever.
        #expect(replay.chosen(ReplayPage(planned: [], last: 0)) == .finish)
    }
}

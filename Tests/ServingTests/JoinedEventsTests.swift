import Elements
import StateFixtures
import Store
import Synchronization
import TestSupport
import Testing

@testable import Serving

/// Events of several processes' shares, against those of one state that holds the same.
@Suite(.timeLimit(.minutes(5))) struct JoinedEventsTests {
    /// A clock that stands where the test sets it.
    private final class SetTime: Sendable {
        private let time = Mutex(Fixture.time)

        var now: Int64 { time.withLock { $0 } }

        func advance(by milliseconds: Int64) { time.withLock { $0 += milliseconds } }
    }

    private let state: PartedState
    private let clock: SetTime
    private let joined: StoreReader
    private let whole: StoreReader

    init() throws {
        let clock = SetTime()
        self.clock = clock
        state = try PartedState(4, now: { clock.now })
        joined = try Store.joinedReader(directory: state.path)
        whole = try Store.joinedReader(directory: state.wholePath)
    }

    /// Records scores of latents of one share after the other, at random, each time later than before.
    private func record(_ rounds: Range<Int>) throws {
        var random = SplitMix(seed: rounds.lowerBound + 3)
        for round in rounds {
            clock.advance(by: 7)
            let owner = random.below(4)
            try state.record(scores: (0..<15).map { Fixture.score(4 * (15 * round + $0) + owner, 0.5) })
        }
    }

    /// Everything that a cursor gives until there is no more, and how often it said that the state is another one.
    private func read(
        _ cursor: inout EventCursor, _ filter: EventFilter = EventFilter(), in reader: StoreReader
    ) throws -> (events: [FollowedEvent], resets: Int) {
        var (events, resets): ([FollowedEvent], Int) = ([], 0)
        while true {
            let page = try cursor.next(in: reader, filter)
            if page.isOtherState { resets += 1 }
            guard page.isOtherState || !page.events.isEmpty else { return (events, resets) }
            events += page.events.filter { filter.takes($0.event) }
        }
    }

    private func texts(
        from start: EventCursor.Start, _ filter: EventFilter = EventFilter(), in reader: StoreReader
    ) throws -> [String] {
        var cursor = EventCursor(start: start)
        let found = try read(&cursor, filter, in: reader)
        #expect(found.resets == 0)
        return found.events.map(\.event.json)
    }

    @Test func allEventsComeInTheOrderOfOneStateAndNewOnesOnce() throws {
        try record(0..<60)
        let expected = try texts(from: .cursor(0), in: whole)
        var cursor = EventCursor(start: .cursor(0))
        #expect(try read(&cursor, in: joined).events.map(\.event.json) == expected && expected.count == 900)
        #expect(try read(&cursor, in: joined).events.isEmpty)
        try record(60..<64)
        #expect(
            try read(&cursor, in: joined).events.map(\.event.json)
                == Array(texts(from: .cursor(0), in: whole).dropFirst(900)))
    }

    @Test func fromThePlaceOfAnyEventTheRestComesAndNothingTwice() throws {
        try record(0..<30)
        var cursor = EventCursor(start: .cursor(0))
        let all = try read(&cursor, in: joined).events
        #expect(all.count == 450 && all.allSatisfy { $0.place.numbers.count == 4 })
        for place in stride(from: 0, to: all.count, by: 37) {
            let told = try #require(EventPlace("\(all[place].place)"))
            #expect(
                try texts(from: .cursor(told), in: joined) == all.dropFirst(place + 1).map(\.event.json), "\(told)")
        }
        #expect(cursor.position == all.last?.place)
        #expect(all[0].json.hasSuffix(",\"cursor\":\"\(all[0].place)\"}"))
    }

    @Test func thePastIsThatOfOneState() throws {
        try record(0..<60)
        let some = Set(stride(from: 0, to: 3600, by: 7))
        for filter in [
            EventFilter(), EventFilter(latents: some), EventFilter(coder: Fixture.coder.name, latents: some),
            EventFilter(types: [.failure]), EventFilter(types: []),
        ] {
            for past in [0, 1, 2, 14, 15, 16, 124, 125, 126, 899, 900, 100_000] {
                var cursor = EventCursor(start: .past(past))
                let found = try read(&cursor, filter, in: joined)
                #expect(
                    try found.events.map(\.event.json) == texts(from: .past(past), filter, in: whole),
                    "the last \(past)")
                // Whoever breaks off after the first of them gets the others.
                guard let first = found.events.first else { continue }
                #expect(
                    try texts(from: .cursor(first.place), filter, in: joined)
                        == found.events.dropFirst().map(\.event.json))
            }
        }
    }

    @Test func aShareWhoseClockIsBehindLosesNothing() throws {
        try record(0..<8)
        var cursor = EventCursor(start: .past(0))
        #expect(try read(&cursor, in: joined).events.isEmpty)
        clock.advance(by: 500)
        try state.shares[1].record(scores: [Fixture.score(9001, 0.5)])
        #expect(try read(&cursor, in: joined).events.map(\.event.subject.latent) == [9001])
        clock.advance(by: -400)
        try state.shares[2].record(scores: [Fixture.score(9002, 0.5)])
        #expect(try read(&cursor, in: joined).events.map(\.event.subject.latent) == [9002])
        #expect(try read(&cursor, in: joined).events.isEmpty)
    }

    @Test(arguments: ["3", "1-1", "1-1-1-1-1", "0-0-0-1000", "9223372036854775807"])
    func aPlaceOfOtherSharesMeansAnotherStateAndEverythingComes(text: String) throws {
        try record(0..<4)
        var cursor = EventCursor(start: .cursor(try #require(EventPlace(text))))
        let found = try read(&cursor, in: joined)
        #expect(try found.resets == 1 && found.events.map(\.event.json) == texts(from: .cursor(0), in: whole))
    }

    @Test func anotherShareInItsFolderOrAnotherNumberOfThemIsNoticed() throws {
        try record(0..<6)
        var cursor = EventCursor(start: .cursor(0))
        _ = try read(&cursor, in: joined)
        let other = try PartedState(4)
        try other.record(scores: (0..<400).map { Fixture.score($0, 0.25) })
        let found = try read(&cursor, in: try Store.joinedReader(directory: other.path))
        #expect(found.resets == 1 && found.events.count == 400)
        let again = try read(&cursor, in: whole)
        #expect(again.resets == 1 && again.events.count == 90)
    }

    @Test func aPlaceIsWrittenAsItIsReadAndNothingElseIsOne() {
        for text in ["0", "12", "12-0-7", "9223372036854775807"] {
            #expect(EventPlace(text)?.description == text)
        }
        for text in ["", "-", "-1", "1-", "1--2", "1-x", "1.5", "9223372036854775808", "1-9223372036854775808", "1 2"] {
            #expect(EventPlace(text) == nil, "\(text)")
        }
    }
}

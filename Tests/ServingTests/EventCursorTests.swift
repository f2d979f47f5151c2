import Elements
import StateFixtures
import Store
import Testing

@testable import Serving

@Suite(.timeLimit(.minutes(5))) struct EventCursorTests {
    private let directory: TemporaryDirectory
    private let store: Store

    init() throws {
        directory = try TemporaryDirectory()
        store = try directory.store()
    }

    private static let all = EventFilter()

    /// Records one score of each latent.
    private func record(_ latents: Range<Int>, in store: Store? = nil) throws {
        try (store ?? self.store).record(scores: latents.map { Fixture.score($0, 0.5) })
    }

    /// Everything that a cursor gives until there is no more, and how often it said that the state is another one.
    private func read(
        _ cursor: inout EventCursor, _ filter: EventFilter = all, in reader: Store? = nil
    ) throws -> (cursors: [Int64], resets: Int) {
        var (cursors, resets): ([Int64], Int) = ([], 0)
        while true {
            let page = try cursor.next(in: reader ?? store, filter)
            if page.isOtherState { resets += 1 }
            #expect(page.events.count <= 500)
            guard page.isOtherState || !page.events.isEmpty else { return (cursors, resets) }
            cursors += page.events.map(\.event).filter(filter.takes).map(\.cursor)
        }
    }

    @Test func longHistoriesComeInPagesWithoutGapOrRepetition() throws {
        try record(0..<1203)
        var cursor = EventCursor(start: .cursor(0))
        #expect(try read(&cursor).cursors == Array(1...1203))
        #expect(cursor.position == 1203)
        try record(1203..<1205)
        #expect(try read(&cursor).cursors == [1204, 1205])
    }

    @Test func thePastIsTheLastEventsThatTheFilterTakes() throws {
        try record(0..<1200)
        for step in [1, 100] {
            let filter = step == 1 ? Self.all : EventFilter(latents: Set(stride(from: 50, to: 1200, by: step)))
            let taken = try store.events(after: 0, limit: 2000).filter { ($0.subject.latent - 50) % step == 0 }
            // Counts that end within a page of 500, at its end, and beyond all there is.
            for past in [0, 1, 2, 11, 12, 13, 499, 500, 501, 1199, 1200, 1201, 100_000] {
                var cursor = EventCursor(start: .past(past))
                #expect(
                    try read(&cursor, filter).cursors == taken.map(\.cursor).suffix(past),
                    "the last \(past) of every \(step)")
            }
        }
    }

    @Test func thePastOfNamedLatentsHoldsNoOthersAndWhatFollowsComesOnce() throws {
        try record(0..<1200)
        let filter = EventFilter(coder: Fixture.coder.name, latents: Set(stride(from: 50, to: 1300, by: 100)))
        var cursor = EventCursor(start: .past(3))
        let first = try cursor.next(in: store, filter).events
        #expect(first.map(\.event.subject.latent) == [950, 1050, 1150])
        #expect(cursor.position == 1200)
        try record(1200..<1300)
        #expect(try read(&cursor, filter).cursors == [1251])
        // Some of another type, and of another coder, are none of them.
        for none in [
            EventFilter(types: [.failure], coder: Fixture.coder.name, latents: [50]),
            EventFilter(coder: "another", latents: [50]),
        ] {
            var cursor = EventCursor(start: .past(3))
            let page = try cursor.next(in: store, none)
            #expect(page.events.isEmpty && cursor.position == 1300)
        }
    }

    @Test func aLongPastOfNamedLatentsComesInPagesAndIsGivenUpInAnotherState() throws {
        try record(0..<1200)
        let filter = EventFilter(coder: Fixture.coder.name, latents: Set(0..<1200))
        for past in [499, 500, 501, 1199, 100_000] {
            var cursor = EventCursor(start: .past(past))
            #expect(try read(&cursor, filter).cursors == Array(1...Int64(1200)).suffix(past))
        }
        var cursor = EventCursor(start: .past(700))
        let page = try cursor.next(in: store, filter)
        #expect(page.events.count == 500 && cursor.position == 1000)
        let other = try TemporaryDirectory()
        let emptied = try other.store()
        #expect(try read(&cursor, filter, in: emptied).resets == 1)
    }

    @Test func whoWantsNoResultsStartsAtTheEnd() throws {
        try record(0..<3)
        var cursor = EventCursor(start: .past(5))
        let page = try cursor.next(in: store, EventFilter(types: []))
        #expect(page.events.isEmpty && cursor.position == 3)
    }

    @Test func aCursorStartsAfterItsEvent() throws {
        try record(0..<5)
        var middle = EventCursor(start: .cursor(3))
        #expect(middle.position == 0)
        let rest = try read(&middle)
        #expect(rest.cursors == [4, 5] && rest.resets == 0)
        var last = EventCursor(start: .cursor(5))
        let none = try read(&last)
        #expect(none.cursors.isEmpty && none.resets == 0 && last.position == 5)
    }

    @Test(arguments: [6, 1_000_000, Int64.max]) func aCursorOfNoEventMeansAnotherStateAndEverythingComes(
        start: Int64
    ) throws {
        try record(0..<5)
        var cursor = EventCursor(start: .cursor(EventPlace([start])))
        let found = try read(&cursor)
        #expect(found.cursors == [1, 2, 3, 4, 5] && found.resets == 1)
    }

    @Test func anEmptiedDirectoryIsNoticedAlsoIfItHasGrownAsLongAgain() throws {
        try record(0..<5)
        var cursor = EventCursor(start: .cursor(0))
        _ = try read(&cursor)
        let other = try TemporaryDirectory()
        let emptied = try other.store()
        // Event 5 is there again, but is another one.
        try record(10..<16, in: emptied)
        let found = try read(&cursor, in: emptied)
        #expect(found.cursors == [1, 2, 3, 4, 5, 6] && found.resets == 1)
        #expect(try read(&cursor, in: emptied).cursors.isEmpty)
    }

    @Test func anEmptyStateGivesNothingUntilThereIsSomething() throws {
        var (followed, past) = (EventCursor(start: .past(0)), EventCursor(start: .past(3)))
        #expect(try read(&followed).cursors.isEmpty && read(&past).cursors.isEmpty)
        #expect(followed.position == 0)
        try record(0..<2)
        #expect(try read(&followed).cursors == [1, 2])
        #expect(try read(&past).cursors == [1, 2])
    }

    @Test func aReaderThatStartsAtTheFirstSkipsNothingUnlessItHasACursor() throws {
        try record(0..<4)
        var (past, given) = (EventCursor(start: .past(1)), EventCursor(start: .cursor(2)))
        past.startAtFirst()
        given.startAtFirst()
        #expect(try read(&past).cursors == [1, 2, 3, 4])
        #expect(try read(&given).cursors == [3, 4])
        // One that is under way goes on.
        past.startAtFirst()
        #expect(try read(&past).cursors.isEmpty)
    }
}

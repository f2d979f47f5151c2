import Testing

@testable import Store

@Suite struct EventTests {
    @Test func followingOnAfterACursorGivesEachEventOnce() throws {
        let directory = try TemporaryDirectory()
        let store = try directory.open()
        try store.record(explanations: (1...5).map { Fixture.explanation($0) })
        var cursor: Int64 = 0
        var seen: [StoredEvent] = []
        while true {
            let page = try store.events(after: cursor, limit: 2)
            guard let last = page.last else { break }
            seen += page
            cursor = last.cursor
        }
        #expect(seen == (try store.events(after: 0, limit: 100)))
        #expect(seen.count == 5)
        #expect(cursor == (try store.latestCursor()))
        try store.record(scores: [Fixture.score(1)])
        #expect(try store.events(after: cursor, limit: 100).map(\.type) == [.score])
    }

    @Test func aCursorMeansTheSameAfterARestart() throws {
        let directory = try TemporaryDirectory()
        let store = try directory.open()
        try store.record(explanations: [Fixture.explanation(1)])
        let cursor = try store.latestCursor()
        try store.close()
        let revived = try directory.open()
        try revived.record(explanations: [Fixture.explanation(2)])
        let events = try revived.events(after: cursor, limit: 10)
        #expect(events.count == 1)
        #expect(events.first?.json.contains("\"latent\":2,") == true)
    }

    @Test func theHistoryOfALatentCanBeRead() throws {
        let directory = try TemporaryDirectory()
        let store = try directory.open()
        try store.record(explanations: [Fixture.explanation(1), Fixture.explanation(2)], scores: [Fixture.score(1)])
        #expect(try store.events(coder: "codes", latent: 1).map(\.type) == [.explanation, .score])
    }

    @Test func theCursorIsAFurtherMember() {
        let event = StoredEvent(cursor: 41, type: .score, json: "{\"v\":1}")
        #expect(event.jsonWithCursor == "{\"v\":1,\"cursor\":41}")
    }
}

import Elements
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

    @Test func theLastEventsOfSomeLatentsAreFoundByType() throws {
        let directory = try TemporaryDirectory()
        let store = try directory.open()
        try store.record(explanations: (1...4).map { Fixture.explanation($0) }, scores: [Fixture.score(1)])
        let all = try store.events(after: 0, limit: 100)
        let types = Set(EventType.allCases)
        for (latents, types, upTo, limit) in [
            ([1, 3], types, 5, 10), ([1, 3], types, 5, 2), ([1, 3], types, 4, 2), ([1, 2, 3, 4, 9], types, 5, 3),
            ([1, 3], [.explanation], 5, 2), ([1, 3], [], 5, 2), ([], types, 5, 2), ([1], types, 5, 0),
        ] as [(Set<Int>, Set<EventType>, Int64, Int)] {
            let wanted = all.filter {
                latents.contains($0.subject.latent) && types.contains($0.type) && $0.cursor <= upTo
            }
            let found = try store.cursors(coder: "codes", latents: latents, types: types, upTo: upTo, limit: limit)
            #expect(found == wanted.map(\.cursor).suffix(limit))
        }
        #expect(try store.cursors(coder: "other", latents: [1], types: types, upTo: 5, limit: 3).isEmpty)
    }

    @Test func anEventSaysWhatItConcernsWithoutItsJSON() throws {
        let directory = try TemporaryDirectory()
        let store = try directory.open()
        var control = Fixture.score(3)
        control.control = "shuffled"
        try store.record(
            explanations: [Fixture.explanation(1)], scores: [Fixture.score(2), control],
            choices: [Fixture.choice(6)])
        try store.insertJobs([Fixture.job(5)])
        try store.fail(job: Fixture.hash(5), reason: "down", attempts: 1)
        let explained = Fixture.hash(1000)
        #expect(
            try store.events(after: 0, limit: 10).map(\.subject) == [
                EventSubject(
                    coder: "codes", latent: 1, node: "prose", job: Fixture.hash(1), explanation: Fixture.hash(1)),
                EventSubject(
                    coder: "codes", latent: 2, node: "detected", explainedBy: "prose", job: Fixture.hash(2),
                    explanation: explained),
                EventSubject(
                    coder: "codes", latent: 3, node: "detected", explainedBy: "prose", control: "shuffled",
                    job: Fixture.hash(3), explanation: explained),
                EventSubject(coder: "codes", latent: 3, node: "lexical"),
                EventSubject(coder: "codes", latent: 5, node: "prose", job: Fixture.hash(5)),
            ])
    }

    @Test func theCursorIsAFurtherMember() {
        let event = StoredEvent(
            cursor: 41, type: .score, subject: EventSubject(coder: "codes", latent: 1, node: "detected"),
            json: "{\"v\":1}")
        #expect(event.jsonWithCursor == "{\"v\":1,\"cursor\":41}")
    }
}

import Dataflow
import StateFixtures
import Store
import Synchronization
import Testing

@testable import Serving

/// What one follower gets, without a server between.
@Suite(.timeLimit(.minutes(5))) struct EventStreamSessionTests {
    private let directory: TemporaryDirectory
    private let store: Store
    private let signal = ChangeSignal()

    init() throws {
        directory = try TemporaryDirectory()
        store = try directory.store()
    }

    private func session(
        _ filter: EventFilter = EventFilter(), away: @escaping @Sendable () -> [String: Int64] = { [:] }
    ) throws -> EventStreamSession {
        let reader = try Store.reader(directory: directory.state)
        let served = Served(
            reader: reader, stateName: "one", sheets: .named([Fixture.coder], in: reader),
            timers: [],
            lag: { [] }, away: away)
        return EventStreamSession(
            served: served, filter: filter, pool: ComputePool(name: "http", threads: 1),
            changes: try #require(signal.listen()))
    }

    /// Runs a session from the first event until it has said that there is no more as often as wanted.
    private func written(
        _ session: EventStreamSession, from start: EventCursor.Start = .cursor(0), comments: Int = 1,
        _ onWrite: (String) async throws -> Void = { _ in }
    ) async throws -> [String] {
        var written: [String] = []
        var left = comments
        try await session.run(from: start) { text in
            written.append(text)
            if text == ": \n\n" { left -= 1 }
            if left == 0 { signal.close() }
            try await onWrite(text)
        }
        return written
    }

    @Test func aMessageIsTheEventsIDItsTypeAndItsLineOfJSON() async throws {
        try store.record(scores: [Fixture.score(1, 0.5)])
        let event = try #require(try store.events(after: 0, limit: 1).first)
        let texts = try await written(try session())
        #expect(texts == ["id: one:1\nevent: score\ndata: \(event.json.dropLast()),\"cursor\":1}\n\n", ": \n\n"])
    }

    @Test func serversThatAreAwayAreToldOfWhenThatChanges() async throws {
        let away = Mutex<[String: Int64]>(["judge": 1_795_435_471_120])
        let texts = try await written(try session(away: { away.withLock { $0 } }), comments: 4) { text in
            if text == ": \n\n" {
                away.withLock { $0 = $0.count == 1 ? ["judge": 1_795_435_471_120, "other": 0] : [:] }
            }
            signal.send()
        }
        let (judge, other) = (
            #"{"model":"judge","since":"2026-11-23T12:04:31.120Z"}"#,
            #"{"model":"other","since":"1970-01-01T00:00:00.000Z"}"#
        )
        #expect(texts.first == "event: away\ndata: {\"away\":[\(judge)]}\n\n")
        #expect(texts.contains("event: away\ndata: {\"away\":[\(judge),\(other)]}\n\n"))
        #expect(texts.contains("event: away\ndata: {\"away\":[]}\n\n"))
        #expect(texts.allSatisfy { !$0.hasPrefix("id:") })
    }

    @Test func eachSignalEndsInAComment() async throws {
        let texts = try await written(try session(), comments: 3) { _ in signal.send() }
        #expect(texts == [": \n\n", ": \n\n", ": \n\n"])
    }

    @Test func aSlowFollowerMissesNothingThatCameWhileItRead() async throws {
        try store.record(scores: [Fixture.score(0, 0.5)])
        var next = 1
        // Each message that is written lets two more events come, and several signals for them, up to twenty.
        let texts = try await written(try session(), comments: 3) { text in
            if text.hasPrefix("id: "), next < 20 {
                try store.record(scores: [Fixture.score(next, 0.5), Fixture.score(next + 1, 0.5)])
                next += 2
            }
            for _ in 0..<5 { signal.send() }
        }
        #expect(cursors(in: texts.joined()) == Array(1...21))
    }

    @Test func eventsThatAreNotWantedLeaveNothingButTheComment() async throws {
        try store.record(scores: (0..<700).map { Fixture.score($0, 0.5) })
        let texts = try await written(try session(EventFilter(coder: "others")))
        #expect(texts == [": \n\n"])
    }

    @Test func anotherStateIsToldOnceBeforeItsEvents() async throws {
        try store.record(scores: [Fixture.score(1, 0.5), Fixture.score(2, 0.5)])
        let texts = try await written(try session(), from: .cursor(.nowhere))
        #expect(texts.first == "event: reset\ndata: {\"state\":\"one\"}\n\n")
        #expect(texts.count == 3 && cursors(in: texts.joined()) == [1, 2])
    }

    @Test func aConnectionThatIsLostEndsTheSessionAndGivesItsPlaceBack() async throws {
        try store.record(scores: [Fixture.score(1, 0.5)])
        let signal = ChangeSignal(maximumListeners: 1)
        let served = try session().served
        func follow() async throws {
            let session = EventStreamSession(
                served: served, filter: EventFilter(), pool: ComputePool(name: "http", threads: 1),
                changes: try #require(signal.listen()))
            try await session.run(from: .cursor(0)) { _ in throw Mishap() }
        }
        for _ in 0..<3 { await #expect(throws: Mishap.self) { try await follow() } }
    }
}

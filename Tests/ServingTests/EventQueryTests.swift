import Elements
import Foundation
import NIOHTTP1
import StateFixtures
import Store
import Testing

@testable import Serving

/// What may be asked of `/v1/events`, and by how many at once.
@Suite(.timeLimit(.minutes(5))) struct EventQueryTests {
    private static let noMore = ": \n\n"

    @Test func aQueryThatCannotBeReadIsAnsweredByWhatCan() async throws {
        let cursor = "`cursor` must be a number of at least 0, or one for each share with hyphens between them"
        let past = "`past` must be a number from 0 to 100000"
        let latent = "`latent` must be a number of at least 0"
        let type = "`type` must be evidence, explanation, score, choice or failure"
        let cases = [
            ("since=3", "`since` is not known here: there are coder, cursor, latent, past, type"),
            ("type=score&type=dead_letter", type), ("type=", type), ("type=Score", type),
            ("latent=1&latent=-1", latent), ("latent=", latent), ("latent=1.5", latent), ("cursor=", cursor),
            ("cursor=9223372036854775807", cursor), ("cursor=9223372036854775808", cursor), ("cursor=-1", cursor),
            ("past=100001", past), ("past=", past), ("past=-1", past),
        ]
        try await RunningServer.with { server async throws in
            for (query, message) in cases {
                let answer = try await server.get("/v1/events?\(query)")
                #expect(answer.status == 400 && answer.code == "bad_query", "\(query)")
                #expect(answer.message == message, "\(query)")
            }
        }
    }

    @Test(arguments: ["", "one", ":", "one:", "one:x", "one:-1", "one:1:2", "one:9223372036854775808", ":3"])
    func anIDThatIsNotAnEventsIsRefused(id: String) async throws {
        try await RunningServer.with { server async throws in
            let answer = try await server.get("/v1/events", headers: [("Last-Event-ID", id)])
            #expect(answer.status == 400)
            #expect(answer.message == "`Last-Event-ID` is not the id of an event of this daemon")
        }
    }

    @Test func theIDOfTheLastEventCountsMoreThanTheQueryThatTheClientBeganWith() async throws {
        try await RunningServer.with { server async throws in
            try server.record((1...6).map { Fixture.score($0, 0.5) })
            for query in ["?cursor=1", "?past=6", "?cursor=x"] {
                let text = try await server.events("/v1/events\(query)", headers: [("last-event-id", "one:4")]) {
                    $0.contains(Self.noMore)
                }
                #expect(cursors(in: text) == [5, 6], "\(query)")
            }
        }
    }

    @Test func conditionsOfDifferentKindsAllHaveToHold() async throws {
        try await RunningServer.with { server async throws in
            try server.store.record(explanations: [Fixture.explanation(1), Fixture.explanation(2, latent: 5)])
            try server.record([3, 5, 7].map { Fixture.score($0, 0.5) })
            let cases = [
                ("latent=3&latent=5", [1, 2, 3, 4]), ("latent=3&latent=5&type=score", [3, 4]),
                ("type=score&type=explanation", [1, 2, 3, 4, 5]), ("coder=codes&latent=7", [5]),
                ("coder=others", []), ("latent=5&past=1", [4]), ("latent=5&past=2", [2, 4]), ("cursor=3", [4, 5]),
            ]
            for (query, wanted) in cases {
                let start = query.contains("past") || query.contains("cursor") ? "" : "&cursor=0"
                let text = try await server.events("/v1/events?\(query)\(start)") { $0.contains(Self.noMore) }
                #expect(cursors(in: text) == wanted, "\(query)")
            }
        }
    }

    @Test func aFollowerBeyondTheMostIsAskedToComeAgainAndComesInOnceAPlaceIsFree() async throws {
        try await RunningServer.with { server async throws in
            var listeners = (0..<64).compactMap { _ in server.services.changes.listen() }
            #expect(listeners.count == 64)
            let answer = try await server.get("/v1/events")
            #expect(answer.status == 503 && answer.code == "too_many_followers")
            #expect(answer.message == "as many programs follow the events as may")
            #expect(answer.headers["retry-after"] == ["5"])
            // All else is served as before, and a bad query is told first.
            #expect(try await server.get("/v1/latents").status == 200)
            #expect(try await server.get("/v1/events?past=x").status == 400)
            listeners.removeLast()
            #expect(try await server.events("/v1/events") { $0.contains(Self.noMore) } == Self.noMore)
        }
    }

    @Test func askingForTheHeadTakesNoPlace() async throws {
        try await RunningServer.with { server async throws in
            for _ in 0..<70 {
                let head = try await server.get("/v1/events", method: .HEAD)
                #expect(head.status == 200 && head.body.isEmpty)
                #expect(head.headers["content-type"] == ["text/event-stream; charset=utf-8"])
            }
            #expect(try await server.events("/v1/events") { $0.contains(Self.noMore) } == Self.noMore)
        }
    }

    @Test func anEventIsAnIDATypeAndOneLineOfJSONWithItsCursor() async throws {
        try await RunningServer.with { server async throws in
            try server.record([Fixture.score(4, 0.5, text: "two\nlines")])
            let text = try await server.events("/v1/events?cursor=0") { $0.contains(Self.noMore) }
            let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
            #expect(lines.prefix(2) == ["id: one:1", "event: score"])
            #expect(lines.dropFirst(3) == ["", ": ", "", ""])
            let data = Data(lines[2].dropFirst("data: ".count).utf8)
            let event = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
            #expect(event["cursor"] as? Int == 1 && event["latent"] as? Int == 4)
            #expect(event["explanation"] as? String == "two\nlines")
        }
    }
}

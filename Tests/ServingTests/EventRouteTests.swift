import Elements
import Foundation
import StateFixtures
import StateNotes
import Store
import TestSupport
import Testing

@testable import Serving

@Suite(.timeLimit(.minutes(5))) struct EventRouteTests {
    @Test func eventsRecordedWhileOneFollowsArrive() async throws {
        try await RunningServer.with { server async throws in
            try server.record([Fixture.score(1, 0.5)])
            var hasRecorded = false
            let text = try await server.events("/v1/events") { text in
                if !hasRecorded {
                    hasRecorded = true
                    try server.record([Fixture.score(2, 0.5), Fixture.score(3, 0.5)])
                }
                return cursors(in: text).count == 2
            }
            // What was there before is not sent unless asked for.
            #expect(cursors(in: text) == [2, 3])
            #expect(text.contains("event: score\ndata: {"))
        }
    }

    @Test func afterABreakNothingIsMissingAndNothingComesTwice() async throws {
        try await RunningServer.with { server async throws in
            try server.record((1...5).map { Fixture.score($0, 0.5) })
            let first = try await server.events("/v1/events?past=3") { cursors(in: $0).count >= 2 }
            let seen = Array(cursors(in: first).prefix(2))
            #expect(seen == [3, 4])
            try server.record((6...8).map { Fixture.score($0, 0.5) })
            let second = try await server.events("/v1/events", headers: [("Last-Event-ID", "one:4")]) {
                cursors(in: $0).count >= 4
            }
            #expect(cursors(in: second) == [5, 6, 7, 8])
            #expect(!second.contains("event: reset"))
        }
    }

    @Test func anotherStateIsToldAndStartsFromItsFirstEvent() async throws {
        try await RunningServer.with(state: "two") { server async throws in
            try server.record((1...3).map { Fixture.score($0, 0.5) })
            let text = try await server.events("/v1/events", headers: [("Last-Event-ID", "one:2")]) {
                cursors(in: $0).count >= 3
            }
            #expect(text.hasPrefix("event: reset\ndata: {\"state\":\"two\"}\n\n"))
            #expect(cursors(in: text) == [1, 2, 3])
        }
    }

    @Test func onlyWhatIsAskedForComes() async throws {
        try await RunningServer.with { server async throws in
            try server.store.insertJobs([Fixture.job(77)])
            try server.store.fail(job: Fixture.hash(77), reason: "no answer", attempts: 1)
            try server.record([Fixture.score(4, 0.5), Fixture.score(5, 0.5)])
            let failures = try await server.events("/v1/events?cursor=0&type=failure") { $0.contains(": \n\n") }
            #expect(cursors(in: failures) == [1])
            let latent = try await server.events("/v1/events?cursor=0&latent=5") { $0.contains(": \n\n") }
            #expect(cursors(in: latent) == [3])
        }
    }

    @Test(arguments: ["type=dead_letter", "type=x", "latent=-1", "cursor=-1", "cursor=x", "past=-1", "since=3"])
    func aBadQueryIsRefused(query: String) async throws {
        try await RunningServer.with { server async throws in
            let answer = try await server.get("/v1/events?\(query)")
            #expect(answer.status == 400)
            #expect(answer.code == "bad_query")
        }
    }

    @Test func everyTypeThatCanBeFollowedIsTakenAndNamedWhereAnotherIsAskedFor() async throws {
        try await RunningServer.with { server async throws in
            for type in EventType.followed {
                let text = try await server.events("/v1/events?type=\(type.rawValue)") { $0.contains(": \n\n") }
                #expect(!text.contains("error"))
            }
            let message = try await server.get("/v1/events?type=x").message
            #expect(message == "`type` must be evidence, explanation, score, choice or failure")
        }
    }

    @Test func evidenceIsToldToWhomAsksForItAndAloneWithoutResults() async throws {
        try await RunningServer.with { server async throws in
            try server.record([Fixture.score(1, 0.5)])
            let view = FixedView(totals: StreamTotals(tokens: 9, contexts: 1, windows: 1))
            try server.store.commit(
                CheckpointCommit(epoch: 4, segments: [], fences: [], deadLetters: [], deadLetterTargets: [:]))
            try EvidenceNote.notes.write(
                EvidenceNote(node: "evidence", view: view, epoch: 4), of: "evidence", to: server.store)
            func text(_ query: String) async throws -> String {
                try await server.events("/v1/events?past=5\(query)") { $0.contains(": \n\n") }
            }
            let alone = try await text("&type=evidence")
            #expect(alone.contains("event: evidence\ndata: {") && alone.contains("\"epoch\":4"))
            #expect(cursors(in: alone).isEmpty && !alone.contains("event: score"))
            let both = try await text("&type=score&type=evidence")
            #expect(cursors(in: both) == [1] && both.contains("event: evidence"))
            for query in ["", "&type=score"] {
                let results = try await text(query)
                #expect(!results.contains("evidence") && cursors(in: results) == [1])
            }
        }
    }

    @Test func theDocumentationNamesEveryType() throws {
        let page = try String(contentsOfFile: Checkout.path("docs/messages.md"), encoding: .utf8)
        let lines = page.split(separator: "\n")
        let row = try #require(lines.first { $0.hasPrefix("| `type` |") })
        let named = row.split(separator: "`").map(String.init).filter { EventType(rawValue: $0) != nil }
        #expect(Set(named) == Set(EventType.allCases.map(\.rawValue)))
    }

    @Test func aForeignEventIDIsRefused() async throws {
        try await RunningServer.with { server async throws in
            #expect(try await server.get("/v1/events", headers: [("Last-Event-ID", "nonsense")]).status == 400)
        }
    }
}

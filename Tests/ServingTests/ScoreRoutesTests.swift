import Elements
import Foundation
import LatentSheets
import Observability
import StateFixtures
import Store
import Testing

@testable import Interchange
@testable import Serving

@Suite(.timeLimit(.minutes(5))) struct ScoreRoutesTests {
    /// Labels are as near to a question as they have letters in common with it.
    private struct Letters: MeaningSearch {
        func likeness(of texts: [String], to question: String) async throws -> [Double] {
            texts.map { Double(Set($0).intersection(question).count) }
        }
    }

    private struct Trial: ExplanationTrial {
        func scores(of text: String, for latent: Int) async throws -> TriedExplanation {
            guard text != "broken" else { throw CocoaError(.fileReadUnknown) }
            return TriedExplanation(
                text: text, scores: [SheetScore(Fixture.score(9, 0.7, explainedBy: "tried"), control: nil)],
                notes: ["execution: <none>"])
        }
    }

    /// Two explain nodes, each with scores of six latents by one judged node, and verdicts of the first.
    private func serving(_ body: (RunningServer, [Score]) async throws -> Void) async throws {
        try await RunningServer.with { server async throws in
            var scores: [Score] = []
            for latent in 1...6 {
                for (place, node) in ["words", "others"].enumerated() {
                    let number = UInt64(10 * latent + place)
                    let own = Fixture.explanation(number, latent: latent, text: "\(node) <\(latent)>", node: node)
                    let value = place == 0 ? 0.5 + 0.05 * Double(latent) : 0.6
                    var score = Fixture.score(latent, value, explainedBy: node)
                    score.explanation = own.job
                    score.text = own.text
                    scores.append(score)
                    try server.store.record(explanations: [own], scores: [score])
                }
            }
            let asked: [KeptVerdicts.Example] = [
                .init(tokens: [1], marked: [], isPositive: true, block: 0, isYes: true),
                .init(tokens: [2], marked: [], isPositive: true, block: 0, isYes: nil),
                .init(tokens: [3], marked: [], isPositive: true, block: 9, isYes: false),
                .init(tokens: [4], marked: [], isPositive: false, isYes: true),
                .init(tokens: [5], marked: [], isPositive: false, isYes: false),
            ]
            try server.store.keep(verdicts: KeptVerdicts(examples: asked).bytes, of: scores[0].job)
            let own = try #require(server.services.state.served)
            server.services.state.served = Served(
                reader: own.reader, stateName: "one", sheets: own.sheets, meaning: Letters(),
                trials: ["codes": Trial()], timers: [], lag: { [] })
            try await body(server, scores)
        }
    }

    @Test func aScoreIsServedWithItsVerdictsAsItsPageShowsThem() async throws {
        try await serving { server, scores async throws in
            let answer = try await server.get("/api/v1/scores/\(scores[0].job)")
            let sheet = try SheetJSON.value(ScoreSheet.self, from: answer.body.utf8)
            #expect(sheet.latent == 1 && sheet.text == "words <1>" && sheet.explainedBy == "words")
            let verdicts = try #require(sheet.verdicts)
            let rows = ([verdicts.firing, verdicts.silent] + verdicts.byStrength).map { [$0.yes, $0.no, $0.failed] }
            #expect(rows == [[1, 1, 1], [1, 1, 0], [1, 0, 1], [0, 1, 0]])
            // What was judged wrong comes first, then what was not judged.
            #expect(sheet.examples?.examples.map(\.verdict?.isRight) == [false, false, nil, true, true])
            #expect(sheet.figure.hasPrefix("Balanced accuracy"))
            let page = try await server.get("/s/\(scores[0].job)")
            #expect(
                page.status == 200 && page.body.contains("words &lt;1&gt;") && page.body.contains("firing, weakest"))
            #expect(page.body.contains("<a href=\"/l/codes/1\" rel=\"up\">codes/1</a>"))
            let other = try await server.get("/s/\(scores[1].job)")
            #expect(other.body.contains("No verdicts are kept of this score"))
        }
    }

    @Test(arguments: ["0", "no-job", "00000000000000000000000000000000"])
    func aScoreThatIsNotThereIsNamed(job: String) async throws {
        try await serving { server, _ async throws in
            let answer = try await server.get("/api/v1/scores/\(job)")
            #expect(answer.status == 404 && answer.code == "unknown_score" && answer.message?.contains(job) == true)
            #expect(try await server.get("/s/\(job)").status == 404)
        }
    }

    @Test func twoNodesAreComparedLatentByLatentWhereTheyDifferMostFirst() async throws {
        try await serving { server, _ async throws in
            let answer = try await server.get("/api/v1/compare?a=words&b=others")
            let found = try #require((answer.object["comparisons"] as? [[String: Any]])?.first)
            let points = try #require(found["points"] as? [[String: Any]])
            #expect(points.prefix(3).map { $0["latent"] as? Int } == [6, 5, 4] && points.last?["latent"] as? Int == 2)
            #expect(abs((found["difference"] as? Double ?? 0) - 0.075) < 1e-9)
            let page = try await server.get("/compare?a=words&b=others")
            #expect(page.body.components(separatedBy: "<circle").count == 7)
            #expect(page.body.contains("words &lt;6&gt;") && page.body.contains("data-latent=\"codes/6\""))
            let all = try await server.get("/compare")
            #expect(
                all.body.contains("href=\"/compare?a=others&amp;b=words\"")
                    || all.body.contains("href=\"/compare?a=words&amp;b=others\""))
        }
    }

    @Test(arguments: [
        ("a=words", 400, "both be given"), ("a=words&b=nobody", 404, "no node `nobody`"),
        ("a=words&b=words", 404, "named twice"), ("x=1", 400, "`x` is not known here"),
    ])
    func nodesThatCannotBeComparedAreRefusedByName(query: String, status: Int, words: String) async throws {
        try await serving { server, _ async throws in
            let answer = try await server.get("/api/v1/compare?\(query)")
            #expect(answer.status == status && answer.message?.contains(words) == true, "\(answer.body)")
            let page = try await server.get("/compare?\(query)")
            #expect(page.status == status && page.body.contains("These cannot be compared"))
        }
    }

    @Test func labelsAreFoundByWhatTheyMean() async throws {
        try await serving { server, _ async throws in
            let answer = try await server.get("/api/v1/latents?like=6wrd&limit=2")
            let rows = try #require(answer.object["latents"] as? [[String: Any]])
            #expect(rows.first?["latent"] as? Int == 6 && rows.count == 2)
            #expect(try await server.get("/latents?like=words").body.contains("name=\"like\" value=\"words\""))
            let none = try await server.get("/api/v1/latents?sort=meaning")
            #expect(none.status == 400 && none.message?.contains("needs `like`") == true)
        }
        try await RunningServer.with { server async throws in
            let none = try await server.get("/api/v1/latents?like=dates")
            #expect(none.status == 400 && none.message?.contains("needs a sentence encoder") == true)
        }
    }

    @Test func aListShowsWhatItNamesWithNotesInItsOrder() async throws {
        try await serving { server, _ async throws in
            let page = try await server.get("/list?id=codes/4&id=codes/2&id=codes/4&note=codes/2:%3Cmine%3E")
            #expect(page.status == 200 && page.body.contains("List of 2 latents") && page.body.contains("&lt;mine&gt;"))
            let (first, second) = (
                page.body.range(of: "data-latent=\"codes/4\""), page.body.range(of: "data-latent=\"codes/2\"")
            )
            #expect(try #require(first).lowerBound < #require(second).lowerBound)
            #expect(try await server.get("/api/v1/latents?id=codes/4&id=codes/2").object["found"] as? Int == 2)
            #expect(try await server.get("/list").body.contains("names no latent"))
            for (query, status, words) in [
                ("id=17", 400, "such as codes/17"), ("id=codes/99999999", 404, "latents 0 to"),
                ("id=codes/1&note=mine", 400, "a colon and a text"), ("ids=codes/1", 400, "`ids` is not known"),
            ] {
                let answer = try await server.get("/list?\(query)")
                #expect(answer.status == status && answer.body.contains(words), "\(query)")
            }
        }
    }

    @Test func anExplanationIsTriedAndNothingIsKept() async throws {
        try await serving { server, _ async throws in
            let cursor = try server.store.latestCursor()
            let answer = try await server.get("/api/v1/try?coder=codes&latent=3&explanation=dates")
            let tried = try #require(answer.object["tried"] as? [String: Any])
            #expect(tried["text"] as? String == "dates" && (tried["scores"] as? [Any])?.count == 1)
            let page = try await server.get("/l/codes/3?explanation=%3Cdates%3E")
            #expect(page.body.contains("value=\"&lt;dates&gt;\"") && page.body.contains("execution: &lt;none&gt;"))
            #expect(page.body.contains("Nothing of this is kept."))
            #expect(try server.store.latestCursor() == cursor)
        }
    }

    @Test func anExplanationThatCannotBeTriedSaysWhy() async throws {
        try await serving { server, _ async throws in
            let long = String(repeating: "a", count: 301)
            for (query, status, words) in [
                ("coder=codes&latent=3", 400, "`explanation`"),
                ("coder=codes&latent=3&explanation=\(long)", 400, "at most 300"),
                ("coder=codes&latent=3&explanation=broken", 503, "cannot be tried now"),
                ("coder=other&latent=3&explanation=a", 404, "there are codes"),
            ] {
                let answer = try await server.get("/api/v1/try?\(query)")
                #expect(answer.status == status && answer.message?.contains(words) == true, "\(query.prefix(50))")
            }
            for site in ["cross-site", "same-site"] {
                let foreign = try await server.get(
                    "/api/v1/try?coder=codes&latent=3&explanation=a", headers: [("Sec-Fetch-Site", site)])
                #expect(foreign.status == 503 && foreign.message?.contains("another site's page") == true, "\(site)")
            }
        }
        try await RunningServer.with { server async throws in
            let answer = try await server.get("/api/v1/try?coder=codes&latent=3&explanation=a")
            #expect(answer.status == 503 && answer.message?.contains("only while its daemon runs") == true)
        }
    }
}

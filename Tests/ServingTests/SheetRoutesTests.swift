import AsyncHTTPClient
import Elements
import Foundation
import LatentSheets
import NIOHTTP1
import Observability
import StateFixtures
import Store
import Testing

@testable import Serving

@Suite(.timeLimit(.minutes(5))) struct SheetRoutesTests {
    private struct Echo: TextProbe {
        func read(_ text: String, for latent: Int) async throws -> ProbedText {
            guard text != "broken" else { throw CocoaError(.fileReadUnknown) }
            return ProbedText(
                tokens: text.split(separator: " ").map { Array(($0 + " ").utf8) },
                activations: text.split(separator: " ").map { $0 == "let" ? Float(latent) : 0 })
        }
    }

    /// A server with one explained and scored latent, and evidence of it.
    private func serving(_ body: (RunningServer) async throws -> Void) async throws {
        try await RunningServer.with { server async throws in
            let explanation = Fixture.explanation(1, latent: 3, text: "dates <in> ISO")
            var score = Fixture.score(3, 0.84, explainedBy: "lexical", failed: 2)
            score.explanation = explanation.job
            try server.store.record(explanations: [explanation], scores: [score])
            let window = Window(tokens: [1, 2], identity: Fixture.hash(9), priority: 1)
            let statistics = LatentStatistics(
                tokensFired: 20, windowsFired: 20, sum: 40, sumOfSquares: 1, maximum: 3, histogram: [20])
            let evidence = LatentEvidence(
                latent: 3, statistics: statistics, train: [Example(window: window, activations: [0, 3])], top: [],
                test: [], recent: [])
            server.services.latestEvidence.put(
                EvidenceUpdate(
                    view: FixedView(totals: StreamTotals(tokens: 1000), [evidence]), epoch: 4, isCaughtUp: true))
            let own = try #require(server.services.state.served)
            server.services.state.served = Served(
                reader: own.reader, stateName: "one", sheets: own.sheets,
                probes: ["codes": Echo()], timers: [], lag: { [] })
            try await body(server)
        }
    }

    @Test func aSheetIsServedAsTheValuesThatItsPageShows() async throws {
        try await serving { server async throws in
            let answer = try await server.get("/api/v1/latents/codes/3")
            #expect(answer.status == 200 && answer.headers["content-type"] == ["application/json; charset=utf-8"])
            let sheet = try SheetJSON.value(LatentSheet.self, from: answer.body.utf8)
            #expect(sheet.latent == 3 && sheet.state == .scored && sheet.v == 1)
            #expect(sheet.labels.first?.scores.first?.text == "detection .84 [.74–.94] n=40 f=2")
            #expect(sheet.activity?.tokensFired == 20 && sheet.examples.map(\.kind) == [.tenths, .random])
            let page = try await server.get("/l/codes/3")
            #expect(page.status == 200 && page.body.contains("dates &lt;in&gt; ISO") && page.body.contains(">.84<"))
            #expect(page.headers["content-security-policy"].first?.hasPrefix("default-src 'none'") == true)
            #expect(page.headers["x-content-type-options"] == ["nosniff"])
        }
    }

    @Test func aListIsFilteredSortedAndCounted() async throws {
        try await serving { server async throws in
            let answer = try await server.get("/api/v1/latents?q=iso&state=scored&sort=score&desc=1&limit=5")
            #expect(answer.object["found"] as? Int == 1 && answer.object["total"] as? Int == 24_576)
            let rows = try #require(answer.object["latents"] as? [[String: Any]])
            #expect(rows.map { $0["latent"] as? Int } == [3])
            #expect(try await server.get("/api/v1/latents?q=nothing").object["found"] as? Int == 0)
            let page = try await server.get("/latents?q=iso&coder=&state=&min_score=")
            #expect(page.status == 200 && page.body.contains("1–1 of 1 found, of 24,576 latents"))
        }
    }

    @Test(arguments: [
        ("limit=0", "`limit` must be a whole number from 1 to 500"), ("limit=501", "from 1 to 500"),
        ("offset=-1", "`offset`"), ("min_score=nan", "`min_score` must be a number"), ("min_score=x", "`min_score`"),
        ("sort=size", "`sort` must be one of latent, score"), ("state=lost", "`state` must be one of scored"),
        ("desc=2", "`desc` must be 0 or 1"), ("colour=red", "`colour` is not known here"),
    ])
    func aQueryThatCannotBeReadIsRefusedByName(query: String, message: String) async throws {
        try await serving { server async throws in
            let answer = try await server.get("/api/v1/latents?\(query)")
            #expect(answer.status == 400 && answer.code == "bad_query")
            #expect(answer.message?.contains(message) == true, "\(answer.message ?? "")")
            let page = try await server.get("/latents?\(query)")
            #expect(page.status == 400 && page.headers["content-type"] == ["text/html; charset=utf-8"])
        }
    }

    @Test func aTextIsReadForALatent() async throws {
        try await serving { server async throws in
            let answer = try await server.get("/api/v1/probe?coder=codes&latent=3&text=let%20x%20be")
            #expect(answer.status == 200 && answer.object["peak"] as? Double == 3)
            let pieces = try #require(answer.object["pieces"] as? [[String: Any]])
            #expect(pieces.map { $0["text"] as? String } == ["let ", "x ", "be "])
            #expect(pieces.map { $0["level"] as? Int } == [4, 0, 0])
            let page = try await server.get("/l/codes/3?text=let%20%3Cb%3E")
            #expect(
                page.body.contains("It fires, at most 3.00.") && page.body.contains("&lt;b&gt; ")
                    && !page.body.contains("<b> "))
        }
    }

    @Test func aTextThatCannotBeReadSaysWhy() async throws {
        try await serving { server async throws in
            let long = String(repeating: "a", count: 2001)
            for (query, status, words) in [
                ("coder=codes&latent=3&text=\(long)", 503, "at most 2000 are read"),
                ("coder=codes&latent=3&text=broken", 503, "cannot be read now"),
                ("coder=codes&latent=3", 400, "`text`"), ("coder=other&latent=3&text=a", 404, "there are codes"),
                ("coder=codes&latent=24576&text=a", 404, "latents 0 to 24575"),
            ] {
                let answer = try await server.get("/api/v1/probe?\(query)")
                #expect(answer.status == status && answer.message?.contains(words) == true, "\(query.prefix(40))")
            }
            #expect(try await server.get("/l/codes/3?text=\(long)").status == 200)
        }
    }

    @Test func whereThereIsNothingABrowserGetsAPageAndOthersJSON() async throws {
        try await serving { server async throws in
            let json = try await server.get("/nothing")
            #expect(json.status == 404 && json.code == "unknown_path" && json.message?.contains("/nothing") == true)
            let page = try await server.get("/nothing<x>", headers: [("Accept", "text/html,*/*")])
            #expect(page.status == 404 && page.body.contains("Nothing here") && !page.body.contains("<x>"))
            let latent = try await server.get("/l/codes/24576")
            #expect(latent.status == 404 && latent.body.contains("coder codes has latents 0 to 24575"))
            #expect(try await server.get("/l/other/1").body.contains("there are codes"))
        }
    }

    @Test func whileTheDaemonStartsPagesSaySo() async throws {
        try await RunningServer.with(isServing: false) { server async throws in
            for path in ["/", "/latents", "/failures", "/l/codes/3"] {
                let answer = try await server.get(path)
                #expect(
                    answer.status == 503 && answer.headers["retry-after"] == ["1"] && answer.body.contains("Starting"))
            }
            for path in ["/api/v1/overview", "/api/v1/latents", "/api/v1/latents/codes/3", "/api/v1/probe"] {
                #expect(try await server.get(path).code == "starting")
            }
        }
    }

    @Test func theOverviewAndItsPageCountTheSame() async throws {
        try await serving { server async throws in
            let overview = try SheetJSON.value(Overview.self, from: try await server.get("/api/v1/overview").body.utf8)
            #expect(overview.coders.first?.states.map(\.count) == [1, 24_575])
            let page = try await server.get("/")
            #expect(page.body.contains("data-field=\"scored\">1<") && page.body.contains("data-field=\"dead\">24,575<"))
            #expect(try await server.get("/failures").body.contains("No job was given up."))
            #expect(try await server.get("/assets/gloss.css").headers["content-type"] == ["text/css; charset=utf-8"])
        }
    }

    @Test func anIndexIsReadAnewOnlyOnceSomethingHasChanged() async throws {
        try await serving { server async throws in
            let sheets = try #require(server.services.state.served?.sheets)
            let first = try sheets.index()
            #expect(try sheets.index().cursor == first.cursor)
            try server.store.record(explanations: [Fixture.explanation(2, latent: 4)])
            // Within two seconds the same one will do; what is made anew has what has come.
            let second = try LatentIndex(
                store: server.store, coders: sheets.reader.coders, evidence: { _ in nil })
            #expect(second.cursor > first.cursor && second.rows[4].label == "label 2")
        }
    }
}

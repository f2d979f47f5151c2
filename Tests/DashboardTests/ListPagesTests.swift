import Elements
import Foundation
import Hashing
import LatentSheets
import StateFixtures
import Store
import Testing

@testable import Dashboard

@Suite struct ListPagesTests {
    private let index: LatentIndex
    private let overview: Overview
    private let dashboard = Dashboard(links: .served, topology: "tiny")

    init() throws {
        let directory = try TemporaryDirectory()
        let store = try directory.store()
        let identity = CoderIdentity(name: "codes", hookpoint: "layers.10", latents: 4, digest: Fixture.hash(3))
        let coders = [NamedCoder(identity: identity, isRandom: false)]
        var explanation = Fixture.explanation(1, latent: 2, text: "dates <b>")
        explanation = Explanation(
            job: explanation.job, node: explanation.node, coder: identity, latent: 2, text: explanation.text,
            predicate: nil, provenance: explanation.provenance)
        var score = Fixture.score(2, 0.8, explainedBy: "lexical", coder: identity)
        score.explanation = explanation.job
        try store.record(explanations: [explanation], scores: [score])
        try store.insertJobs([
            PlannedJob(id: Fixture.hash(9), node: "lexical", kind: .explain, coder: "codes", latent: 1, payload: [])
        ])
        try store.fail(job: Fixture.hash(9), reason: "401 <no>", attempts: 1)
        index = try LatentIndex(store: store, coders: coders, evidence: { _ in nil })
        overview = try Overview(index, coders: coders, store: store, tokens: { _ in nil })
    }

    private func list(_ query: LatentQuery) -> String {
        dashboard.latents(query, query.found(in: index), in: index, coders: ["codes"])
    }

    @Test func aListSaysHowManyOfHowMany() {
        var query = LatentQuery()
        #expect(list(query).contains("1–4 of 4 found, of 4 latents"))
        query.words = "nothing like it"
        #expect(list(query).contains("0–0 of 0 found, of 4 latents"))
        #expect(list(query).contains("No latent is like this"))
    }

    @Test func aStaleLatentSaysWhyBesideItsExplanation() throws {
        var rows = Array(index.rows)
        rows[2].state = .stale
        rows[2].stale = try JSONDecoder().decode(
            SheetStaleness.self, from: Data(#"{"reason":"moved","amount":0.31,"isExplainedAgain":true}"#.utf8))
        let html = dashboard.latents(
            LatentQuery(), LatentQuery.Found(showing: rows), in: index, coders: ["codes"])
        #expect(html.contains("<td class=\"state stale\" title=\"evidence moved 0.31\">~ stale</td>"))
        #expect(html.contains("dates &lt;b&gt;<span class=\"note\"> (evidence moved 0.31)</span>"))
        #expect(html.contains("<option value=\"stale\">~ stale</option>"))
    }

    @Test func aListKeepsItsQueryInEveryLink() {
        var query = LatentQuery()
        query.words = "a&b=\"c\""
        query.limit = 1
        query.leastScore = 0.5
        query.words = "dates"
        let html = list(query)
        #expect(html.contains("q=dates&amp;like=&amp;coder=&amp;state=&amp;scorer=&amp;min_score=0.5"))
        query.words = "&\""
        #expect(list(query).contains("q=%26%22&amp;"))
        #expect(list(query).contains("value=\"&amp;&quot;\""))
    }

    @Test func anOverviewLinksWhatItCounts() {
        let html = dashboard.overview(overview)
        #expect(
            html.contains("href=\"/latents?coder=codes&amp;state=scored\"") && html.contains("data-field=\"scored\">1<")
        )
        #expect(html.contains("mean <b>.80</b>") && html.contains("no control yet") && html.contains("chance .50"))
        #expect(html.contains("dates &lt;b&gt;") && html.contains("1 jobs were given up"))
    }

    @Test func failuresAreGroupedByReasonWithTheirLatents() {
        let html = dashboard.failures(overview.failures)
        #expect(html.contains("401 &lt;no&gt;") && html.contains("href=\"/l/codes/1\""))
        #expect(dashboard.failures([]).contains("No job was given up."))
    }

    @Test func everyPageHasATitleALanguageAndAWayPastItsHead() {
        for html in [dashboard.overview(overview), list(LatentQuery()), dashboard.missing("Gone", "It is not there.")] {
            #expect(html.hasPrefix("<!doctype html>\n<html lang=\"en\">"))
            #expect(
                html.contains("<title>") && html.contains("href=\"#content\"") && html.contains("<main id=\"content\""))
            #expect(html.components(separatedBy: "<h1>").count == 2)
        }
    }

    @Test func assetsAreThere() throws {
        for name in Dashboard.assets {
            // An icon is a few lines.
            #expect(try #require(Dashboard.asset(name)).bytes.count > (name.hasSuffix(".svg") ? 100 : 1000), "\(name)")
        }
        #expect(Dashboard.asset("../gloss.css") == nil)
    }
}

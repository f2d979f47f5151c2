import Elements
import Foundation
import Observability
import StateFixtures
import Store
import Testing

@testable import Serving

/// The pages about latents, without a server between.
@Suite(.timeLimit(.minutes(5))) struct LatentPagesTests {
    private static let cached = CoderIdentity(
        name: "cached", hookpoint: "layers.3.mlp", latents: 256, digest: Fixture.hash(8))

    private let directory: TemporaryDirectory
    private let store: Store
    private let evidence = LatestEvidence()

    init() throws {
        directory = try TemporaryDirectory()
        store = try directory.store()
    }

    private func pages(_ coders: [CoderIdentity] = [Fixture.coder, cached]) throws -> LatentPages {
        LatentPages(
            reader: try Store.reader(directory: directory.state), coders: coders, latestEvidence: evidence)
    }

    private func object(_ text: String) throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    }

    private func page(_ coder: String, _ latent: Int) throws -> [String: Any] {
        try object(pages().page(LatentKey(coder: coder, latent: latent)))
    }

    private func keys(_ list: [String: Any]) -> [String] {
        (list["latents"] as? [[String: Any]] ?? []).map { "\($0["coder"] ?? "")/\($0["latent"] ?? "")" }
    }

    @Test func anEmptyStateIsAListOfNothingWithItsCoders() throws {
        #expect(
            try pages().list(coder: nil, after: nil, limit: 10) == """
                {"v":1,"coders":[\
                {"coder":"codes","hookpoint":"layers.10","latents":24576,"digest":"\(Fixture.coder.digest)"},\
                {"coder":"cached","hookpoint":"layers.3.mlp","latents":256,"digest":"\(Self.cached.digest)"}],\
                "latents":[],"next":null}
                """)
    }

    @Test func aListGoesOverCodersInTheOrderOfTheirNamesAndByNumber() throws {
        try store.record(scores: [10, 9, 200].map { Fixture.score($0, 0.5, node: "a") })
        try store.record(scores: [31, 4].map { Fixture.score($0, 0.5, node: "b", coder: Self.cached) })
        let pages = try pages()
        let first = try object(pages.list(coder: nil, after: nil, limit: 3))
        #expect(keys(first) == ["cached/4", "cached/31", "codes/9"])
        #expect(first["next"] as? String == "codes/9")
        let rest = try object(pages.list(coder: nil, after: LatentKey(coder: "codes", latent: 9), limit: 3))
        #expect(keys(rest) == ["codes/10", "codes/200"] && rest["next"] is NSNull)
        #expect(keys(try object(pages.list(coder: "cached", after: nil, limit: 3))) == ["cached/4", "cached/31"])
        // One that has no results can be gone on from as well.
        let between = LatentKey(coder: "cached", latent: 20)
        #expect(keys(try object(pages.list(coder: nil, after: between, limit: 1))) == ["cached/31"])
        #expect(keys(try object(pages.list(coder: "codes", after: LatentKey(coder: "z", latent: 0), limit: 3))) == [])
    }

    @Test func aPageThatIsFullNamesANextOneAlsoIfThatIsEmpty() throws {
        try store.record(scores: [1, 2].map { Fixture.score($0, 0.5) })
        let pages = try pages()
        let full = try object(pages.list(coder: nil, after: nil, limit: 2))
        #expect(full["next"] as? String == "codes/2")
        let end = try object(pages.list(coder: nil, after: LatentKey(coder: "codes", latent: 2), limit: 2))
        #expect(keys(end).isEmpty && end["next"] is NSNull)
    }

    @Test func theStateOfALatentIsTheFurthestThatItHasCome() throws {
        #expect(try page("codes", 7)["state"] as? String == "collecting")
        try store.insertJobs([Fixture.job(7)])
        try store.fail(job: Fixture.hash(7), reason: "no answer", attempts: 2)
        let failed = try page("codes", 7)
        #expect(failed["state"] as? String == "failed")
        let failure = (failed["failures"] as? [[String: Any]])?.first
        #expect(failure?["reason"] as? String == "no answer" && failure?["node"] as? String == "prose")
        try store.record(explanations: [Fixture.explanation(70, latent: 7)])
        #expect(try page("codes", 7)["state"] as? String == "explained")
        try store.record(scores: [Fixture.control(7, 0.5)])
        #expect(try page("codes", 7)["state"] as? String == "explained")
        try store.record(scores: [Fixture.score(7, 0.5)])
        let scored = try page("codes", 7)
        #expect(scored["state"] as? String == "scored")
        // What failed once is told all the same.
        #expect((scored["failures"] as? [Any])?.count == 1)
        #expect((scored["history"] as? [[String: Any]])?.map { $0["cursor"] as? Int } == [1, 2, 3, 4])
    }

    @Test func textsThatWereWrittenForALatentAreShownWithWhereItFires() throws {
        let scores = [
            Fixture.score(7, 0.9, node: "tried", method: "generation"),
            Fixture.score(7, 0.5, node: "tried", method: "generation", control: "shuffled"), Fixture.score(7, 0.8),
        ]
        try store.record(scores: scores)
        func text(_ tokens: [String], _ activations: [Float], isMeant: Bool) -> WrittenText {
            WrittenText(tokens: tokens.map { Array($0.utf8) }, activations: activations, isMeant: isMeant)
        }
        let texts = WrittenTexts([
            text(["say", " \"let\"", "\n"], [0, 2.5, 0], isMeant: true), text(["no"], [0], isMeant: false),
        ])
        try store.keep(verdicts: texts.bytes, of: scores[0].job)
        try store.keep(verdicts: WrittenTexts([]).bytes, of: scores[1].job)
        // Verdicts of a judge are kept in the same place.
        try store.keep(verdicts: [1, 0], of: scores[2].job)
        let page = try pages().page(LatentKey(coder: "codes", latent: 7))
        let shown = #"""
            "texts":[{"meant":true,"peak":2.5,"parts":[{"text":"say"},{"text":" \"let\"","activation":2.5},\#
            {"text":"\n"}]},{"meant":false,"peak":0.0,"parts":[{"text":"no"}]}]
            """#
        #expect(page.contains(shown))
        let written = try #require(try object(page)["written"] as? [[String: Any]])
        #expect(Set(written.compactMap { $0["job"] as? String }) == Set(scores.prefix(2).map { "\($0.job)" }))
        #expect(written.allSatisfy { $0["node"] as? String == "tried" })
        #expect(written.count { $0["control"] as? String == "shuffled" } == 1)
        // A latent for which none were written has no such member.
        try store.record(scores: [Fixture.score(8, 0.5)])
        #expect(try self.page("codes", 8)["written"] == nil)
    }

    @Test func evidenceIsCountsOverEveryTokenUpToTheCheckpoint() throws {
        let window = Window(tokens: [1, 2], identity: Fixture.hash(1), priority: 1)
        let example = Example(window: window, activations: [0, 3])
        let statistics = LatentStatistics(
            tokensFired: 8, windowsFired: 5, sum: 12, sumOfSquares: 30, maximum: 3.5, histogram: [1, 0, 7])
        let latent = LatentEvidence(
            latent: 4, statistics: statistics, train: [example, example, example], top: [example],
            test: [example, example], recent: [])
        let totals = StreamTotals(tokens: 64, contexts: 2, windows: 16, shortWindows: 1)
        evidence.put(
            EvidenceUpdate(
                view: FixedView(coder: Self.cached, totals: totals, [latent]), epoch: 6, isCaughtUp: true))
        let text = try pages().page(LatentKey(coder: "cached", latent: 4))
        #expect(
            text.contains(
                """
                "evidence":{"epoch":6,"tokens":64,"windows":16,"tokens_fired":8,"windows_fired":5,"density":0.125,\
                "mean":1.5,"maximum":3.5,"histogram_from_log2":-16,"histogram":[1,0,7],"train_windows":3,\
                "top_windows":1,"test_windows":2,"recent_windows":0}
                """))
        // A latent that never fired has no mean, and another coder no evidence.
        let silent = try #require(try page("cached", 5)["evidence"] as? [String: Any])
        #expect(silent["density"] as? Double == 0 && silent["mean"] is NSNull && silent["maximum"] as? Double == 0)
        #expect(try page("codes", 4)["evidence"] is NSNull)
    }

    @Test func beforeTheFirstTokenThereIsNoDensity() throws {
        evidence.put(EvidenceUpdate(view: FixedView(), epoch: 1, isCaughtUp: false))
        let evidence = try #require(try page("codes", 4)["evidence"] as? [String: Any])
        #expect(evidence["density"] is NSNull && evidence["mean"] is NSNull && evidence["tokens"] as? Int == 0)
    }

    @Test func resultsOfACoderThatTheTopologyNoLongerHasAreListedWithoutAHookpoint() throws {
        try store.record(scores: [Fixture.score(1, 0.5)])
        let list = try object(pages([Self.cached]).list(coder: nil, after: nil, limit: 10))
        let item = try #require((list["latents"] as? [[String: Any]])?.first)
        #expect(item["coder"] as? String == "codes" && item["hookpoint"] is NSNull)
    }
}

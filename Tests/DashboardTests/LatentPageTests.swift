import Elements
import Evidence
import Foundation
import Hashing
import LatentSheets
import StateFixtures
import Store
import Testing

@testable import Dashboard

@Suite struct LatentPageTests {
    private struct Bytes: TokenDecoder {
        let count = 300
        func bytes(of token: UInt32) -> [UInt8] {
            switch token {
            case 0: Array("<script>alert(1)</script>".utf8)
            case 1: Array("\"\u{301} onmouseover=\"x".utf8)
            case 2: Array("\u{1B}[2J\u{202E}".utf8)
            case 3: [0xF0, 0x9F]
            case 4: [0x98, 0x80]
            default: Array("word\(token) ".utf8)
            }
        }
        func isSpecial(_ token: UInt32) -> Bool { false }
    }

    private struct Coder: CoderKnowledge {
        let identity = CoderIdentity(name: "codes", hookpoint: "layers.10", latents: 8, digest: Fixture.hash(3))
        var isRandom = false
        var tokenDecoder: (any TokenDecoder)? { Bytes() }
        let facts = [SheetFact("first token", "<|endoftext|>")]
        func promotion(of latent: Int) -> [Float]? { (0..<20).map { Float($0 * $0) } }
        func neighbours(of latent: Int, count: Int) -> [LatentNeighbour] {
            [LatentNeighbour(latent: 6, similarity: 0.71)]
        }
    }

    private let directory: TemporaryDirectory
    private let store: Store

    init() throws {
        directory = try TemporaryDirectory()
        store = try directory.store()
    }

    private func explanation(_ number: UInt64, latent: Int = 3, _ text: String) -> Explanation {
        Explanation(
            job: Fixture.hash(number), node: "words", coder: Coder().identity, latent: latent, text: text,
            predicate: nil,
            provenance: Provenance(
                explainer: "default", sampling: "quantiles", promptVersion: "default-2", model: "models/judge.gguf",
                seed: 0, evidenceDigest: Fixture.hash(2), epoch: 7, shown: []))
    }

    private func score(_ explanation: Explanation, _ value: Double?, failed: Int = 0, control: String? = nil) -> Score {
        Score(
            job: Fixture.hash(explanation.job.low &+ (control == nil ? 100 : 200)), node: "detected",
            method: "detection", coder: explanation.coder,
            latent: explanation.latent, explanation: explanation.job, explainedBy: "words", text: explanation.text,
            headline: value.map { Estimate(value: $0, lower: $0 - 0.1, upper: $0 + 0.05, count: 40) }, details: [:],
            judged: value == nil ? 0 : 40, failed: failed, tokensIn: 0, tokensOut: 0, control: control)
    }

    private func sheet(_ latent: Int = 3, tokens: [UInt32] = [7, 8, 9, 10]) throws -> LatentSheet {
        let window = Window(tokens: tokens, identity: Fixture.hash(50), priority: 1)
        let example = Example(window: window, activations: [0, 2, 8, 0], document: 77)
        let statistics = LatentStatistics(
            tokensFired: 1234, windowsFired: 900, sum: 2000, sumOfSquares: 1, maximum: 8, histogram: [1, 5, 2])
        let evidence = LatentEvidence(
            latent: latent, statistics: statistics, train: [example], top: [example], test: [], recent: [])
        let update = EvidenceUpdate(
            view: FixedView(
                coder: Coder().identity, totals: StreamTotals(tokens: 1_000_000, contexts: 10, windows: 31_250),
                [evidence]), epoch: 7, isCaughtUp: true)
        let reader = SheetReader(store: store, coders: [Coder()], evidence: { _ in update })
        return try #require(try reader.sheet(of: LatentKey(coder: "codes", latent: latent)))
    }

    private func page(_ sheet: LatentSheet, links: PageLinks = .served, reading: TestedText? = nil) -> String {
        Dashboard(links: links, topology: "tiny").latent(sheet, reading: reading)
    }

    /// The texts of all elements with a `data-field`, by its name.
    private func fields(_ html: String) -> [String: [String]] {
        var found: [String: [String]] = [:]
        for match in html.matches(of: /data-field="([a-z_]+)">([^<]*)</) {
            found[String(match.1), default: []].append(String(match.2))
        }
        return found
    }

    @Test func everyNumberOfThePageIsTheOneOfTheSheet() throws {
        let dates = explanation(1, "dates in ISO 8601 format")
        try store.record(
            explanations: [dates],
            scores: [score(dates, 0.84, failed: 3), score(dates, 0.51, control: "shuffled")])
        let sheet = try sheet()
        let shown = fields(page(sheet))
        let own = try #require(sheet.labels.first?.scores.first)
        #expect(shown["value"] == [".84"] && own.headline?.value == 0.84)
        #expect(shown["judged"] == ["n=\(own.judged)"] && shown["failed"] == ["f=\(own.failed)"])
        #expect(shown["control"] == ["shuffled .51"] && own.control?.value == 0.51)
        let activity = try #require(sheet.activity)
        #expect(shown["tokens_fired"] == ["1,234"] && activity.tokensFired == 1234)
        #expect(shown["tokens"] == ["1,000,000"] && activity.tokens == 1_000_000)
        #expect(shown["density"] == ["1.2e-03"] && abs((activity.density?.value ?? 0) - 0.001234) < 1e-12)
        #expect(shown["maximum"] == ["8.00"] && activity.maximum == 8)
        #expect(shown["peak"]?.first == "8.00" && sheet.examples.first?.examples.first?.peak == 8)
    }

    @Test func noLabelStandsWithoutAScoreOrTheWordThatThereIsNone() throws {
        let (own, near) = (explanation(1, "dates in ISO 8601 format"), explanation(2, latent: 6, "times of day"))
        try store.record(explanations: [own, near])
        let html = page(try sheet())
        for label in ["dates in ISO 8601 format", "times of day"] {
            #expect(html.contains(label))
        }
        #expect(html.components(separatedBy: ">unscored<").count == 3)
        #expect(fields(html)["value"] == nil)
    }

    @Test func aScoreWhoseJudgeFailedHasNoNumber() throws {
        let own = explanation(1, "dates")
        try store.record(explanations: [own], scores: [score(own, nil, failed: 40)])
        let html = page(try sheet())
        #expect(fields(html)["value"] == nil && fields(html)["failed"] == ["f=40"])
        #expect(html.contains("! nothing judged"))
    }

    @Test func textOfTheCorpusAndOfModelsIsTextOnly() throws {
        let hostile = explanation(1, "<img src=x onerror=alert(1)> \"\u{301} onload=\"y\u{202E}")
        try store.record(explanations: [hostile], scores: [score(hostile, 0.8)])
        let html = page(
            try sheet(tokens: [0, 1, 2, 3]), reading: TestedText(text: "</script><b>", refusal: "<i>no</i>"))
        #expect(!html.contains("<script>") && !html.contains("<img") && !html.contains("<b>") && !html.contains("<i>"))
        #expect(html.contains("&lt;script&gt;alert(1)&lt;/script&gt;"))
        #expect(html.unicodeScalars.allSatisfy { $0.value >= 0x20 || $0 == "\n" })
        #expect(html.contains("␛[2J⟨U+202E⟩"))
        // Quotation marks of a text never end the attribute that it stands in.
        let attributes = html.matches(of: /<[a-z0-9]+(?: [A-Za-z0-9-]+="[^"<>]*")*>/).count
        let tags = html.matches(of: /<[a-z]/).count
        #expect(attributes == tags)
    }

    @Test func aCharacterOfSeveralTokensIsWhole() throws {
        #expect(page(try sheet(tokens: [7, 3, 4, 8])).contains(">😀</span>"))
    }

    @Test func pagesInFilesFindEachOtherAndAskNobody() throws {
        let html = page(try sheet(), links: .files(depth: 2))
        #expect(html.contains("href=\"../../assets/gloss.css\"") && html.contains("href=\"../../l/codes/4.html\""))
        #expect(
            html.contains("href=\"../../l/codes/3.json\"") && html.contains("http-equiv=\"Content-Security-Policy\""))
        #expect(!html.contains("<form method=\"get\"") && !html.contains("data-live"))
        #expect(!html.contains("http://") && !html.contains("https://"))
    }

    @Test func namesOfNodesAreEncodedInLinks() {
        let link = PageLinks.served.latent(LatentKey(coder: "a b/ü?", latent: 1))
        #expect(link == "/l/a%20b%2F%C3%BC%3F/1")
    }

    @Test func aLatentThatNeverFiredSaysSo() throws {
        let reader = SheetReader(
            store: store, coders: [Coder()],
            evidence: { _ in
                EvidenceUpdate(
                    view: FixedView(coder: Coder().identity, totals: StreamTotals(tokens: 10)), epoch: 1,
                    isCaughtUp: true)
            })
        let html = page(try #require(try reader.sheet(of: LatentKey(coder: "codes", latent: 0))))
        #expect(html.contains("∅ dead") && html.contains("It has not fired on any token so far."))
        #expect(!html.contains("rel=\"prev\"") && html.contains("rel=\"next\""))
    }
}

import Elements
import StateFixtures
import Store
import Testing

@testable import Reports

@Suite struct ResultDrawTests {
    private func count(_ node: String, _ count: Int, coder: String = "codes") -> ResultCount {
        ResultCount(node: node, coder: coder, count: count, latents: 0...max(count - 1, 0))
    }

    private func taken(_ draw: ResultDraw, of node: String, latents: Int) -> [Int] {
        (0..<latents).filter { draw.takes($0, of: node) }
    }

    @Test func nothingIsLeftOutIfThereAreNoMoreThanAreWanted() {
        let draw = ResultDraw(from: [count("a", 40), count("b", 60)], most: 100)
        #expect(draw.isWhole && draw.drawn.isEmpty)
        #expect(taken(draw, of: "a", latents: 1000).count == 1000)
        #expect(ResultDraw(from: [], most: 0).isWhole)
    }

    @Test func aNodeWithFewResultsKeepsThemAndOthersShareWhatIsLeft() {
        let draw = ResultDraw(
            from: [count("large", 100_000), count("small", 1000), count("wide", 1_000_000)], most: 21_000)
        #expect(draw.drawn.map(\.node) == ["large", "wide"] && draw.drawn.map(\.results) == [100_000, 1_000_000])
        #expect(taken(draw, of: "small", latents: 1000).count == 1000)
        // Ten thousand each, with five standard deviations of a binomial count.
        #expect((9500...10_500).contains(taken(draw, of: "large", latents: 100_000).count))
        #expect((9500...10_500).contains(taken(draw, of: "wide", latents: 1_000_000).count))
    }

    @Test func theResultsOfANodeOverSeveralCodersCountTogether() {
        let counts = [count("a", 600, coder: "x"), count("a", 600, coder: "y"), count("b", 100)]
        let draw = ResultDraw(from: counts, most: 700)
        #expect(draw.drawn.map(\.node) == ["a"] && draw.drawn.map(\.results) == [1200])
    }

    @Test func whatANodeWithLessKeepsIsKeptByOneWithMoreToo() {
        let draw = ResultDraw(from: [count("less", 100_000), count("more", 20_000)], most: 10_000)
        let (less, more) = (taken(draw, of: "less", latents: 20_000), taken(draw, of: "more", latents: 20_000))
        #expect(!less.isEmpty && less.count < more.count && Set(less).isSubset(of: more))
    }

    @Test func neighboursAreDrawnIndependently() {
        let draw = ResultDraw(from: [count("a", 100_000)], most: 50_000)
        let pairs = (0..<99_999).count { draw.takes($0, of: "a") && draw.takes($0 + 1, of: "a") }
        #expect((24_000...26_000).contains(pairs))
    }
}

/// Reports of states with more results than are read.
@Suite struct DrawnReportTests {
    private static let latents = 400

    private func score(_ latent: Int, node: String = "executed") -> Score {
        Fixture.score(latent, Double(latent) / Double(Self.latents), node: node, explainedBy: "lexical")
            .with { $0.explanation = Fixture.hash(UInt64(10_000 + latent)) }
    }

    private func explanation(_ latent: Int) -> Explanation {
        Fixture.explanation(UInt64(10_000 + latent), latent: latent)
    }

    /// All latents are explained and scored, and eight of them judged.
    private func fill(_ store: Store, where owns: (Int) -> Bool = { _ in true }) throws {
        let own = (0..<Self.latents).filter(owns)
        try store.record(
            explanations: own.map { explanation($0) },
            scores: own.map { score($0) } + own.filter { $0 % 50 == 0 }.map { score($0, node: "judged") })
    }

    @Test func meansAreThoseOfTheLatentsDrawn() throws {
        let directory = try TemporaryDirectory()
        try fill(try directory.store())
        let report = try RunReport(directory: directory.state, most: 208)
        let draw = ResultDraw(from: try Store.reader(directory: directory.state).resultCounts(), most: 208)
        let latents = (0..<Self.latents).filter { draw.takes($0, of: "executed") }
        #expect((60...140).contains(latents.count))
        let executed = try #require(report.summaries.first { $0.node == "executed" })
        #expect(Set(executed.scores.map(\.latent)) == Set(latents))
        let mean = latents.reduce(0) { $0 + Double($1) } / Double(latents.count * Self.latents)
        #expect(abs((executed.mean ?? 0) - mean) < 1e-12)
        #expect(report.explanations.map(\.latent) == latents)
        #expect(
            report.drawn
                == ["executed", "lexical"].map {
                    DrawnResults(node: $0, results: Self.latents, read: latents.count)
                })
    }

    @Test func ofANodeWithFewResultsNoneIsLeftOut() throws {
        let directory = try TemporaryDirectory()
        try fill(try directory.store())
        let report = try RunReport(directory: directory.state, most: 40)
        let judged = try #require(report.summaries.first { $0.node == "judged" })
        #expect(judged.scores.map(\.latent).sorted() == Array(stride(from: 0, to: Self.latents, by: 50)))
    }

    @Test func whatStandsIsToldByAllResultsOfALatent() throws {
        let directory = try TemporaryDirectory()
        let store = try directory.store()
        try fill(store)
        let old = explanation(50)
        let new = Fixture.explanation(
            9, latent: 50, epoch: 2, again: ExplainedAgain(standing: old.job, reason: .grown))
        try store.record(
            explanations: [new],
            choices: [
                Choice(
                    challenger: new.job, standing: old.job, node: "lexical", coder: Fixture.coder, latent: 50,
                    reason: .grown, outcome: .replaced, scores: [], epoch: 2)
            ])
        // Its explanation is not drawn; the score of what it has replaced is none of what stands.
        let report = try RunReport(directory: directory.state, most: 24)
        #expect(!report.explanations.map(\.latent).contains(50))
        let judged = try #require(report.summaries.first { $0.node == "judged" })
        #expect(judged.scores.count == 7 && !judged.scores.map(\.latent).contains(50))
    }

    @Test(arguments: [1, 2]) func sharesGiveTheDrawOfOneProcess(count: Int) throws {
        let state = try PartedState(count)
        try fill(state.whole)
        for (number, share) in state.shares.enumerated() { try fill(share) { state.owner(of: $0) == number } }
        let (whole, joined) = (
            try RunReport(directory: state.wholePath, most: 100), try RunReport(directory: state.path, most: 100)
        )
        #expect(joined.drawn == whole.drawn && !whole.drawn.isEmpty)
        #expect(joined.explanations == whole.explanations)
        #expect(joined.summaries.map(\.scores) == whole.summaries.map(\.scores))
    }

    @Test func aDrawIsSaidAndAWholeReportSaysNothing() throws {
        let directory = try TemporaryDirectory()
        try fill(try directory.store())
        func text(_ most: Int) throws -> (table: String, json: String) {
            let report = try RunReport(directory: directory.state, most: most)
            return (
                ReportTable(report: report, best: 1, width: 1000).text, try ReportJSON.text(report)
            )
        }
        let (drawn, whole) = (try text(100), try text(1000))
        #expect(
            drawn.table.contains("of latents drawn at random: ") && drawn.table.contains("of 400 results of lexical"))
        #expect(drawn.json.contains(#""drawn":{"executed":{"read":"#))
        #expect(!whole.table.contains("drawn at random") && !whole.json.contains(#""drawn""#))
    }
}

import Elements
import Foundation
import StateFixtures
import Store
import Testing

@testable import Reports

@Suite struct MeaningSummaryTests {
    private let directory: TemporaryDirectory
    private let store: Store

    init() throws {
        directory = try TemporaryDirectory()
        store = try directory.store()
    }

    private func explanation(_ latent: Int, meanings: Double, separation: Double? = 0.5, parts: Int) -> Explanation {
        var explanation = Fixture.explanation(UInt64(latent), latent: latent, text: "text \(latent)", node: "parted")
        explanation.parts = ExplanationParts(
            meanings: meanings, clusters: max(parts, 1), separation: separation, rest: 0.1,
            parts: (0..<parts).map {
                ExplanationPart(
                    text: "part \($0 + 1) of \(latent)", predicate: nil, weight: 0.5, windows: 9, reach: 0)
            }, tokens: [])
        return explanation
    }

    private func score(_ explanation: Explanation, _ value: Double, parts: [Double], control: String? = nil) -> Score {
        func estimate(_ value: Double) -> Estimate { Estimate(value: value, lower: value, upper: value, count: 20) }
        let plain = Fixture.score(
            explanation.latent, value, node: "executed", method: "execution", explainedBy: "parted", control: control)
        var score = Score(
            job: plain.job, node: plain.node, method: plain.method, coder: plain.coder, latent: plain.latent,
            explanation: explanation.job, explainedBy: "parted", text: explanation.text, headline: estimate(value),
            details: Dictionary(
                uniqueKeysWithValues: parts.enumerated().map { ("part_\($0 + 1)", estimate($1)) }
                    + [("share_in_no_part", estimate(value < 0.65 ? 0.5 : 0.25))]), judged: 40,
            failed: 0, tokensIn: 0, tokensOut: 0)
        score.control = control
        return score
    }

    private func record() throws {
        let all = [
            explanation(1, meanings: 1, separation: nil, parts: 0),
            explanation(2, meanings: 1, separation: nil, parts: 0),
            explanation(3, meanings: 1.5, separation: 0.3, parts: 2),
            explanation(4, meanings: 2.5, separation: 0.6, parts: 3),
        ]
        try store.record(
            explanations: all,
            scores: [
                score(all[0], 0.9, parts: []), score(all[2], 0.7, parts: [0.9, 0.6]),
                score(all[3], 0.6, parts: [1, 0.8]),
                score(all[3], 0.5, parts: [0.1], control: "shuffled"),
            ])
    }

    @Test func latentsAreCountedByClustersAndPartsSetBesideTheWhole() throws {
        try record()
        let summary = try #require(try RunReport(directory: directory.state).meanings.first)
        #expect(summary.node == "parted" && summary.latents == 4 && summary.byClusters == [1: 2, 2: 1, 3: 1])
        #expect(summary.several?.value == 0.5 && summary.median == 2 && summary.unexplained == 0)
        #expect(summary.explanations.map(\.latent) == [4, 3])
        let scorer = try #require(summary.scorers.first)
        #expect(summary.scorers.count == 1 && (scorer.node, scorer.method) == ("executed", "execution"))
        #expect(scorer.latents == 2 && scorer.parts == 4)
        #expect(abs((scorer.inNoPart ?? 0) - 0.375) < 1e-12)
        #expect(abs((scorer.together?.value ?? 0) - 0.65) < 1e-12)
        #expect(abs((scorer.apart?.value ?? 0) - (0.75 + 0.9) / 2) < 1e-12)
    }

    @Test func theTableShowsCountsScoresAndTheFurthestParts() throws {
        try record()
        let report = try RunReport(directory: directory.state)
        let lines = MeaningTable(summaries: report.meanings, best: 1, width: 120).lines
        #expect(lines[1] == "MEANINGS BY parted (clusters of the windows in which a latent fires)")
        #expect(lines[2].hasPrefix("  latents by meanings 1: 2, 2: 1, 3: 1; more than one: .50 ["))
        #expect(
            lines[4].contains("executed") && lines[4].contains(".65 [") && lines[4].contains(" .82 [")
                && lines[4].contains(" .38"))
        #expect(
            Array(lines.dropFirst(5)) == [
                "  codes/4  2.50 meanings, separation .60, rest .10",
                "    (1) .50  executed 1.00  part 1 of 4", "    (2) .50  executed .80  part 2 of 4",
                "    (3) .50  part 3 of 4",
            ])
        #expect(ReportTable(report: report, best: 0, width: 80).text.contains("\nMEANINGS BY parted"))
    }

    @Test func theJSONHasPartsWithTheirScores() throws {
        #expect(try !ReportJSON.text(RunReport(directory: directory.state)).contains("\"meanings\""))
        try record()
        let text = try ReportJSON.text(RunReport(directory: directory.state))
        let object = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
        let summary = try #require((object["meanings"] as? [[String: Any]])?.first)
        #expect(summary["by_clusters"] as? [String: Int] == ["1": 2, "2": 1, "3": 1])
        let latent = try #require((summary["of_several"] as? [[String: Any]])?.first)
        #expect(latent["latent"] as? Int == 4 && latent["meanings"] as? Double == 2.5)
        let parts = try #require(latent["parts"] as? [[String: Any]])
        let scores = try #require(parts[1]["scores"] as? [[String: Any]])
        #expect(parts.count == 3 && scores.first?["value"] as? Double == 0.8 && scores.first?["n"] as? Int == 20)
        #expect((parts[2]["scores"] as? [Any])?.isEmpty == true)
    }

    @Test func anExplanationOfSeveralMeaningsIsPrintedWithTheirNumber() {
        let line = EventLine.text(
            of: ResultEnvelope.json(explanation(4, meanings: 2.5, parts: 3), at: Fixture.time))
        #expect(line == "12:04:31Z explain codes/4  lexical 2.50 meanings unscored  \"text 4\"")
    }
}

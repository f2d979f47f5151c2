import Elements
import Foundation
import StateFixtures
import Store
import Testing

@testable import Reports
@testable import StateNotes

@Suite struct ReportTableTests {
    private let directory: TemporaryDirectory
    private let store: Store

    init() throws {
        directory = try TemporaryDirectory()
        store = try directory.store()
    }

    private func lines(best: Int, width: Int = 160) throws -> [String] {
        let report = try RunReport(directory: directory.state)
        return ReportTable(report: report, best: best, width: width).text.components(separatedBy: "\n")
    }

    private static let title =
        "SCORES (balanced accuracy, for embedding and surprisal AUROC; chance is .50), each with its controls"
    private static let heading =
        "  node        method      explained by  latents mean   95 %       25 %  median 75 %  AUROC  failed tokens "

    @Test func beforeTheFirstScoreItSaysThatThereIsNone() throws {
        #expect(try lines(best: 3) == ["", "no scores yet"])
    }

    @Test func whatAScorerFoundStandsInOneRowAboveItsControls() throws {
        try store.record(scores: [
            Fixture.score(1, 1, auroc: 0.5), Fixture.score(2, 0.5, auroc: 1, failed: 3),
            Fixture.score(3, nil, failed: 40), Fixture.control(1, 0.25), Fixture.control(2, 0.5, failed: 7),
        ])
        #expect(
            try lines(best: 0).prefix(7) == [
                "", Self.title, Self.heading,
                "  detected    detection   prose         2       .75    [.50–1.00] .62   .75    .88   .75    43     0      ",
                "    control shuffled: .38 [.25–.50] over 2 latents",
                "    control random_coder: not available (no encode node with `coder: random` at this hookpoint has scores "
                    + "of this method)",
                "    control constant_answers: .50 [.50–.50]",
            ])
    }

    @Test func aPassageStandsBelowEachLatentThatIsListed() throws {
        try store.record(scores: (1...5).map { Fixture.score($0, Double($0) / 10) })
        let report = try RunReport(directory: directory.state)
        let coder = try #require(report.summaries.first).coder
        #expect(report.listed(best: 2) == [coder: [5, 4, 2, 1]])
        let table = ReportTable(
            report: report, best: 2, width: 100,
            passages: [coder: [5: "that <<fires>>", 1: "and \u{1B}<<so>>"], "other": [4: "not <<this>>"]])
        let lines = table.text.components(separatedBy: "\n")
        let places = lines.indices.filter { lines[$0].hasPrefix("      ") && lines[$0].contains("<<") }
        #expect(places.map { lines[$0] } == ["      that <<fires>>", "      and <<so>>"])
        // What speaks against a score stands between.
        #expect(places.map { lines[$0 - 2].contains("/5 ") || lines[$0 - 2].contains("/1 ") } == [true, true])
    }

    @Test func aControlThatIsMissingIsSaidToBe() throws {
        try store.record(scores: [Fixture.score(1, 1)])
        #expect(
            try lines(best: 0).contains(
                "    control shuffled: not available (no explanation of another latent has been scored)"))
    }

    @Test func figuresThatAreMissingAreNotAvailable() throws {
        try store.record(scores: [Fixture.score(3, nil, failed: 40)])
        #expect(
            try lines(best: 2)[3]
                == "  detected    detection   prose         0       n/a    n/a        n/a   n/a    n/a   n/a    40     n/a    "
        )
    }

    @Test func meansAgreementAndFiringRatesStandInTablesOfTheirOwn() throws {
        func score(_ latent: Int, _ value: Double, node: String, method: String) -> Score {
            Fixture.score(latent, value, node: node, method: method, firingRate: Double(latent) / 100)
        }
        try store.record(
            scores: (1...10).flatMap { latent -> [Score] in
                [
                    score(latent, Double(latent) / 10, node: "executed", method: "execution"),
                    score(latent, Double(latent * latent) / 100, node: "embedded", method: "embedding"),
                ]
            })
        let lines = try lines(best: 0)
        #expect(lines.contains("  embedded(prose) ~ executed(prose): 1.00, .97 over 10 latents"))
        #expect(lines.contains { $0.hasPrefix("  executed(prose)             .55 [") && $0.contains(" .70 [") })
        #expect(
            lines.contains(
                "  executed(prose)             .10   .20   .30   .40   .50   .60   .70   .80   .90   1.00  "))
    }

    @Test func theBestAndTheWorstAreListedEachLabelBehindItsScore() throws {
        try store.record(
            scores: (1...5).map { Fixture.score($0, 1 - Double($0) / 8, text: "label \($0)", failed: $0) })
        #expect(
            try Array(lines(best: 2).drop { !$0.hasSuffix("the best 2 of 5") }) == [
                "detection of prose: the best 2 of 5",
                "  codes/1         .88 [.78–.97] n=40 f=1       label 1",
                "  codes/2         .75 [.65–.85] n=40 f=2       label 2",
                "detection of prose: the worst 2 of 5",
                "  codes/4         .50 [.40–.60] n=40 f=4       label 4", "      ! not told from chance (.50)",
                "  codes/5         .38 [.28–.47] n=40 f=5       label 5",
                "      ! below chance (.50); 5 of 45 verdicts failed",
            ])
    }

    @Test func eachLatentsOwnControlStandsBesideItsScore() throws {
        try store.record(scores: [
            Fixture.score(1, 0.93, text: "dates"), Fixture.control(1, 0.86), Fixture.score(2, 0.75, text: "months"),
            Fixture.control(2, 0.8),
        ])
        #expect(
            try Array(lines(best: 2).drop { !$0.hasSuffix("the best 2 of 2") }.dropFirst()) == [
                "  codes/1         .93 [.83–1.03] n=40 f=0      shuffled .86  dates",
                "  codes/2         .75 [.65–.85] n=40 f=0       shuffled .80  months",
                "      ! its control is as high (.80)",
            ])
    }

    /// Nothing is lost where the terminal is narrow: the last columns stand below their row.
    @Test func aRowThatIsTooWideGoesOnBelowItself() throws {
        try store.record(scores: [Fixture.score(1, 1, auroc: 0.5), Fixture.score(2, 0.5, auroc: 1, failed: 3)])
        let lines = try lines(best: 0, width: 80)
        #expect(lines.allSatisfy { $0.count <= 80 }, "\(lines.filter { $0.count > 80 })")
        let row = try #require(lines.firstIndex { $0.hasPrefix("  detected detection prose") })
        #expect(lines[row + 1].hasPrefix("    ") && lines[row + 1].hasSuffix("failed 3, tokens 0"))
    }

    @Test func noLatentIsListedTwice() throws {
        try store.record(scores: [Fixture.score(1, 0.75), Fixture.score(2, 0.5), Fixture.score(3, 0.25)])
        let listed = try lines(best: 2).filter { $0.contains("codes/") }.map { $0.prefix(9) }
        #expect(listed == ["  codes/1", "  codes/2", "  codes/3"])
        #expect(try lines(best: 2).contains("detection of prose: the worst 1 of 3"))
        #expect(try !lines(best: 3).contains { $0.contains("worst") })
    }

    @Test(arguments: [60, 80, 100, 200])
    func aLabelIsNeverCutAndNothingIsWiderThanTheTerminal(width: Int) throws {
        let words = (0..<40).map { "word\($0)" }
        try store.record(scores: [
            Fixture.score(1, 0.9, text: words.joined(separator: " ")), Fixture.control(1, 0.5), Fixture.score(2, 0.2),
        ])
        let lines = try lines(best: 1, width: width)
        #expect(lines.allSatisfy { $0.count <= width }, "\(lines.filter { $0.count > width })")
        let shown = lines.joined(separator: " ").split(separator: " ").map(String.init).filter { $0.hasPrefix("word") }
        #expect(shown == words)
    }

    @Test(arguments: ["🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂", "layers.10.mlp.down_proj"])
    func aNameIsNeverCut(name: String) throws {
        let coder = CoderIdentity(name: name, hookpoint: "layers.10", latents: 9, digest: Fixture.hash(3))
        try store.record(scores: [Fixture.score(123_456, 0.75, text: "dates", coder: coder)])
        let place = "\(name)/123456"
        let space = String(repeating: " ", count: max(0, 14 - place.count))
        #expect(try lines(best: 1).last == "  \(place)\(space)  .75 [.65–.85] n=40 f=0       dates")
    }

    @Test func aWordWiderThanTheRoomStandsByItself() throws {
        let letters = String(repeating: "e\u{301}", count: 40)
        try store.record(scores: [Fixture.score(1, 0.75, text: letters)])
        #expect(try #require(try lines(best: 1, width: 80).last).hasSuffix(" " + letters))
    }

    @Test func openAndFailedJobsAndRefusedRecordsAreNamed() throws {
        try store.insertJobs([Fixture.job(1), Fixture.job(2), Fixture.job(3)])
        try store.fail(job: Fixture.hash(3), reason: "no answer", attempts: 1)
        try store.commit(CheckpointCommit(epoch: 1, deadLetters: [Fixture.letter(1), Fixture.letter(2)]))
        #expect(
            try lines(best: 0) == [
                "", "no scores yet", "", "1 jobs of prose are failed", "  1: no answer (codes/3)",
                "2 jobs of prose are open",
                "2 records were refused: not-utf8",
            ])
    }

    @Test func theEvidenceIsNamedWithItsDigestAndWhetherItIsExact() throws {
        let note = try JSONDecoder().decode(
            EvidenceNote.self,
            from: Data(
                """
                {"node":"evidence","digest":"ab","epoch":1,"latents":256,"fired":17,"countsDigest":"cd",\
                "totals":{"tokens":1000,"contexts":8,"windows":32,"shortWindows":1}}
                """.utf8))
        try EvidenceNote.notes.write(note, of: note.node, to: store)
        #expect(
            try lines(best: 0).prefix(2) == [
                "evidence  1000 tokens, 32 windows, 17 of 256 latents have fired", "  evidence_digest ab",
            ])
        try store.setMeta("evidence.exact", "false")
        try store.setMeta("evidence.mixed", "true")
        #expect(
            try lines(best: 0).dropFirst().first
                == "  evidence_digest ab  (inexact: records were skipped or counted twice)"
                + "  (mixed: computed by more than one CPU kernel)")
    }

    @Test(arguments: [(64, true), (256, false)]) func aLoweredSampleIsSaidAfterTheDigest(sample: Int, isSaid: Bool)
        throws
    {
        let note = EvidenceNote(
            node: "evidence", view: BrokenDownView(positions: [3], firing: [([3], [])]), epoch: 1,
            sample: SampleSizes(inForce: sample, asked: 256))
        try EvidenceNote.notes.write(note, of: "evidence", to: store)
        let lines = try lines(best: 1)
        let digest = try #require(lines.firstIndex { $0.contains("evidence_digest") })
        #expect(
            (lines[digest + 1]
                == "  64 windows sampled per latent, of 256 asked for: state.memory was short") == isSaid)
        #expect(lines.contains { $0.contains("asked for") } == isSaid)
    }

    @Test func theTablesStandInOneOrderEachAfterAnEmptyLine() throws {
        func score(_ latent: Int, node: String) -> Score {
            Fixture.score(latent, Double(latent) / 10, node: node, firingRate: Double(latent)).with {
                $0.details["current"] = $0.headline
                $0.details["true_positive_rate_block_0"] = $0.headline
                ($0.tokensIn, $0.tokensOut) = (100, 10)
                $0.sequential = SequentialAccount(verdict: "undecided", threshold: 0.7, asked: 1, available: 2)
            }
        }
        let view = BrokenDownView(positions: [3], firing: [([3], [])])
        try EvidenceNote.notes.write(EvidenceNote(node: "evidence", view: view, epoch: 1), of: "evidence", to: store)
        try SkippedLatents.notes.write(
            SkippedLatents(node: "a", coder: "codes", taken: 9, dead: 1, tooFew: 0, tooFewHeldOut: 0, tooDense: 0),
            of: "a", to: store)
        try ModelSpend.note.write(["judge": ModelSpend()], to: store)
        let again = ExplainedAgain(standing: Fixture.hash(1), reason: .grown)
        try store.record(
            explanations: [Fixture.explanation(101, again: again)],
            scores: (1...10).flatMap { [score($0, node: "a"), score($0, node: "b")] })
        try store.insertJobs([Fixture.job(77)])
        let lines = try lines(best: 1)
        let titles = zip(lines, lines.dropFirst()).filter { $0.0.isEmpty }.map { $0.1.prefix(14) }
        #expect(
            titles == [
                "SCORES (balanc", "MEANS over lat", "CURRENT BESIDE", "EXPLAINED AGAI", "AGREEMENT OF S",
                "SCORERS COMPAR", "MEAN SCORE BY ", "SHARE FOUND BY", "ACTIVITY of ev", "LATENTS WITHOU",
                "TOKENS PER LAT", "ASKED ONLY UNT",
                "SPENT ON SERVE",
                "detection of p", "detection of p", "1 jobs of pros",
            ])
    }

    @Test func anExplanationOfAServerStaysOneLineOfPlainText() throws {
        try store.record(scores: [Fixture.score(1, 1, text: "a\u{1B}[2J\nb\u{202E}c\u{9B}31m")])
        #expect(try lines(best: 1).contains { $0.hasSuffix("a[2J bc31m") })
    }
}

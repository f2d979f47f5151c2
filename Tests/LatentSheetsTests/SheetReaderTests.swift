import Elements
import Evidence
import Foundation
import Hashing
import StateFixtures
import Store
import Testing

@testable import Interchange
@testable import LatentSheets

@Suite struct SheetReaderTests {
    private let directory: TemporaryDirectory
    private let store: Store

    init() throws {
        directory = try TemporaryDirectory()
        store = try directory.store()
    }

    private func reader(
        _ coder: LetterCoder = LetterCoder(), evidence: EvidenceUpdate? = nil
    ) -> SheetReader {
        SheetReader(store: store, coders: [coder], evidence: { _ in evidence })
    }

    private func sheet(_ latent: Int, _ reader: SheetReader) throws -> LatentSheet {
        try #require(try reader.sheet(of: LatentKey(coder: "codes", latent: latent)))
    }

    @Test func everythingAboutALatentIsInOneSheet() throws {
        let train = (0..<20).map { SheetFixture.example(UInt64($0), [0, Float($0 + 1), 0, 0]) }
        let first = SheetFixture.explanation(1, shown: [Fixture.hash(3)])
        let near = SheetFixture.explanation(5, latent: 6, text: "times")
        let score = SheetFixture.score(2, of: first, 0.84)
        try store.record(
            explanations: [first, near],
            scores: [
                score, SheetFixture.score(3, of: first, 0.51, control: "shuffled"),
                SheetFixture.score(6, of: near, 0.8),
            ])
        try store.keep(
            verdicts: KeptVerdicts(examples: [
                KeptVerdicts.Example(tokens: [1, 1], marked: [], isPositive: false, isYes: false)
            ]).bytes, of: score.job)
        var coder = LetterCoder()
        coder.changes = (0..<40).map { Float($0) }
        coder.near = [LatentNeighbour(latent: 6, similarity: 0.71), LatentNeighbour(latent: 2, similarity: 0.5)]
        let evidence = SheetFixture.update(
            [SheetFixture.evidence(3, train: train, top: Array(train.suffix(4).reversed()))],
            pool: (0..<12).map { SheetFixture.silent(UInt64($0)) })
        let shown = try sheet(3, reader(coder, evidence: evidence))

        #expect(shown.state == .scored && !shown.isUnscored)
        #expect(shown.labels.map(\.text) == ["dates"])
        #expect(shown.labels.first?.made == "2026-11-23T12:04:31.120Z")
        #expect(shown.labels.first?.scores.map(\.text) == ["detection .84 [.60–.90] n=40 f=0"])
        #expect(shown.labels.first?.scores.first?.control?.value == 0.51)
        #expect(shown.activity?.tokensFired == 20)
        #expect(shown.promotion?.raised.first?.id == 39)
        #expect(shown.neighbours.filter { $0.measure == .decoder }.map(\.latent) == [6, 2])
        #expect(shown.neighbours.first?.label == "times" && shown.neighbours.first?.score?.headline?.value == 0.8)
        #expect(shown.neighbours.first { $0.latent == 2 }?.label == nil)
        #expect(
            shown.examples.map(\.name) == ["top", "tenths", "random", "negatives", "shown-words", "judged-detected"])
        #expect(shown.examples.first?.examples.first?.peak == 20)
        #expect(shown.provenance == [SheetFact("hookpoint", "layers.10")])
        #expect(shown.history.map(\.text) == ["dates"])
    }

    @Test func aSheetIsTheSameAfterItsJSON() throws {
        let first = SheetFixture.explanation(1)
        try store.record(explanations: [first], scores: [SheetFixture.score(2, of: first, 0.84)])
        let shown = try sheet(
            3,
            reader(
                evidence: SheetFixture.update([
                    SheetFixture.evidence(3, train: [SheetFixture.example(1, [1, 0, 0, 0])])
                ])))
        let again = try JSONDecoder().decode(LatentSheet.self, from: try JSONEncoder().encode(shown))
        #expect(again == shown)
    }

    @Test func aLatentThatNothingIsKnownOfIsShownAsThat() throws {
        let shown = try sheet(4, reader())
        #expect(shown.state == .collecting && shown.labels.isEmpty && shown.isUnscored)
        #expect(shown.activity == nil && shown.examples.isEmpty && shown.neighbours.isEmpty)
        let dead = try sheet(4, reader(evidence: SheetFixture.update([])))
        #expect(dead.state == .dead && dead.activity?.tokensFired == 0)
    }

    @Test(arguments: [("codes", 8), ("codes", -1), ("other", 0)])
    func whatIsNotThereHasNoSheet(coder: String, latent: Int) throws {
        #expect(try reader().sheet(of: LatentKey(coder: coder, latent: latent)) == nil)
    }

    @Test func aLatentWaitsIsScoredOrHasFailed() throws {
        func job(_ number: UInt64, _ kind: JobKind, _ latent: Int) -> PlannedJob {
            PlannedJob(
                id: Fixture.hash(number), node: "\(kind)s", kind: kind, coder: "codes", latent: latent, payload: [])
        }
        try store.insertJobs([
            job(1, .explain, 1), job(2, .explain, 2), job(3, .score, 3), job(4, .score, 5), job(5, .explain, 2),
        ])
        try store.fail(job: Fixture.hash(2), reason: "the judge says 401", attempts: 3)
        try store.fail(job: Fixture.hash(4), reason: "cut off", attempts: 1)
        try store.record(explanations: [
            SheetFixture.explanation(13, latent: 3), SheetFixture.explanation(15, latent: 5),
            SheetFixture.explanation(16, latent: 6),
        ])
        let reader = reader()
        #expect(
            try (1...6).map { try sheet($0, reader).state } == [
                .queued, .queued, .scoring, .collecting, .failed, .unscored,
            ])
        #expect(try sheet(2, reader).failures.map(\.reason) == ["the judge says 401"])
        #expect(try sheet(2, reader).failures.map(\.attempts) == [3])
        let index = try LatentIndex(store: store, coders: [LetterCoder()], evidence: { _ in nil })
        #expect(
            index.rows.map(\.state) == [
                .collecting, .queued, .queued, .scoring, .collecting, .failed, .unscored, .collecting,
            ])
    }

    @Test func whatAModelWroteIsReadBeforeWhatWasCounted() throws {
        try store.record(explanations: [
            SheetFixture.explanation(1, text: "contains a", node: "lexical"),
            SheetFixture.explanation(2, text: "", node: "a-none"),
            SheetFixture.explanation(3, text: "dates", node: "words", model: "judge"),
        ])
        #expect(try sheet(3, reader()).labels.map(\.node) == ["words", "lexical", "a-none"])
        let index = try LatentIndex(store: store, coders: [LetterCoder()], evidence: { _ in nil })
        #expect(index.rows[3].label == "dates")
    }

    @Test func aReplacedExplanationIsHistoryWithWhatDecided() throws {
        let first = SheetFixture.explanation(1, text: "numbers")
        var second = SheetFixture.explanation(2, text: "dates", epoch: 8)
        second.provenance.again = ExplainedAgain(standing: first.job, reason: .grown)
        try store.record(explanations: [first])
        try store.record(
            explanations: [second],
            choices: [
                Choice(
                    challenger: second.job, standing: first.job, node: "words", coder: SheetFixture.coder, latent: 3,
                    reason: .grown, outcome: .replaced,
                    scores: [PairedScore(node: "detected", standing: 0.7, challenger: 0.8)], epoch: 8)
            ])
        let shown = try sheet(3, reader())
        #expect(shown.labels.map(\.text) == ["dates"])
        #expect(shown.history.map(\.text) == ["numbers", "dates"])
        #expect(shown.history.map(\.outcome) == [nil, "replaced"])
        #expect(shown.history[1].comparison == ["detected: .70 → .80"])
        #expect(shown.history[0].until == "2026-11-23T12:04:31.120Z" && shown.history[1].until == nil)
    }
}

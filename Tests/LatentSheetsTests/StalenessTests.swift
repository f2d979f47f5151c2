import Elements
import Evidence
import Lineage
import StateFixtures
import Store
import Testing

@testable import LatentSheets

/// What is said of explanations whose evidence has changed, against the rule that explains again.
@Suite struct StalenessTests {
    private let directory: TemporaryDirectory
    private let store: Store
    private let low = (0..<64).map { SheetFixture.example(UInt64($0), [0, Float($0 + 1) / 64]) }
    private let high = (0..<64).map { SheetFixture.example(UInt64($0), [0, 2 + Float($0 + 1) / 64]) }

    init() throws {
        directory = try TemporaryDirectory()
        store = try directory.store()
    }

    private func founded(
        _ number: UInt64, latent: Int = 3, on evidence: LatentEvidence, again: UInt64? = nil
    ) -> Explanation {
        var explanation = SheetFixture.explanation(number, latent: latent, epoch: 7 + number)
        explanation.provenance.basis = EvidenceBasis(of: evidence)
        explanation.provenance.again = again.map { ExplainedAgain(standing: Fixture.hash($0), reason: .grown) }
        return explanation
    }

    private func evidence(_ fired: UInt64, _ train: [Example]) -> LatentEvidence {
        SheetFixture.evidence(3, fired: fired, train: train)
    }

    private func coder(
        _ rule: ReexplanationRule = ReexplanationRule(), compared: Reexplaining.Latents = .all
    ) -> LetterCoder {
        var coder = LetterCoder()
        coder.reexplained = ["words": Reexplaining(rule: rule, compared: compared)]
        return coder
    }

    /// The row and the label of latent 3 by some evidence; both must say the same.
    private func found(_ coder: LetterCoder, _ evidence: LatentEvidence) throws -> (row: LatentRow, label: SheetLabel) {
        let update = SheetFixture.update([evidence])
        let index = try LatentIndex(store: store, coders: [coder], evidence: { _ in update })
        let reader = SheetReader(store: store, coders: [coder], evidence: { _ in update })
        let sheet = try #require(try reader.sheet(of: LatentKey(coder: "codes", latent: 3)))
        let label = try #require(sheet.labels.first)
        let row = index.rows[3]
        #expect(row.stale == label.stale && row.state == sheet.state)
        return (row, label)
    }

    @Test func whatHasGrownOrMovedIsStaleUntilItIsExplainedAgain() throws {
        let first = founded(1, on: evidence(100, low))
        try store.record(explanations: [first], scores: [SheetFixture.score(2, of: first, 0.8)])
        #expect(try found(coder(), evidence(101, low)).row.state == .scored)
        let grown = try found(coder(), evidence(520, low))
        #expect(grown.row.state == .stale && grown.label.stale?.text == "windows grown 5.2 ×")
        #expect(grown.row.stale?.isExplainedAgain == true)
        let moved = try found(coder(), evidence(101, high))
        #expect(moved.row.state == .stale && moved.row.stale?.reason == "moved")
        // No peak of now is among those of then.
        #expect(moved.row.stale?.text == "evidence moved 1.00")
        // One that challenges it rests on the evidence of now.
        try store.record(explanations: [founded(4, on: evidence(520, low), again: 1)])
        #expect(try found(coder(), evidence(520, low)).row.state == .scored)
    }

    @Test func aScoreThatHasFallenMakesItStale() throws {
        let first = founded(1, on: evidence(100, low))
        func score(_ number: UInt64, _ epoch: UInt64, current: Estimate? = nil) -> Score {
            var score = SheetFixture.score(number, of: first, 0.8, lower: 0.7, upper: 0.9)
            score.round = ScoringRound(epoch: epoch, windowsFired: 100, recent: [])
            score.details[Score.currentName] = current
            return score
        }
        try store.record(explanations: [first], scores: [score(2, 8)])
        #expect(try found(coder(), evidence(101, low)).row.state == .scored)
        try store.record(scores: [score(3, 9, current: Estimate(value: 0.5, lower: 0.4, upper: 0.6, count: 40))])
        let fallen = try found(coder(), evidence(101, low))
        #expect(fallen.row.state == .stale && fallen.row.stale?.text == "score fallen")
        #expect(fallen.row.stale?.amount == nil)
    }

    @Test func whereNothingIsExplainedAgainTheUsualRuleSaysSo() throws {
        let first = founded(1, on: evidence(100, low))
        try store.record(explanations: [first])
        // A score node compares the explanations of the latents that it takes, and of no others.
        for other in [coder(ReexplanationRule(regrowth: 0, drift: false)), coder(compared: .only([2, 4]))] {
            let found = try found(other, evidence(400, low))
            #expect(found.row.state == .stale && found.row.stale?.isExplainedAgain == false)
        }
        let taken = try found(coder(compared: .only([2, 3])), evidence(400, low))
        #expect(taken.row.state == .stale && taken.row.stale?.isExplainedAgain == true)
        // A node that never explains again, or evidence that is not known, says nothing.
        #expect(try found(LetterCoder(), evidence(400, low)).row.state == .unscored)
        let index = try LatentIndex(store: store, coders: [coder()], evidence: { _ in nil })
        #expect(index.rows[3].state == .unscored && index.rows[3].stale == nil)
    }

    @Test func anExplanationWhoseEvidenceWasNotNotedIsNeverStale() throws {
        try store.record(explanations: [SheetFixture.explanation(1)])
        #expect(try found(coder(), evidence(1 << 40, high)).row.state == .unscored)
    }

    @Test func staleLatentsAreFoundCountedAndLookedAtAfterWhatFailed() throws {
        let first = founded(1, on: evidence(100, low))
        let other = founded(5, latent: 6, on: evidence(100, low))
        try store.record(
            explanations: [first, other],
            scores: [SheetFixture.score(2, of: first, 0.9), SheetFixture.score(6, of: other, 0.4)])
        let update = SheetFixture.update([evidence(500, low), SheetFixture.evidence(6, fired: 100, train: low)])
        let index = try LatentIndex(store: store, coders: [coder()], evidence: { _ in update })
        var query = LatentQuery()
        query.states = [.stale]
        #expect(query.found(in: index).rows.map(\.latent) == [3])
        query.states = []
        query.order = .attention
        #expect(query.found(in: index).rows.prefix(2).map(\.latent) == [3, 6])
        let overview = try Overview(index, coders: [coder()], store: store, tokens: { _ in 1000 })
        #expect(overview.coders.first?.states.map(\.state) == [.scored, .stale, .dead])
        #expect(overview.attention.map(\.latent) == [3, 6])
    }

    /// Peaks are decoded again only once the latent has fired in a quarter more windows.
    @Test func peaksAreLookedAtAgainOnlyWhenThereIsMore() {
        let finder = StalenessFinder()
        let first = founded(1, on: evidence(100, low))
        let pasts: ExplanationPasts = [
            "words": [
                3: ReexplanationRule.Past(
                    basis: EvidenceBasis(of: evidence(100, low)), wasReexplained: false, hasDrifted: false)
            ]
        ]
        func isStale(_ fired: UInt64, _ train: [Example]) -> Bool {
            finder.staleness(
                of: first, pasts, coder().reexplained, in: SheetFixture.update([evidence(fired, train)]).view) != nil
        }
        #expect(!isStale(120, low))
        #expect(!isStale(150, high))
        #expect(isStale(151, high))
        #expect(isStale(152, low))
    }

    /// A view that has peaks and whose windows must not be decoded.
    private struct PeaksView: EvidenceView {
        let coder = SheetFixture.coder
        let totals = StreamTotals()
        let digest = Fixture.hash(9)
        let pool: [PoolWindow] = []
        let peaks: [Float]

        func statistics(of latent: Int) -> LatentStatistics { SheetFixture.statistics(fired: 101) }

        func evidence(of latent: Int) -> LatentEvidence {
            Issue.record("the windows of latent \(latent) were decoded")
            return SheetFixture.evidence(latent)
        }

        func trainPeaks(of latent: Int) -> [Float] { peaks }
    }

    @Test func peaksAreReadWithoutTheWindowsThatTheyAreOf() {
        let pasts: ExplanationPasts = [
            "words": [
                3: ReexplanationRule.Past(
                    basis: EvidenceBasis(of: evidence(100, low)), wasReexplained: false, hasDrifted: false)
            ]
        ]
        let found = StalenessFinder().staleness(
            of: founded(1, on: evidence(100, low)), pasts, coder().reexplained,
            in: PeaksView(peaks: high.map(\.peak)))
        #expect(found?.reason == "moved")
    }

    @Test func whatIsShownOfARowIsReadForThoseThatAreShown() throws {
        let first = SheetFixture.explanation(1)
        try store.record(explanations: [first, SheetFixture.explanation(5, latent: 6)])
        try store.record(scores: [SheetFixture.score(2, of: first, 0.8)])
        var coder = LetterCoder()
        coder.sample = 400
        let update = SheetFixture.update([SheetFixture.evidence(3, train: low, test: [high[0]])])
        let index = try LatentIndex(store: store, coders: [coder], evidence: { _ in update })
        #expect(index.rows.allSatisfy { $0.made == nil && $0.evidence == nil })
        let reader = SheetReader(store: store, coders: [coder], evidence: { _ in update })
        let rows = try reader.filled([index.rows[3], index.rows[6], index.rows[0]])
        #expect(rows.map(\.latent) == [3, 6, 0])
        #expect(rows[0].evidence == LatentRow.KeptWindows(kept: 65, asked: 400))
        #expect(rows[1].evidence?.kept == 0 && rows[2].made == nil)
        let score = try #require(try store.datedScore(of: Fixture.hash(2)))
        #expect(rows[0].made == Timestamp.text(score.made))
        let said = try store.datedExplanations(of: LatentKey(coder: "codes", latent: 6))
        #expect(rows[1].made == said.first.map { Timestamp.text($0.made) })
    }
}

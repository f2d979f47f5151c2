import Elements
import StateFixtures
import Store
import Testing

@testable import LatentSheets

@Suite struct LatentQueryTests {
    /// Eight latents: 1 and 2 scored by detection, 3 by embedding, 4 only explained, the others never looked at; densities fall.
    private let index: LatentIndex
    private let overview: Overview

    init() throws {
        let directory = try TemporaryDirectory()
        let store = try directory.store()
        let texts = [1: "ISO dates", 2: "dates of birth", 3: "closing brackets", 4: "Brackets"]
        let explanations = texts.sorted { $0.key < $1.key }.map {
            SheetFixture.explanation(UInt64($0.key), latent: $0.key, text: $0.value)
        }
        try store.record(
            explanations: explanations,
            scores: [
                SheetFixture.score(11, of: explanations[0], 0.9, lower: 0.8, upper: 0.97),
                SheetFixture.score(12, of: explanations[1], 0.6, lower: 0.5, upper: 0.99),
                SheetFixture.score(13, of: explanations[2], 0.7, upper: 0.8, node: "embedded", method: "embedding"),
                SheetFixture.score(14, of: explanations[0], 0.52, control: "shuffled"),
            ])
        try store.insertJobs([
            PlannedJob(
                id: Fixture.hash(99), node: "words", kind: .explain, coder: "codes", latent: 5, payload: [])
        ])
        try store.fail(job: Fixture.hash(99), reason: "refused", attempts: 2)
        let evidence = SheetFixture.update((0..<8).map { SheetFixture.evidence($0, fired: UInt64(200 - 25 * $0)) })
        index = try LatentIndex(store: store, coders: [LetterCoder()], evidence: { _ in evidence })
        overview = try Overview(index, coders: [LetterCoder()], store: store, tokens: { _ in 1000 })
    }

    private func latents(_ change: (inout LatentQuery) -> Void) -> [Int] {
        var query = LatentQuery()
        change(&query)
        return query.found(in: index).rows.map(\.latent)
    }

    @Test func withoutAQueryAllStandInOrder() {
        #expect(latents { _ in } == Array(0..<8))
        #expect(latents { $0.isDescending = true } == Array((0..<8).reversed()))
        #expect(latents { $0.coder = "other" } == [])
    }

    @Test func allWordsMustBeThereWhateverTheirCase() {
        #expect(latents { $0.words = "DATES" } == [1, 2])
        #expect(latents { $0.words = "dates iso" } == [1])
        #expect(latents { $0.words = "brackets" } == [3, 4])
        #expect(latents { $0.words = "codes/5" } == [5])
        #expect(latents { $0.words = "nowhere" } == [])
    }

    @Test func statesScoresAndDensitiesNarrowTheList() {
        #expect(latents { $0.states = [.scored] } == [1, 2, 3])
        #expect(latents { $0.states = [.unscored, .failed] } == [4, 5])
        #expect(latents { $0.leastScore = 0.65 } == [1, 3])
        #expect(
            latents {
                $0.leastScore = 0.65; $0.scorer = "detection"
            } == [1])
        #expect(
            latents {
                $0.mostScore = 0.65; $0.scorer = "detected"
            } == [2])
        #expect(latents { $0.mostDensity = 0.06 } == [6, 7])
    }

    @Test func whatHasNoValueComesLastInEitherDirection() {
        #expect(latents { $0.order = .score }.prefix(3) == [2, 3, 1])
        #expect(
            latents {
                $0.order = .score; $0.isDescending = true
            }.prefix(3) == [1, 3, 2])
        #expect(
            latents {
                $0.order = .score; $0.isDescending = true
            }.suffix(5) == [0, 4, 5, 6, 7])
        #expect(latents { $0.order = .density } == Array((0..<8).reversed()))
    }

    @Test func whatNeedsToBeLookedAtIsWhatFailedAndThenWhatScoresWorstAtBest() {
        #expect(latents { $0.order = .attention }.prefix(4) == [5, 3, 1, 2])
    }

    @Test func aPageSaysHowManyThereAre() {
        var query = LatentQuery()
        query.states = [.scored]
        query.offset = 1
        query.limit = 1
        let found = query.found(in: index)
        #expect(found.rows.map(\.latent) == [2] && found.count == 3 && found.total == 8)
        query.offset = 50
        #expect(query.found(in: index).rows.isEmpty)
    }

    @Test func anOverviewCountsAndSpreads() throws {
        let coder = try #require(overview.coders.first)
        #expect(coder.tokens == 1000)
        #expect(coder.states.map(\.state) == [.scored, .unscored, .failed, .collecting])
        #expect(coder.states.map(\.count) == [3, 1, 1, 3])
        let detected = try #require(overview.scores.first { $0.node == "detected" })
        #expect(detected.count == 2 && abs(detected.mean - 0.75) < 1e-12 && abs(detected.median - 0.75) < 1e-12)
        #expect(detected.control == 0.52 && detected.chance == 0.5 && !detected.isControl)
        #expect(detected.histogram.reduce(0) { $0 + $1.count } == 2 && detected.histogram.count == 20)
        #expect(detected.histogram[12].count == 1 && detected.histogram[18].count == 1)
        #expect(overview.attention.map(\.latent) == [5, 3, 1, 2])
        #expect(overview.best.map(\.latent) == [1, 3, 2])
        #expect(overview.failures.map(\.reason) == ["refused"] && overview.failures.first?.latents == ["codes/5"])
        #expect(overview.showing([LatentKey(coder: "codes", latent: 3)]).best.map(\.latent) == [3])
    }
}

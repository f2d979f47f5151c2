import Elements
import Testing

@testable import Store

@Suite struct ResultPartsTests {
    private let directory: TemporaryDirectory
    private let store: Store
    private static let figure = Estimate(value: 0.5, lower: 0.25, upper: 0.75, count: 8)

    init() throws {
        directory = try TemporaryDirectory()
        store = try directory.open()
        let scores = (1...30).map { number in
            var score = Fixture.score(
                UInt64(number + 1000), node: number % 3 == 0 ? "fuzzed" : "detected",
                details: ["current": Self.figure, "precision": Self.figure])
            score.latent = number
            return score
        }
        try store.record(explanations: (1...20).map { Fixture.explanation($0) }, scores: scores)
    }

    @Test func figuresAreWhatScoresAreWithoutTextsAndOtherDetails() throws {
        let whole = try store.scores()
        let figures = try #require(
            try store.scores(of: nil, details: ResultParts.Details(["current"]), while: { true }))
        #expect(figures.count == 30 && figures.map(\.job) == whole.map(\.job))
        for (score, full) in zip(figures, whole) {
            var expected = full
            expected.text = ""
            expected.replicates = nil
            expected.logits = nil
            expected.details = ["current": Self.figure]
            #expect(score == expected)
        }
        #expect(
            try store.scores(of: "fuzzed", details: ResultParts.Details([]), while: { true })?.map(\.latent)
                == Array(stride(from: 3, through: 30, by: 3)))
        #expect(try store.explanations(of: "prose", while: { true }) == store.explanations())
    }

    @Test(arguments: [1, 3, 19, 20, 21, 1000]) func rangesHoldEachLatentOnce(size: Int) throws {
        let ranges = try store.latentRanges(of: size)
        #expect(ranges.count == (size < 20 ? (20 + size - 1) / size : 1))
        #expect(try ranges.flatMap { try store.explanations(in: $0) } == store.explanations())
        #expect(try ranges.flatMap { try store.scores(in: $0) } == store.scores())
    }

    @Test func aStateWithoutResultsHasOneRange() throws {
        let empty = try TemporaryDirectory()
        let store = try empty.open()
        #expect(try store.latentRanges(of: 4).count == 1)
        #expect(try store.explanations(in: store.latentRanges(of: 4)[0]).isEmpty)
    }

    @Test func linesOfExplanationsHaveTheTextAndNotWhatWasShown() throws {
        let range = try store.latentRanges(of: 100)[0]
        let lines = try store.explanations(in: range, parts: .lines(details: ResultParts.Details([])))
        for (line, full) in zip(lines, try store.explanations()) {
            #expect(line.text == full.text && line.job == full.job && line.node == full.node)
            #expect(line.predicate == nil && line.provenance.shown.isEmpty && !full.provenance.shown.isEmpty)
        }
        #expect(lines.count == 20)
    }

    @Test func anotherReaderSeesTheSame() throws {
        let reader = try Store.reader(directory: directory.state)
        let beside = try reader.beside()
        #expect(try beside.scores() == reader.scores())
        #expect(try store.beside().scores() == store.scores())
    }
}

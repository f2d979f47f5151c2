import Elements
import Hashing
import StateFixtures
import Store
import TestSupport
import Testing

@testable import LatentSheets

/// An index of many latents of which few are explained, against rows that are looked at one by one.
@Suite struct LatentIndexTests {
    private let coders = [
        LetterCoder(identity: LatentIndexTests.identity("codes", 700)),
        LetterCoder(identity: LatentIndexTests.identity("Straße-2", 130)),
        LetterCoder(identity: LatentIndexTests.identity("random", 40), isRandom: true),
    ]
    private let store: Store
    private let directory: TemporaryDirectory
    private let updates: [String: EvidenceUpdate]
    private let index: LatentIndex

    private static let texts = ["dates", "closing brackets", "17 or ٣", "", "Straße", "dates of 2017", "a/b"]
    private static let values = [0.25, 0.5, 0.5, 0.75, 1]

    private static func identity(_ name: String, _ latents: Int) -> CoderIdentity {
        CoderIdentity(name: name, hookpoint: "layers.10", latents: latents, digest: Fixture.hash(3))
    }

    private static func explanation(_ number: UInt64, of latent: Int, in coder: CoderIdentity) -> Explanation {
        Explanation(
            job: Fixture.hash(number), node: number % 3 == 0 ? "words" : "prose", coder: coder, latent: latent,
            text: texts[Int(number) % texts.count], predicate: nil,
            provenance: Provenance(
                explainer: "default", sampling: "quantiles", promptVersion: "default-2", model: nil, seed: 0,
                evidenceDigest: Fixture.hash(2), epoch: 7, shown: []))
    }

    init() throws {
        directory = try TemporaryDirectory()
        store = try directory.store()
        var generator = SplitMix(seed: 9)
        var number: UInt64 = 100
        var (explanations, scores): ([Explanation], [Score]) = ([], [])
        for coder in coders {
            for latent in 0..<coder.identity.latents where generator.below(6) == 0 {
                number += 10
                let explanation = Self.explanation(number, of: latent, in: coder.identity)
                explanations.append(explanation)
                guard generator.below(3) > 0 else { continue }
                var score = SheetFixture.score(
                    number + 1, of: explanation, Self.values[generator.below(5)],
                    upper: Self.values[generator.below(5)], node: generator.below(2) == 0 ? "detected" : "embedded")
                score.coder = coder.identity
                scores.append(score)
            }
        }
        try store.record(explanations: explanations, scores: scores)
        for latent in [3, 17, 170, 171, 699] {
            number += 10
            try store.insertJobs([
                PlannedJob(
                    id: Fixture.hash(number), node: "third", kind: latent % 2 == 0 ? .score : .explain, coder: "codes",
                    latent: latent, payload: [])
            ])
            if latent < 100 { try store.fail(job: Fixture.hash(number), reason: "refused", attempts: 2) }
        }
        let evidence = (0..<700).compactMap { latent in
            generator.below(5) == 0
                ? nil : SheetFixture.evidence(latent, fired: UInt64(generator.below(40)))
        }
        let random = (0..<40).map { SheetFixture.evidence($0, fired: 8) }
        updates = [
            "codes": Self.update(coders[0].identity, evidence), "random": Self.update(coders[2].identity, random),
        ]
        index = try LatentIndex(store: store, coders: coders, evidence: { [updates] in updates[$0] })
    }

    private static func update(_ coder: CoderIdentity, _ latents: [LatentEvidence]) -> EvidenceUpdate {
        EvidenceUpdate(
            view: FixedView(coder: coder, totals: StreamTotals(tokens: 1000), latents), epoch: 7, isCaughtUp: true)
    }

    @Test func everyLatentHasARowWithWhatItsEvidenceSays() throws {
        let rows = Array(index.rows)
        #expect(rows.count == 870 && index.stored.count > 100)
        #expect(
            rows.map(\.key)
                == coders.flatMap { coder in
                    (0..<coder.identity.latents).map { LatentKey(coder: coder.identity.name, latent: $0) }
                })
        for row in rows {
            let counts = updates[row.coder].map { $0.view.statistics(of: row.latent) }
            #expect(row.density == counts.map { Double($0.tokensFired) / 1000 })
            #expect(row.maximum == counts.map { Double($0.maximum) })
            if row.state == .dead { #expect(counts?.tokensFired == 0 && row.labels.isEmpty) }
            if row.state == .collecting { #expect(counts?.tokensFired != 0 && row.labels.isEmpty) }
            #expect((row.state == .scored) == !row.scores.isEmpty && index.row(of: row.key) == row)
        }
        #expect(index.stored == rows.filter { !$0.labels.isEmpty || !$0.scores.isEmpty })
        #expect(index.rows(of: [rows[5].key, rows[2].key, rows[750].key]) == [rows[2], rows[5], rows[750]])
        for (coder, latent) in [("codes", 700), ("codes", -1), ("other", 0)] {
            #expect(index.row(of: LatentKey(coder: coder, latent: latent)) == nil)
        }
        #expect(try sheetStates() == rows.map(\.state))
    }

    /// The states that the sheets of latents show, which are made one by one.
    private func sheetStates() throws -> [LatentState] {
        let reader = SheetReader(store: store, coders: coders, evidence: { [updates] in updates[$0] })
        return try index.rows.map { try #require(try reader.sheet(of: $0.key, counts: .each(1))).state }
    }

    private static let words = [
        "dates", "DATES 17", "17", "s/1", "codes/1", "codes/17", "2/12", "straße", "STRASSE", "ß-2/3", "e", "codes",
        "nowhere", "k", "٣", "7 codes", "99", "codes/ 5", "\u{212A}", "a/b", "/",
    ]

    private static func query(_ generator: inout SplitMix) -> LatentQuery {
        var query = LatentQuery()
        if generator.below(4) == 0 { query.coder = ["codes", "Straße-2", "random", "none"][generator.below(4)] }
        if generator.below(2) == 0 { query.words = words[generator.below(words.count)] }
        if generator.below(5) == 0 {
            query.keys = Set((0..<30).map { _ in LatentKey(coder: "codes", latent: generator.below(800)) })
        }
        if generator.below(3) == 0 {
            query.states = Set((0..<2).map { _ in LatentState.allCases[generator.below(8)] })
        }
        if generator.below(3) == 0 { query.scorer = ["detected", "embedding", "none"][generator.below(3)] }
        if generator.below(4) == 0 { query.leastScore = 0.5 }
        if generator.below(4) == 0 { query.mostScore = 0.75 }
        if generator.below(4) == 0 { query.mostDensity = Double(generator.below(40)) / 1000 }
        query.order = LatentQuery.Order.allCases[generator.below(LatentQuery.Order.allCases.count)]
        query.isDescending = generator.below(2) == 0
        query.offset = generator.below(3) == 0 ? generator.below(900) : 0
        query.limit = [0, 1, 20, 100, 1000, .max][generator.below(6)]
        return query
    }

    @Test func aQueryFindsWhatALookAtEachRowFinds() {
        let rows = Array(index.rows)
        let likeness = Dictionary(uniqueKeysWithValues: zip(Self.texts, [0.1, 0.9, 0.5, 0.7, 0.5, 0.2, 0.3]))
        var generator = SplitMix(seed: 4)
        var shown = 0
        for _ in 0..<600 {
            let query = Self.query(&generator)
            let found = query.found(in: index, likeness: likeness)
            let expected = NaiveQuery(query: query, likeness: likeness).found(among: rows)
            #expect(found.rows.map(\.key) == expected.rows.map(\.key), "\(query)")
            #expect(found.rows == expected.rows && found.count == expected.count && found.total == expected.total)
            shown += found.rows.count
        }
        #expect(shown > 1000)
    }

    @Test(arguments: words) func wordsAreFoundInNamesThatAreNeverWritten(words: String) {
        var query = LatentQuery()
        (query.words, query.limit) = (words, .max)
        let expected = NaiveQuery(query: query).found(among: Array(index.rows))
        #expect(query.found(in: index).rows.map(\.key) == expected.rows.map(\.key))
    }

    @Test func aSummaryCountsWhatAnOverviewOfAnIndexDoes() throws {
        let overview = try Overview(
            index, coders: coders, store: store, tokens: { [updates] in updates[$0]?.view.totals.tokens })
        let summary = StateSummary(
            try StoredRows(store: store), unfinished: try UnfinishedJobs(store: store), coders: coders,
            evidence: { [updates] in updates[$0] }, staleness: StalenessFinder())
        #expect(summary.coders == overview.coders && summary.scores == overview.scores)
        #expect(overview.scores.count > 2 && overview.coders.map(\.tokens) == [1000, nil, 1000])
        for coder in overview.coders {
            let states = index.rows.filter { $0.coder == coder.coder.name }.map(\.state)
            #expect(
                coder.states
                    == LatentState.allCases.compactMap { state in
                        let count = states.count { $0 == state }
                        return count > 0 ? Overview.Count(state: state, count: count) : nil
                    })
        }
        var query = LatentQuery()
        (query.order, query.limit) = (.attention, 20)
        let own = index.rows.filter { $0.coder != "random" }
        #expect(overview.attention == NaiveQuery(query: query).found(among: own).rows)
        (query.order, query.isDescending) = (.score, true)
        #expect(overview.best == NaiveQuery(query: query).found(among: own).rows)
    }

    @Test(arguments: [0, 1, 10, 3000, 6000, .max], [false, true])
    func theFirstPlacesAreThoseOfAWholeSort(count: Int, isDescending: Bool) {
        var generator = SplitMix(seed: 2)
        let values = (0..<5000).map { _ in Double(generator.below(700)) }
        // In the order drawn, and with the wanted ones last, so that all that was kept is let go of again and again.
        for values in [values, values.sorted(), values.sorted(by: >)] {
            var first = FirstPlaces(count, isDescending: isDescending)
            for (place, value) in values.enumerated() { first.take(value, at: place) }
            let order = values.indices.sorted {
                values[$0] == values[$1] ? $0 < $1 : (values[$0] < values[$1]) != isDescending
            }
            #expect(first.places == Array(order.prefix(count)))
        }
    }
}

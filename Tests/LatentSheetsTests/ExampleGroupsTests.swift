import Elements
import Evidence
import Hashing
import StateFixtures
import Testing

@testable import Interchange
@testable import LatentSheets

@Suite struct ExampleGroupsTests {
    /// Forty windows of the train side whose peaks are 1 to 40 in a mixed order.
    private let train = (0..<40).map { number in
        SheetFixture.example(UInt64(number), [0, Float((number * 7) % 40 + 1), 0, 0])
    }

    private func groups(
        _ evidence: LatentEvidence, _ counts: ExampleCounts = ExampleCounts()
    ) -> ExampleGroups {
        ExampleGroups(
            evidence: evidence, look: ExampleLook(maximum: 40, tokenDecoder: Letters()), counts: counts)
    }

    @Test func everyTenthIsThereWithTheStrongestFirst() {
        let shown = groups(SheetFixture.evidence(3, train: train)).byTenth
        #expect(shown.examples.compactMap(\.tenth) == (1...10).reversed().flatMap { [$0, $0] })
        for example in shown.examples {
            let tenth = example.tenth ?? 0
            #expect((Double(4 * tenth - 3)...Double(4 * tenth)).contains(example.peak), "\(tenth)")
        }
    }

    @Test func randomWindowsAreThoseOfLowestPriority() {
        var counts = ExampleCounts()
        counts.random = 5
        let shown = groups(SheetFixture.evidence(3, train: train), counts).random
        #expect(shown.examples.map(\.document) == (0..<5).map { "0000000\($0)" })
        #expect(shown.examples.map(\.peak) == [1, 8, 15, 22, 29])
        #expect(shown.examples.allSatisfy { $0.peakPiece == 1 && $0.text == "abcd" })
    }

    @Test func silentWindowsAreDrawnByTierAndHoldNothingThatFires() {
        // The peak token is 1; twelve windows hold it, twelve others a neighbour fires in, the latent itself in some.
        let pool =
            (0..<12).map { SheetFixture.silent(UInt64($0), tokens: [1, 9, 9, UInt32($0)]) }
            + (20..<32).map { SheetFixture.silent(UInt64($0), firing: [5]) }
            + (40..<50).map { SheetFixture.silent(UInt64($0), tokens: [1, 1, 1, 1], firing: [3]) }
        let shown = groups(SheetFixture.evidence(3, train: train)).negatives(
            in: NegativeTiers(pool: pool), near: [5])
        #expect(shown.examples.allSatisfy { $0.peak == 0 && $0.peakPiece == nil })
        let tiers = Dictionary(grouping: shown.examples) { $0.tier ?? "" }
        #expect(tiers.mapValues(\.count) == ["lexical": 6, "neighbour": 6, "random": 6])
        #expect(tiers["lexical"]?.allSatisfy { $0.pieces.contains { $0.ids == [1] } } == true)
        #expect(tiers["neighbour"]?.allSatisfy { (20..<32).contains(Int($0.document ?? "", radix: 16) ?? 0) } == true)
    }

    @Test func aTierOfTooFewWindowsIsNamed() {
        let pool = (0..<12).map { SheetFixture.silent(UInt64($0)) }
        let shown = groups(SheetFixture.evidence(3, train: train)).negatives(
            in: NegativeTiers(pool: pool), near: [])
        #expect(Set(shown.examples.compactMap(\.tier)) == ["random"])
        #expect(shown.note.hasSuffix("Too few for lexical, neighbour."))
    }

    @Test func whatTheExplainerSawIsFoundByItsIdentity() {
        let explanation = SheetFixture.explanation(
            1, shown: [Fixture.hash(4), Fixture.hash(9), Fixture.hash(9999)])
        let shown = groups(SheetFixture.evidence(3, train: train, top: [train[9]])).shown(to: explanation)
        #expect(shown.examples.map(\.document) == ["00000004", "00000009"].sorted { peak($0) > peak($1) })
        #expect(shown.note == "2 of the 3 windows that the explainer was shown are still kept.")
        #expect(shown.name == "shown-words" && shown.title == "Shown to the explainer (words)")
    }

    private func peak(_ document: String) -> Float {
        (Float(Int(document, radix: 16) ?? 0) * 7).truncatingRemainder(dividingBy: 40)
    }

    @Test func verdictsStandBesideWhatWasAskedTheWrongOnesFirst() {
        let test = [SheetFixture.example(60, [0, 0, 5, 0], tokens: [7, 8, 9, 10])]
        let verdicts = KeptVerdicts(examples: [
            KeptVerdicts.Example(
                tokens: [7, 8, 9, 10], marked: [false, false, true, false], isPositive: true, block: 0, isYes: true,
                probability: 0.9),
            KeptVerdicts.Example(tokens: [1, 1, 1], marked: [], isPositive: false, isYes: true, probability: 0.6),
            KeptVerdicts.Example(tokens: [2, 2, 2], marked: [], isPositive: false, isYes: nil),
        ])
        let score = SheetFixture.score(2, of: SheetFixture.explanation(1), 0.75)
        let shown = groups(SheetFixture.evidence(3, test: test)).judged(verdicts, by: score)
        #expect(shown.examples.map(\.verdict?.isRight) == [false, nil, true])
        #expect(shown.examples.map(\.verdict?.isYes) == [true, nil, true])
        #expect(shown.note.contains("3, of which 1 were judged wrong"))
        let right = shown.examples[2]
        #expect(right.peak == 5 && right.peakPiece == 2 && right.marked == [2] && right.document == "0000003c")
        #expect(right.verdict?.probability.map { abs($0 - 0.9) < 1e-6 } == true)
        #expect(shown.examples[0].tier == "random" && shown.examples[0].peak == 0)
    }
}

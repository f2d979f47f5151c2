import Elements
import Examples
import Foundation
import Hashing
import Inference
import Synchronization
import Testing

@testable import Explaining

@Suite struct SeveralExplainerTests {
    private typealias Fixture = MeaningFixture
    private let two: [(trigger: UInt32, words: [UInt32])] = [(1, [10, 11, 12]), (2, [20, 21, 22])]

    private func update(_ train: [Example]) -> EvidenceUpdate {
        var view = ToyView()
        view.pool = Fixture.pool(train)
        view.latents = [toyEvidence(latent: 5, train: train)]
        return view.update
    }

    private func explain(
        _ train: [Example], minimumExamples: Int = 8, settings: SeveralSettings = SeveralSettings()
    ) throws -> Explanation {
        let update = update(train)
        var lexical = LexicalSettings()
        lexical.minimumExamples = minimumExamples
        var explainer = SeveralExplainer(
            of: LexicalExplainer(
                node: "parted", update: update,
                index: LexicalIndex(
                    pool: update.view.pool, latents: 64, vocabulary: LexicalVocabulary(tokenDecoder: Fixture.text)),
                settings: lexical, seed: 7, tokenDecoder: Fixture.text),
            update: update, rarity: TokenRarity(pool: update.view.pool, tokenDecoder: Fixture.text),
            settings: settings, seed: 7, tokenDecoder: Fixture.text)
        return try explainer.explain(update.view.evidence(of: 5))
    }

    @Test func eachPartIsExplainedByItsOwnWindowsAndTheWholeByAnyOfThem() throws {
        let train = Fixture.windows(two, each: 20, seed: 1)
        let explanation = try explain(train)
        let parts = try #require(explanation.parts).parts
        #expect(parts.count == 2)
        let predicates = try parts.map { try LexicalPredicate(json: $0.predicate ?? "") }
        for example in train {
            let trigger = Int(example.window.tokens[9])
            let holds = predicates.map { $0.matches(tokens: example.window.tokens, tokenDecoder: Fixture.text) }
            #expect(holds.count { $0 } == 1)
            #expect(parts[holds[0] ? 0 : 1].text.contains("w\(trigger)"))
        }
        let whole = try LexicalPredicate(json: explanation.predicate ?? "")
        #expect(whole.alternatives == predicates.map(\.clauses))
        #expect(
            explanation.text
                == "(1) \(parts[0].text.dropLast()); or (2) \(parts[1].text.dropLast())."
                && parts[0].text.hasSuffix("."))
        #expect(
            (explanation.provenance.explainer, explanation.provenance.promptVersion) == (
                "several", "several-1/lexical-3"
            ))
        #expect(Set(explanation.provenance.shown) == Set(train.map(\.window.identity)))
    }

    @Test func aLatentOfOneMeaningIsExplainedAsTheLexicalExplainerDoes() throws {
        let train = Fixture.windows([(1, [])], each: 40, seed: 1)
        let explanation = try explain(train)
        let update = update(train)
        var lexical = LexicalExplainer(
            node: "parted", update: update,
            index: LexicalIndex(
                pool: update.view.pool, latents: 64, vocabulary: LexicalVocabulary(tokenDecoder: Fixture.text)),
            seed: 7,
            tokenDecoder: Fixture.text)
        let plain = try lexical.explain(update.view.evidence(of: 5))
        #expect(explanation.parts == .one && explanation.text == plain.text && explanation.predicate == plain.predicate)
        #expect(explanation.job != plain.job)
    }

    /// Pool windows of other parts are no windows in which the latent is silent: a part's own token is not charged for them.
    @Test func windowsOfOtherPartsCountOnNeitherSide() throws {
        let train = Fixture.windows(two, each: 20, seed: 1)
        let update = update(train)
        let index = LexicalIndex(
            pool: update.view.pool, latents: 64, vocabulary: LexicalVocabulary(tokenDecoder: Fixture.text))
        var scratch = TermScratch(count: index.vocabulary.termCount)
        let evidence = update.view.evidence(of: 5)
        let own = train.filter { $0.window.tokens[9] == 1 }
        let trial = LexicalTrial(
            of: evidence, members: Set(own.map(\.window.identity)), index: index, scratch: &scratch)
        #expect(trial.positiveCount == 20 && trial.negativeCount == 200 && trial.train == own)
        // A window in which the latent fires, sampled or not, is looked at only if it is a member.
        #expect(trial.told(index.termWindows[2]).allSatisfy { $0 >= 40 } && index.termWindows[2].contains { $0 < 40 })
        #expect(trial.told(index.termWindows[1]).filter { $0 < 40 }.count == 20)
        let whole = LexicalTrial(of: evidence, index: index, scratch: &scratch)
        #expect(whole.positiveCount == 40 && whole.negativeCount == 200)
    }

    @Test func tooLittleEvidenceIsRefusedAsByTheLexicalExplainer() throws {
        #expect { try explain(Fixture.windows(two, each: 3, seed: 1)) } throws: {
            ($0 as? ExplainingError)?.kind == .tooFewExamples
        }
        let few = try explain(Fixture.windows(two, each: 6, seed: 1))
        #expect(few.parts == .one && few.predicate != nil)
    }

    @Test func aPartThatIsNotExplainedCountsToTheRest() {
        let parts = Fixture.meanings(Fixture.windows(two, each: 20, seed: 1)).parts
        let kept = parts.keeping([nil, ("the second", "{}")])
        #expect(kept.clusters == 2 && kept.meanings == parts.meanings && kept.parts.map(\.text) == ["the second"])
        #expect(abs(kept.rest - parts.rest - parts.parts[0].weight) < 1e-12)
        #expect(kept.tokens.allSatisfy { $0.values.count == 1 })
        let example = Fixture.windows([two[Int(parts.parts[1].text) ?? 1]], each: 1, seed: 9)[0]
        #expect(kept.likeness(of: .init(of: example, tokenDecoder: Fixture.text)).count == 1)
    }

    @Test func jobsOfDifferentEvidenceOrSettingsHaveDifferentNames() throws {
        let train = Fixture.windows(two, each: 20, seed: 1)
        var wide = SeveralSettings()
        wide.share = 0.2
        var stronger = train
        stronger[0] = Example(window: train[0].window, activations: train[0].activations.map { 2 * $0 })
        let jobs = [
            try explain(train).job, try explain(train, settings: wide).job, try explain(stronger).job,
            try explain(Array(train.dropLast())).job,
        ]
        #expect(Set(jobs).count == 4)
        #expect(try explain(train).job == jobs[0])
    }

    @Test(arguments: [
        ([], ""), (["A thing."], "A thing."), (["A.", "B"], "(1) A; or (2) B."),
        ([String(repeating: "a", count: 400), "short"], "(1) \(String(repeating: "a", count: 280))…; or (2) short."),
    ]) func partsAreJoinedInOneLineThatFits(texts: [String], line: String) {
        #expect(PartsText.joined(texts) == line)
        #expect(line.unicodeScalars.count <= ExplanationText.maximumLength)
        let long = Array(repeating: String(repeating: "ab ", count: 300), count: 4)
        #expect(PartsText.joined(long).unicodeScalars.count == ExplanationText.maximumLength)
    }
}

import Elements
import Foundation
import Hashing
import Inference
import Statistics
import Testing

@testable import Scoring

/// Replicates of each method beside the same figure of observations repeated as often as their document is drawn.
@Suite struct DocumentReplicatesTests {
    private static let text = ToyVocabulary(words: 80)
    private static let corpus = PlantedCorpus(
        latents: 12, vocabulary: 80, windows: 1500, strengths: 3...9, documents: 70, seed: 1)

    /// Each of some observations as often as a replicate draws its document.
    private func drawn<Item>(_ items: [Item], in replicate: Int, by document: (Item) -> UInt32?) throws -> [Item] {
        try items.flatMap { item in
            let weight = DocumentWeights.draw(try #require(document(item)))[replicate]
            return [Item](repeating: item, count: Int(weight))
        }
    }

    @Test func simulationCorrelatesTheTokensOfWindowsDrawn() async throws {
        let judge = RuleJudge()
        let plan = try SimulationPlan(
            subject: Self.corpus.subject(2, judge: judge), heldOut: Self.corpus.heldOut(2), maximum: 9,
            settings: SimulationSettings())
        #expect(Set(plan.windows.map(\.document)).count > 10 && !plan.windows.contains { $0.document == nil })
        var generator = SeededGenerator(seed: 5)
        let predictions = plan.windows.enumerated().map { index, window -> [Double?]? in
            index == 4 ? nil : window.activations.map { Double($0) * generator.unit() + 3 * generator.unit() }
        }
        let score = SimulationTally(plan: plan, predictions: predictions).score(cost: CallCost())
        let parts = try #require(score.replicates?.parts)
        #expect(parts.count == 1)
        let answered = zip(plan.windows, predictions).filter { $1 != nil }
        for replicate in 0..<ScoreReplicates.count {
            let windows = try drawn(answered, in: replicate) { $0.0.document }
            let expected = Correlation.pearson(
                windows.flatMap { $0.1 ?? [] }.compactMap(\.self),
                windows.flatMap { $0.0.activations.map(Double.init) })
            #expect(isRounded(parts[0][replicate], expected))
        }
    }

    @Test func surprisalRanksTheWindowsDrawn() throws {
        let plan = try SurprisalPlan(
            subject: Self.corpus.subject(3, judge: RuleJudge()), heldOut: Self.corpus.heldOut(3),
            settings: SurprisalSettings())
        var generator = SeededGenerator(seed: 6)
        let information = plan.questions.enumerated().map { index, question -> Double? in
            index % 9 == 0 ? nil : generator.unit() + (question.isPositive ? 0.3 : 0)
        }
        let parts = try #require(
            SurprisalScorer.score(plan, information: information, cost: CallCost()).replicates?.parts)
        let known = zip(plan.questions, information).filter { $1 != nil }
        for replicate in 0..<ScoreReplicates.count {
            let items = try drawn(known, in: replicate) { $0.0.document }
            let curve = RankCurve(scores: items.compactMap(\.1), isPositive: items.map(\.0.isPositive))
            #expect(isRounded(parts[0][replicate], curve.area()))
        }
    }

    @Test func aTrialOfTheIntruderBelongsToTheDocumentsOfAllItsWindows() throws {
        let plan = try IntruderPlan(
            subject: Self.corpus.subject(1, judge: RuleJudge()), heldOut: Self.corpus.heldOut(1),
            settings: IntruderSettings(), tokens: Self.text)
        let documents = Dictionary(
            Self.corpus.pool.map { ($0.window.identity, $0.document) }, uniquingKeysWith: { first, _ in first })
        for window in plan.trials.flatMap(\.windows) { #expect(window.document == documents[window.identity]) }
        var generator = SeededGenerator(seed: 7)
        let answers = plan.trials.enumerated().map { index, trial -> Int? in
            index == 3 ? nil : generator.unit() < 0.6 ? trial.intruder : (trial.intruder + 1) % 5
        }
        let score = IntruderScorer.score(plan, answers: answers, cost: CallCost())
        let parts = try #require(score.replicates?.parts)
        let rate = try #require(score.headline?.value)
        // Each trial once for each of its documents, with what it adds to the rate.
        let items = zip(plan.trials, answers).flatMap { trial, answer -> [(document: UInt32?, part: Double)] in
            guard let answer else { return [] }
            return Set(trial.windows.map(\.document)).map { ($0, (trial.intruder == answer ? 1 : 0) - rate) }
        }
        let judged = Double(answers.count { $0 != nil })
        for replicate in 0..<ScoreReplicates.count {
            let more = try drawn(items, in: replicate) { $0.document }.reduce(0) { $0 + $1.part }
            let expected = rate + (more - items.reduce(0) { $0 + $1.part }) / judged
            #expect(isRounded(parts[0][replicate], expected, scale: 2))
        }
        let silent = try IntruderPlan(
            subject: Self.corpus.subject(1, control: IntruderPlan.silent, judge: RuleJudge()),
            heldOut: Self.corpus.heldOut(1), settings: IntruderSettings(), tokens: Self.text)
        for window in silent.trials.flatMap(\.windows) { #expect(window.document == documents[window.identity]) }
        #expect(ScoreReplicates(documents: [[1, nil]], values: [1]) == nil)
        #expect(ScoreReplicates(documents: [[UInt32?]](), values: []) == nil)
    }

    @Test func interventionTakesTheMeanOverPromptsDrawn() throws {
        let prompts = try InterventionPrompts(
            latent: 5, train: Array(Self.corpus.test[5].prefix(10)), heldOut: Array(Self.corpus.test[5].dropFirst(10)),
            settings: InterventionSettings(), seed: 7, bos: nil)
        let documents = try #require(prompts.documents)
        #expect(documents.count == prompts.scoring.count)
        for (prompt, document) in zip(prompts.scoring, documents) {
            #expect(
                Self.corpus.test[5].contains { example in
                    example.document == document && example.window.tokens.starts(with: prompt)
                })
        }
        var generator = SeededGenerator(seed: 8)
        let drops = prompts.scoring.indices.map { $0 == 2 ? nil : 6 * generator.unit() - 1 }
        let judge = RuleJudge()
        let tally = InterventionTally(
            plan: InterventionPlan(
                subject: Self.corpus.subject(5, judge: judge),
                evidence: InterventionEvidence(
                    prompts: prompts,
                    models: InterventionModels(
                        subject: ToySubject(vocabulary: 80), explainer: judge, scorer: judge)),
                settings: InterventionSettings()),
            tuned: InterventionTrial.Tuned(strength: 1, divergences: [1, 1]), explanation: "x", chosen: 1,
            drops: [drops.map { $0.map { $0 + 1 } }, drops], ablation: nil, tokensIn: 0, tokensOut: 0)
        let parts = try #require(try tally.score().replicates?.parts)
        let known = zip(documents, drops).filter { $1 != nil }
        for replicate in 0..<ScoreReplicates.count {
            let values = try drawn(known, in: replicate) { $0.0 }.compactMap(\.1)
            let expected = values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
            #expect(isRounded(parts[0][replicate], expected, scale: 6))
        }
    }

    @Test func aPlanWithoutDocumentsIsReadAndHasNoReplicates() throws {
        let prompts = try InterventionPrompts(
            latent: 5, train: Array(Self.corpus.test[5].prefix(10)),
            heldOut: Array(Self.corpus.test[5].dropFirst(10)), settings: InterventionSettings(),
            seed: 7, bos: nil)
        let whole = try JSONEncoder().encode(prompts)
        var object = try #require(try JSONSerialization.jsonObject(with: whole) as? [String: Any])
        object["documents"] = nil
        let old = try JSONDecoder().decode(
            InterventionPrompts.self, from: JSONSerialization.data(withJSONObject: object))
        #expect(old.scoring == prompts.scoring && old.documents == nil)
        let window = try JSONDecoder().decode(
            SimulatedWindow.self,
            from: Data(
                """
                {"identity":\(String(decoding: try JSONEncoder().encode(Hash128(high: 1, low: 2)), as: UTF8.self)),
                "tokens":[1],"activations":[0],"isPositive":true}
                """.utf8))
        #expect(window.document == nil)
    }
}

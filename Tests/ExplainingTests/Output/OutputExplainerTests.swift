import Elements
import Hashing
import Inference
import Synchronization
import Testing

@testable import Explaining

@Suite struct OutputExplainerTests {
    private func outcome(
        _ plan: OutputPlan, effects: OutputEffects = OutputPlans.effects(),
        answer: @escaping @Sendable (Prompt) throws(InferenceError) -> String
    ) async -> ExplanationOutcome {
        await OutputExplainer.run(
            plan, judge: FixedJudge(answer: answer), tokenDecoder: OutputPlans.vocabulary, effects: { _ in effects })
    }

    @Test func anAnswerBecomesAnExplanationThatNamesTheTextsItRestsOn() async throws {
        let plan = try OutputPlans.plan()
        let outcome = await outcome(plan) { _ in "[EXPLANATION]: makes the model count words" }
        let explanation = try outcome.result.get()
        #expect(explanation.text == "makes the model count words" && explanation.job == plan.job)
        #expect((explanation.node, explanation.latent) == ("does", 2) && explanation.predicate == nil)
        let provenance = explanation.provenance
        #expect((provenance.explainer, provenance.promptVersion, provenance.sampling) == ("output", "output-1", "pool"))
        #expect(provenance.shown == OutputPlans.texts.map(\.identity) && provenance.epoch == 5)
        #expect((outcome.tokensIn, outcome.tokensOut, outcome.copies) == (100, 7, 0))
    }

    @Test func aCopiedCaseIsAskedAgainWithoutIt() async throws {
        let asked = Mutex<[Int]>([])
        let outcome = await outcome(try OutputPlans.plan()) { prompt in
            asked.withLock { $0.append(prompt.messages.count) }
            return "[EXPLANATION]: Makes the model name musical instruments."
        }
        // Without the case the same answer is the model's own.
        #expect(asked.withLock { $0 } == [8, 6] && outcome.copies == 1 && outcome.tokensIn == 200)
        #expect(try outcome.result.get().text == "Makes the model name musical instruments.")
    }

    @Test(arguments: ["makes the model", "makes the model say …", "makes the model.", "your phrase"])
    func wordsOfTheFormAreNoExplanation(sentence: String) async throws {
        let outcome = await outcome(try OutputPlans.plan()) { _ in "[EXPLANATION]: \(sentence)" }
        #expect(throws: ExplainingError.self) { try outcome.result.get() }
        guard case .failure(let error) = outcome.result else { return }
        #expect(error.kind == .noAnswer && !error.isRetriable)
    }

    /// In process the tag and the first words are said for the model.
    @Test func whatWasBegunForTheModelIsPartOfTheSentence() async throws {
        var settings = OutputSettings()
        settings.startsAnswer = true
        let outcome = await outcome(try OutputPlans.plan(settings)) { _ in " end sentences\n\nMore." }
        #expect(try outcome.result.get().text == "makes the model end sentences")
        let empty = await self.outcome(try OutputPlans.plan(settings)) { _ in " \n" }
        #expect(throws: ExplainingError.self) { try empty.result.get() }
    }

    @Test func aLatentThatMakesNothingLikelierIsNotAskedAbout() async throws {
        let nothing = OutputPlans.effects(rising: [])
        let silent = await outcome(try OutputPlans.plan(), effects: nothing) { _ in "[EXPLANATION]: words" }
        guard case .failure(let error) = silent.result else {
            Issue.record("it was explained")
            return
        }
        #expect(error.kind == .nothingFound && error.message.contains("latent 2") && silent.tokensIn == 0)
        // What its weights promote is something to say, too.
        let promoted = try OutputPlans.plan(promoted: PromotedTokens(raised: [4], lowered: []))
        #expect(
            try await outcome(promoted, effects: nothing) { _ in "[EXPLANATION]: words" }.result.get().text == "words")
    }

    @Test func failuresSayWhetherTheyMayBeTriedAgain() async throws {
        let plan = try OutputPlans.plan()
        let away = await outcome(plan) { _ throws(InferenceError) in throw InferenceError(.timedOut, "no answer") }
        guard case .failure(let error) = away.result else { return }
        #expect(error.kind == .inference && error.isRetriable)
        let broken = await OutputExplainer.run(
            plan, judge: FixedJudge { _ in "" }, tokenDecoder: OutputPlans.vocabulary,
            effects: { _ throws(ExplainingError) in throw ExplainingError(.inference, "no subject", isRetriable: true) }
        )
        #expect(broken.result == .failure(ExplainingError(.inference, "no subject", isRetriable: true)))
        let other = await OutputExplainer.run(
            plan, judge: FixedJudge(answer: { _ in "" }, digest: Hash128(high: 1, low: 1)),
            tokenDecoder: OutputPlans.vocabulary, effects: { _ in OutputPlans.effects() })
        guard case .failure(let changed) = other.result else { return }
        #expect(changed.kind == .modelChanged)
    }
}

import Elements
import Hashing
import Inference
import Synchronization
import Testing

@testable import Explaining

@Suite struct WorkedCasesTests {
    private let vocabulary = ToyVocabulary([" flag", " the", " x"])

    private func plan(_ form: EvidenceForm) throws -> ExplanationPlan {
        var settings = DefaultExplainerSettings()
        settings.form = form
        let train = (0..<20).map { number in
            Example(window: toyWindow([1, 0, UInt32(number)]), activations: [0, 5, 0])
        }
        return try ExplanationPlan(
            node: "prose", update: ToyView().update, evidence: toyEvidence(latent: 2, train: train), settings: settings,
            seed: 7, model: "fixed", modelDigest: Hash128(high: 8, low: 9), tokenDecoder: vocabulary)
    }

    /// The explanation of a judge that gives answers in turn, and the prompts it was given.
    private func asked(
        _ form: EvidenceForm, answers: [String]
    ) async throws -> (outcome: ExplanationOutcome, prompts: [Prompt]) {
        let prompts = Mutex<[Prompt]>([])
        let judge = FixedJudge { prompt in
            let turn = prompts.withLock { prompts in
                prompts.append(prompt)
                return prompts.count - 1
            }
            return "[EXPLANATION]: " + answers[min(turn, answers.count - 1)]
        }
        let outcome = await DefaultExplainer.run(try plan(form), judge: judge, tokenDecoder: vocabulary)
        return (outcome, prompts.withLock { $0 })
    }

    @Test(arguments: EvidenceForm.allCases)
    func anAnswerThatRepeatsOneIsAskedAgainWithoutIt(form: EvidenceForm) async throws {
        let cases = WorkedCases.answers(of: form)
        for worked in cases {
            let (outcome, prompts) = try await asked(form, answers: [worked.uppercased() + "!", "flags of ships"])
            let explanation = try outcome.result.get()
            #expect(explanation.text == "flags of ships" && explanation.provenance.copiedCases == 1)
            #expect(outcome.tokensIn == 200 && outcome.tokensOut == 14)
            let said = prompts.map { prompt in prompt.messages.contains { $0.content.hasSuffix(worked) } }
            #expect(said == [true, false])
            #expect(prompts[1].messages.count == prompts[0].messages.count - 2)
        }
    }

    @Test func aJudgeThatOnlyRepeatsIsAskedUntilNothingIsLeftToRepeat() async throws {
        let cases = WorkedCases.answers(of: .counted)
        let (outcome, prompts) = try await asked(.counted, answers: cases + [cases[0]])
        // Without worked cases the same words are its own.
        #expect(try outcome.result.get().text == cases[0])
        #expect(try outcome.result.get().provenance.copiedCases == cases.count)
        #expect(prompts.count == cases.count + 1 && prompts.last?.messages.count == 2)
    }

    @Test func anAnswerOfItsOwnIsAskedForOnce() async throws {
        let (outcome, prompts) = try await asked(.counted, answers: ["the word \"let\""])
        #expect(try outcome.result.get().provenance.copiedCases == nil)
        #expect(prompts.count == 1)
    }

    @Test(arguments: [
        ("Words for flags and banners.", 0), ("for flags and banners", 0), ("flags and banners", 0),
        ("all words for flags and banners of ships", 0), ("the number after \"Chapter\"", 2), ("numbers", nil),
        ("The word \"nor\"", 1), ("nor", nil),
    ])
    func theEndOfACaseOrMoreThanItIsACopyToo(sentence: String, number: Int?) {
        #expect(WorkedCases.copied(by: sentence, of: .counted, without: []) == number)
    }
    @Test(arguments: [
        ("The first word after the keyword \"return\" in program code.", 1),
        ("The first thing after the keyword \"if\" in program code.", 1),
        ("The keyword \"if\" in a conditional statement.", nil), ("Words for kings and other men of rank.", nil),
    ])
    func aCaseWithAWordChangedIsACopy(sentence: String, number: Int?) {
        #expect(WorkedCases.copied(by: sentence, of: .passages, without: []) == number)
    }
}

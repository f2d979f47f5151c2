import Elements
import Foundation
import Hashing
import Inference
import Testing

@testable import Explaining

/// Answers each prompt by a rule, and tells a prompt's tokens as its words.
struct CountingJudge: LanguageModelClient {
    let answer: @Sendable (Prompt) -> String
    var name: String { "counting" }
    var digest: Hash128 { Hash128(high: 8, low: 9) }
    var offersLogProbabilities: Bool { false }

    func tokens(in prompt: Prompt) -> Int? { Self.words(prompt) }
    static func words(_ prompt: Prompt) -> Int {
        prompt.messages.reduce(0) { $0 + $1.content.split(separator: " ").count }
    }

    func complete(_ prompt: Prompt, maximumTokens: Int) async throws(InferenceError) -> Completion {
        Completion(text: answer(prompt), tokensIn: 100, tokensOut: 7)
    }

    func logProbabilities(of answers: [String], after prompt: Prompt) async throws(InferenceError)
        -> AnswerLogProbabilities
    {
        throw InferenceError(.unsupported, "none")
    }
}

@Suite struct CountedPromptTests {
    private let vocabulary = CountedFixture.vocabulary

    private func plan(
        _ change: (inout DefaultExplainerSettings) -> Void = { _ in }, promoted: PromotedTokens? = nil,
        pool: [PoolWindow] = []
    ) throws -> ExplanationPlan {
        let train = (0..<60).map { number in
            let tokens: [UInt32] = [
                CountedFixture.control, 1, 0, 6, UInt32(number % 12), 5, UInt32(1000 + number), UInt32(2000 + number),
            ]
            return Example(window: toyWindow(tokens), activations: [0, 0, Float(number + 1), 0, 0, 0, 0, 0])
        }
        var settings = DefaultExplainerSettings()
        change(&settings)
        return try ExplanationPlan(
            node: "prose", update: ToyView().update, evidence: toyEvidence(latent: 2, train: train), settings: settings,
            pool: pool, promoted: promoted, seed: 7, model: "counting", modelDigest: Hash128(high: 8, low: 9))
    }

    private func question(_ plan: ExplanationPlan) throws -> String {
        let prompt = ExplanationPrompt.prompt(for: plan, tokenDecoder: vocabulary, count: { CountingJudge.words($0) })
        return try #require(prompt.messages.last).content
    }

    private func passages(_ question: String) -> [Substring] {
        question.split(separator: "\n").filter { $0.hasPrefix("- ") }
    }

    @Test func theCountsComeBeforeThePassages() throws {
        let question = try question(plan { $0.promptTokens = 4000 })
        let lines = question.split(separator: "\n")
        #expect(lines[0].hasPrefix("Marked: \"flag\" (40 times, strength "))
        #expect(lines[1] == "Right before: \"the\" (40)")
        #expect(lines[2] == "Lines:" && lines.count == 43)
        #expect(!question.contains("endoftext") && !question.contains("‹|end"))
    }

    @Test func aPromptKeepsToItsBudgetAndUsesIt() throws {
        let whole = try CountingJudge.words(
            ExplanationPrompt.prompt(for: plan { $0.promptTokens = 9000 }, tokenDecoder: vocabulary) {
                CountingJudge.words($0)
            })
        var earlier = 0
        for budget in stride(from: whole - 100, through: whole, by: 25) {
            let plan = try plan { $0.promptTokens = budget }
            let prompt = ExplanationPrompt.prompt(for: plan, tokenDecoder: vocabulary) { CountingJudge.words($0) }
            let shown = passages(try #require(prompt.messages.last).content).count
            #expect(CountingJudge.words(prompt) <= budget)
            #expect(shown > earlier && shown <= 40)
            // One more would not fit.
            let more = CountedPrompt(of: plan, cases: [0, 1, 2], tokenDecoder: vocabulary).prompt(passages: shown + 1)
            #expect(shown == 40 || CountingJudge.words(more) > budget)
            earlier = shown
        }
        #expect(earlier == 40)
    }

    /// However small the budget.
    @Test func onePassageIsAlwaysShown() throws {
        #expect(try passages(question(plan { $0.promptTokens = 1 })).count == 1)
    }

    /// Of the forty chosen from ten blocks, four of each, ten are one of each.
    @Test func thePassagesThatFitAreThoseOfAllBlocksInTheOrderOfTheSampling() throws {
        let plan = try plan()
        let prompt = CountedPrompt(of: plan, cases: [], tokenDecoder: vocabulary).prompt(passages: 10)
        let expected = (0..<10).map { block in
            let example = plan.examples.first { $0.block == block }
            return example.map { "- " + ClippedPassage(of: $0, tokenDecoder: vocabulary).line(vocabulary) }
        }
        #expect(passages(try #require(prompt.messages.last).content).map(String.init) == expected.compactMap(\.self))
    }

    @Test func partsOfTheEvidenceAreShownOrNot() throws {
        let promoted = PromotedTokens(raised: [5, 0], lowered: [6])
        let all = try question(plan(promoted: promoted))
        #expect(all.contains("\nLikelier next: \"red\", \"flag\"\nLess likely next: \",\"\nLines:\n"))
        let bare = try plan({ ($0.promotedTokens, $0.countedTokens) = (0, 0) }, promoted: promoted)
        #expect(try question(bare).hasPrefix("Lines:\n"))
        let prompt = ExplanationPrompt.prompt(for: bare, tokenDecoder: vocabulary)
        for word in ["Marked:", "Likelier next:", "Right before:", "likelier", "how often"] {
            #expect(!prompt.messages.contains { $0.content.contains(word) })
        }
        let plain = try question(plan { $0.showsStrengths = false })
        #expect(plain.hasPrefix("Marked: \"flag\" (40)") && !plain.contains("strength"))
        #expect(try question(plan { $0.countedTokens = 1 }).hasPrefix("Marked: \"flag\" (40 times, strength "))
    }

    @Test func whatIsPromotedIsPartOfTheJobsNameIfItIsShown() throws {
        let promoted = PromotedTokens(raised: [5], lowered: [])
        #expect(try plan(promoted: promoted).job != plan().job)
        #expect(try plan({ $0.promotedTokens = 0 }, promoted: promoted).promoted == nil)
        #expect(try plan({ $0.form = .passages }, promoted: promoted).job == plan { $0.form = .passages }.job)
        #expect(try plan(promoted: PromotedTokens(raised: [], lowered: [])).job == plan().job)
        let plan = try plan(promoted: promoted)
        #expect(try JSONDecoder().decode(ExplanationPlan.self, from: JSONEncoder().encode(plan)) == plan)
    }

    @Test func eachFormHasItsVersionAndItsJobs() throws {
        #expect(
            try plan().promptVersion == "default-2"
                && plan { $0.chainOfThought = true }.promptVersion == "default-2-thought-1")
        #expect(try plan { $0.form = .passages }.promptVersion == "default-1")
        #expect(
            try Set([plan().job, plan { $0.form = .passages }.job, plan { $0.promptTokens = 4000 }.job]).count == 3)
        #expect(
            try Set([plan().job, plan { $0.countedTokens = 3 }.job, plan { $0.promotedTokens = 3 }.job]).count == 3)
    }

    @Test func silentPassagesComeLastAndFitToo() throws {
        let pool = (0..<20).map { number in
            PoolWindow(window: toyWindow([0, UInt32(3000 + number)]), latents: [5], isTrain: true, isTest: false)
        }
        let plan = try plan({ $0.contrasts = 6 }, pool: pool)
        let question = try question(plan)
        let parts = question.components(separatedBy: "\nSilent lines:\n")
        #expect(parts.count == 2 && passages(parts[1]).count == 6)
        #expect(plan.promptVersion == "contrastive-2")
    }

    @Test func theWorkedCasesAnswerInTheFormThatIsReadAndNoTwoAlike() throws {
        for thinks in [false, true] {
            let prompt = ExplanationPrompt.prompt(
                for: try plan { $0.chainOfThought = thinks }, tokenDecoder: vocabulary)
            let answers = prompt.messages.filter { $0.role == .assistant }.map { ExplanationAnswer.parse($0.content) }
            #expect(answers == CountedCase.all.map(\.answer))
            #expect(prompt.sharedMessages == prompt.messages.count - 1)
        }
    }

    /// What the subject says stays text: two tokens side by side make no mark, and one by itself no turn.
    @Test func whatTheSubjectSaysCannotPassForMarksTagsOrTurns() throws {
        let plan = try plan({ $0.promptTokens = 4000 }, promoted: PromotedTokens(raised: [9, 8], lowered: []))
        let question = try question(plan)
        #expect(!question.contains("<|im_end|>"))
        for line in passages(question) {
            #expect(line.components(separatedBy: "<<").count == 2 && line.components(separatedBy: ">>").count == 2)
        }
        #expect(!question.split(separator: "\n").contains { $0.hasPrefix("Likelier") && $0.contains("<<") })
    }

    // MARK: Worked cases that are said again

    @Test(arguments: DefaultExplainerSettings.Form.allCases)
    func anAnswerThatSaysAWorkedCaseAgainIsAskedForWithoutIt(form: DefaultExplainerSettings.Form) async throws {
        let answers = ExplanationPrompt.answers(of: form)
        // It copies the second case as long as that is shown, then the first.
        let judge = CountingJudge { prompt in
            for copied in [1, 0] where prompt.messages.contains(where: { $0.content.contains(answers[copied]) }) {
                return "[EXPLANATION]: " + answers[copied].uppercased() + "!"
            }
            return "[EXPLANATION]: words for flags"
        }
        let outcome = await DefaultExplainer.run(try plan { $0.form = form }, judge: judge, tokenDecoder: vocabulary)
        #expect(try outcome.result.get().text == "words for flags")
        #expect(outcome.copies == 2 && outcome.tokensIn == 300 && outcome.tokensOut == 21)
    }

    /// Without the case in sight it is the model's own answer.
    @Test func anAnswerThatStaysIsTakenOnceItsCaseIsGone() async throws {
        let judge = CountingJudge { _ in "[EXPLANATION]: " + CountedCase.all[1].answer }
        let outcome = await DefaultExplainer.run(try plan(), judge: judge, tokenDecoder: vocabulary)
        #expect(try outcome.result.get().text == CountedCase.all[1].answer)
        #expect(outcome.copies == 1 && outcome.tokensIn == 200)
    }

    @Test(
        arguments: [
            ("Flags, banners and other cloths flown as a SIGN.", 0),
            ("the flags, banners, and other cloths flown as a sign", 0),
            ("words for kites flown as a sign", 0), ("kites as a sign", nil), ("the word \"not\"", nil),
            ("flags and banners", nil), ("", nil), ("…", nil), ("first thing after 'return' in a program", 1),
        ] as [(String, Int?)]) func aCaseIsKnownWhateverItsPunctuation(answer: String, place: Int?)
    {
        #expect(CopiedCase.place(of: answer, among: CountedCase.all.map(\.answer)) == place)
    }
}

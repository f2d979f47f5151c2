import Elements
import Inference
import Testing

@testable import Explaining

@Suite struct EffectPromptTests {
    private func prompt(
        _ settings: OutputSettings = OutputSettings(), _ effects: OutputEffects = OutputPlans.effects(),
        promoted: PromotedTokens? = PromotedTokens(raised: [8], lowered: [9]), cases: [Int]? = nil
    ) throws -> EffectPrompt {
        EffectPrompt(
            of: try OutputPlans.plan(settings, promoted: promoted), effects: effects, cases: cases,
            tokenDecoder: OutputPlans.vocabulary)
    }

    private func question(_ prompt: Prompt) -> String { prompt.messages.last?.content ?? "" }

    @Test func tokensStandWithTheirChangesAndTextsWithBothContinuations() throws {
        let asked = try prompt().prompt()
        let texts = [
            "…w9 w10 w11 w12 w13 w14 w15 w16 w17 w18 w19 w20", "…w29 w30 w31 w32 w33 w34 w35 w36 w37 w38 w39 w40",
        ]
        #expect(
            question(asked) == """
                Likelier: "w1" (+3.3), "w2" (+2.0)
                Less likely: "w3" (-1.0)
                Likelier by its weights: "w8"
                Less likely by its weights: "w9"
                Text: \(texts[0])
                - without: w70 w71
                - with: w80 w81
                Text: \(texts[1])
                - without: w70 w71
                - with: w80 w81
                """)
        #expect(asked.sharedMessages == asked.messages.count - 1 && asked.answerPrefix == nil)
        #expect(
            asked.messages.map(\.role) == [.system, .user, .assistant, .user, .assistant, .user, .assistant, .user])
    }

    @Test func whatIsSaidForTheModelIsWhatEveryCaseSaysFirst() throws {
        var settings = OutputSettings()
        settings.startsAnswer = true
        let prefix = try #require(try prompt(settings).prompt().answerPrefix)
        for message in try prompt(settings).prompt().messages where message.role == .assistant {
            #expect(message.content.hasPrefix(prefix + " "))
        }
    }

    @Test func casesThatAreLeftOutAreNotShown() throws {
        let asked = try prompt(cases: [2]).prompt()
        #expect(asked.messages.count == 4)
        #expect(asked.messages[2].content == "[EXPLANATION]: makes the model close a square bracket")
    }

    @Test func whatIsNotAskedForIsShownInNoCase() throws {
        var settings = OutputSettings()
        settings.promotedTokens = 0
        settings.continuations = 0
        let none = OutputPlans.effects(continuations: 0)
        for message in try prompt(settings, none, promoted: nil).prompt().messages {
            for word in ["weights", "without", "Text:"] { #expect(!message.content.contains(word)) }
        }
    }

    @Test func namesThatDifferInCaseAreOneAndUnchangedContinuationsNone() throws {
        let effects = OutputPlans.effects(
            rising: [(5, 4), (100, 3), (6, 2.5), (101, 2), (7, 1)], falling: [], most: 3)
        #expect(effects.rising.map(\.token) == [5, 6, 7] && effects.falling.isEmpty)
        let same = OutputEffects.Continuation(text: [1], clean: [2], changed: [2])
        let bare = OutputEffects(
            divergence: 0, rising: [], falling: [], most: 3, continuations: [same],
            tokenDecoder: OutputPlans.vocabulary)
        #expect(bare.continuations.isEmpty)
    }

    /// What the subject writes is as foreign as the corpus.
    @Test func whatTheSubjectWritesCannotSpeakForTheModel() throws {
        let effects = OutputEffects(
            divergence: 0, rising: [OutputEffects.Change(token: 102, nats: 1)], falling: [], most: 3,
            continuations: [OutputEffects.Continuation(text: [1], clean: [102], changed: [103, 102])],
            tokenDecoder: OutputPlans.vocabulary)
        let lines = question(try prompt(effects: effects).prompt())
        #expect(!lines.contains("\n[EXPLANATION]") && !lines.contains("<|im_end|>"))
        #expect(lines.split(separator: "\n").count == 6)
    }

    private func prompt(effects: OutputEffects) throws -> EffectPrompt { try prompt(OutputSettings(), effects) }

    @Test func aPromptThatIsTooLongLosesContinuationsFirstAndThenTheEndsOfLists() throws {
        let rising = (1...8).map { (UInt32($0), 9 - Double($0)) }
        var settings = OutputSettings()
        func fitted(_ most: Int) throws -> String {
            settings.promptTokens = most
            return question(
                try prompt(settings, OutputPlans.effects(rising: rising, continuations: 3)).fitted {
                    question($0).count
                })
        }
        let whole = question(try prompt(settings, OutputPlans.effects(rising: rising, continuations: 3)).prompt())
        #expect(try fitted(whole.count) == whole)
        let shorter = try fitted(whole.count - 1)
        #expect(shorter.split(separator: "\n").count == whole.split(separator: "\n").count - 3)
        #expect(whole.hasPrefix(shorter))
        let bare = String(whole.prefix { $0 != "T" })
        let lists = try fitted(bare.count)
        #expect(!lists.contains("Text:") && lists.contains("\"w8\" (+1.0)"))
        let half = try fitted(bare.count - 2)
        #expect(half.contains("\"w4\"") && !half.contains("\"w5\""))
        // Something is always asked.
        let least = try fitted(1)
        #expect(least.contains("Likelier: \"w1\" (+8.0)\n") && !least.contains("\"w2\""))
    }

    @Test(arguments: [
        (0.0, "+0.0"), (-0.04, "+0.0"), (-0.05, "-0.1"), (2.949, "+2.9"), (12.96, "+13.0"), (-1e30, "-1000.0"),
    ]) func changesHaveOneDecimalAndASign(value: Double, text: String) {
        #expect(EffectQuestion.signed(value) == text)
    }
}

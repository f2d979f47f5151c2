import Elements
import Inference
import Testing

@testable import Scoring

/// What is the same for all latents of a node comes first in what a model is asked, byte by byte, so that caches of prefixes hold it.
@Suite struct SharedPrefixTests {
    private static let text = ToyVocabulary(words: 60)
    private static let corpus = PlantedCorpus(latents: 4, vocabulary: 60, windows: 600, seed: 3)

    /// The texts of a prompt as they are sent, one after another.
    private static func rendered(_ messages: some Sequence<ChatMessage>) -> [UInt8] {
        messages.flatMap { Array("\($0.role.rawValue)\u{0}\($0.content)\u{0}".utf8) }
    }

    private static func common(_ first: [UInt8], _ second: [UInt8]) -> Int {
        zip(first, second).prefix { $0 == $1 }.count
    }

    /// Expects two prompts to begin alike up to the last message, and to differ in that one.
    private func expectShared(_ first: Prompt, _ second: Prompt, _ name: String) {
        let prompts = [first, second]
        #expect(first != second, "\(name)")
        for prompt in prompts { #expect(prompt.sharedMessages == prompt.messages.count - 1, "\(name)") }
        let shared = Self.rendered(first.messages.prefix(first.sharedMessages))
        #expect(
            Self.common(Self.rendered(first.messages), Self.rendered(second.messages)) >= shared.count, "\(name)")
        #expect(first.cacheKey != nil && first.cacheKey == second.cacheKey, "\(name)")
    }

    /// Expects two texts to begin alike up to a heading of which the last one is the latent's own.
    private func expectShared(_ first: String, _ second: String, upTo heading: String, _ name: String) throws {
        #expect(first != second, "\(name)")
        let end = try #require(first.ranges(of: heading).last?.upperBound)
        let shared = first[..<end].utf8.count
        #expect(Self.common(Array(first.utf8), Array(second.utf8)) >= shared, "\(name)")
    }

    @Test(arguments: JudgedMethod.allCases, [nil, 8]) func verdictsAreAskedForBehindWhatIsShared(
        method: JudgedMethod, clip: Int?
    ) throws {
        var settings = JudgedSettings(method: method)
        settings.clip = clip
        let plans = try [1, 2].map {
            try Self.corpus.plan($0, settings: settings, judge: RuleJudge(), tokenDecoder: Self.text)
        }
        let lists = plans.map { JudgePrompt.list($0.asked[$0.calls[0]], plan: $0, tokenDecoder: Self.text) }
        expectShared(lists[0], lists[1], "\(method) by lists")
        let singles = plans.map { JudgePrompt.yesOrNo($0.questions[0], plan: $0, tokenDecoder: Self.text) }
        expectShared(singles[0], singles[1], "\(method) one by one")
        // The calls of one latent share its explanation too.
        let next = JudgePrompt.list(plans[0].asked[plans[0].calls[1]], plan: plans[0], tokenDecoder: Self.text)
        let shared =
            Self.rendered(next.messages.dropLast()) + Array("user\u{0}Explanation: Contains the token w1.\n".utf8)
        #expect(Self.common(Self.rendered(lists[0].messages), Self.rendered(next.messages)) >= shared.count)
    }

    @Test func otherMethodsThatChatAskBehindWhatIsShared() throws {
        let trials = try [1, 2].map { latent in
            try IntruderPlan(
                subject: Self.corpus.subject(latent, judge: RuleJudge()), heldOut: Self.corpus.heldOut(latent),
                settings: IntruderSettings(), tokens: Self.text
            ).trials[0]
        }
        expectShared(
            IntruderPrompt.prompt(trials[0], tokenDecoder: Self.text),
            IntruderPrompt.prompt(trials[1], tokenDecoder: Self.text), "intruder")
        expectShared(
            WritingPrompt.prompt(for: "Metals.", texts: 5), WritingPrompt.prompt(for: "Ships.", texts: 5), "generation")
        let effects = [[3, 4], [5, 6]].map { [OutputPrompt.Effect(prompt: [1, 2], rising: $0)] }
        expectShared(
            OutputPrompt.prompt(for: effects[0], tokenDecoder: Self.text),
            OutputPrompt.prompt(for: effects[1], tokenDecoder: Self.text), "intervention")
    }

    @Test func textsBeginWithWhatIsShared() throws {
        try expectShared(
            SimulationPrompt.prefix(explanation: "Metals.", scale: 10),
            SimulationPrompt.prefix(explanation: "Ships.", scale: 10), upTo: "Description: ", "simulation")
        try expectShared(
            SurprisalPrompt.prefix("Metals."), SurprisalPrompt.prefix("Ships."), upTo: "Description: ", "surprisal")
        try expectShared(
            PassagePrompt.prefix(for: [1, 2], tokenDecoder: Self.text),
            PassagePrompt.prefix(for: [3, 4], tokenDecoder: Self.text), upTo: "Passage: ", "passages")
    }
}

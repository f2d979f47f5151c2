import Elements
import Inference
import Testing

@testable import Scoring

/// Windows of which a judge is shown a part.
@Suite struct QuestionClipTests {
    private static let text = ToyVocabulary(words: 60)
    private static let corpus = PlantedCorpus(latents: 4, vocabulary: 60, windows: 600, seed: 3)

    private func plan(_ method: JudgedMethod, clip: Int?, latent: Int = 1) throws -> ScoringPlan {
        var settings = JudgedSettings(method: method)
        settings.clip = clip
        return try Self.corpus.plan(latent, settings: settings, judge: RuleJudge(), tokenDecoder: Self.text)
    }

    @Test(arguments: JudgedMethod.allCases, [1, 5, 8, 12])
    func aPartIsAsLongForBothClassesAndHoldsThePeakOrAllMarks(method: JudgedMethod, width: Int) throws {
        let (whole, clipped) = (try plan(method, clip: nil), try plan(method, clip: width))
        let peaks = Dictionary(
            uniqueKeysWithValues: Self.corpus.heldOut(1).positives.map { ($0.window.identity, $0) })
        #expect(whole.questions.count == clipped.questions.count && whole.job != clipped.job)
        for (before, after) in zip(whole.questions, clipped.questions) {
            #expect(before.identity == after.identity && before.isPositive == after.isPositive)
            // A part of the window, marks and all.
            let starts = 0...(before.tokens.count - after.tokens.count)
            let start = starts.first { start in
                before.tokens[start..<(start + after.tokens.count)].elementsEqual(after.tokens)
                    && (before.marked.isEmpty
                        || before.marked[start..<(start + after.tokens.count)].elementsEqual(after.marked))
            }
            #expect(start != nil)
            let marks = before.marked.count { $0 }
            #expect(after.marked.count { $0 } == marks)
            if method == .detection {
                #expect(after.tokens.count == min(width, before.tokens.count))
                guard before.isPositive, let example = peaks[before.identity],
                    let peak = example.activations.firstIndex(of: example.peak)
                else { continue }
                #expect(after.tokens.contains(before.tokens[peak]))
            }
        }
        // As many of each length in both classes.
        func lengths(_ isPositive: Bool) -> [Int] {
            clipped.questions.filter { $0.isPositive == isPositive }.map(\.tokens.count).sorted()
        }
        if method == .fuzzing { #expect(lengths(true) == lengths(false)) }
    }

    @Test(arguments: JudgedMethod.allCases) func aWidthOfAWholeWindowOrMoreChangesNoQuestion(method: JudgedMethod)
        throws
    {
        #expect(try plan(method, clip: 64).questions == plan(method, clip: nil).questions)
    }

    @Test(arguments: JudgedMethod.allCases) func aJudgeWhoJudgesByTheRuleStillDoes(method: JudgedMethod) async throws {
        let plan = try plan(method, clip: 8)
        let score = try await JudgedScorer.run(plan, judge: RuleJudge(), tokenDecoder: Self.text, concurrency: 1).score
        #expect((score.headline?.value ?? 0) > 0.9 && score.failed == 0)
    }

    /// The sent tokens of a plan, as estimated.
    private func sent(_ plan: ScoringPlan) -> Int {
        plan.calls.reduce(0) { sum, call in
            sum + JudgePrompt.list(plan.asked[call], plan: plan, tokenDecoder: Self.text).estimatedTokens
        }
    }

    @Test func longListsOfPartsTakeLessThanHalfOfWhatIsSentByDefault() throws {
        var (whole, short) = (0, 0)
        for method in JudgedMethod.allCases {
            var settings = JudgedSettings(method: method)
            whole += sent(
                try Self.corpus.plan(1, settings: settings, judge: RuleJudge(), tokenDecoder: Self.text))
            settings.examplesPerPrompt = 20
            settings.clip = 12
            short += sent(
                try Self.corpus.plan(1, settings: settings, judge: RuleJudge(), tokenDecoder: Self.text))
        }
        #expect(2 * short < whole)
    }
}

import Elements
import Examples
import Hashing
import Inference
import Testing

@testable import Scoring

@Suite struct IntruderScorerTests {
    private static let text = ToyVocabulary(words: 80)
    private static let corpus = PlantedCorpus(latents: 12, vocabulary: 80, windows: 1500, seed: 1)

    /// A judge that says what it is told to about the texts of a trial's examples.
    private struct Guesser: LanguageModelClient {
        var answer: @Sendable ([String]) -> String
        var name: String { "guesser" }
        var digest: Hash128 { Hash128(high: 3, low: 6) }
        var offersLogProbabilities: Bool { false }
        func complete(_ prompt: Prompt, maximumTokens: Int) async throws(InferenceError) -> Completion {
            let lines = (prompt.messages.last?.content ?? "").split(separator: "\n").map(String.init)
            return Completion(text: answer(lines), tokensIn: 9, tokensOut: 1)
        }
        func logProbabilities(of answers: [String], after prompt: Prompt) async throws(InferenceError)
            -> AnswerLogProbabilities
        {
            throw InferenceError(.unsupported, "not asked")
        }
    }

    private func plan(_ latent: Int, control: String? = nil, judge: any LanguageModelClient, trials: Int = 20) throws
        -> IntruderPlan
    {
        var settings = IntruderSettings()
        settings.trials = trials
        return try IntruderPlan(
            subject: Self.corpus.subject(latent, control: control, judge: judge), heldOut: Self.corpus.heldOut(latent),
            settings: settings, tokens: Self.text)
    }

    private func score(
        _ latent: Int, control: String? = nil, _ answer: @escaping @Sendable ([String]) -> String
    ) async throws -> Score {
        let judge = Guesser(answer: answer)
        return try await IntruderScorer.run(
            plan(latent, control: control, judge: judge), judge: judge, tokenDecoder: Self.text, concurrency: 2)
    }

    @Test func aTrialHasOneSilentWindowAmongOthersOfOneBlock() throws {
        let judge = Guesser { _ in "" }
        for latent in 0..<12 {
            let plan = try plan(latent, judge: judge)
            let trials = plan.trials
            #expect(trials.count == 20)
            var seen = Set<Hash128>()
            for trial in trials {
                #expect(trial.windows.count == 5 && trial.windows.indices.contains(trial.intruder))
                for (place, window) in trial.windows.enumerated() {
                    let fires = window.tokens.contains(UInt32(latent))
                    #expect(fires == (place != trial.intruder))
                    #expect(seen.insert(window.identity).inserted)
                    #expect(window.marked.count == window.tokens.count && window.marked.contains(true))
                }
            }
            // Every place as often as any other, so that a judge that always says the same is right in one of five.
            #expect((0..<5).allSatisfy { place in trials.count { $0.intruder == place } == 4 })
            #expect(Set(trials.map(\.block)).count > 5)
            #expect(try self.plan(latent, judge: judge) == plan)
        }
    }

    /// Seven trials are a round of five and two more, which must not favour the same places in every latent.
    @Test func placesAreBalancedOverAllTrialsOfANode() {
        var settings = IntruderSettings()
        settings.trials = 7
        var counts = [Int](repeating: 0, count: 5)
        for latent in 0..<200 {
            let choice = IntruderChoice(latent: latent, seed: 7, settings: settings, tokenDecoder: Self.text)
            let trials = choice.trials(from: Self.corpus.heldOut(3), isSilent: false)
            for trial in trials { counts[trial.intruder] += 1 }
            #expect((0..<5).allSatisfy { place in (1...2).contains(trials.count { $0.intruder == place }) })
        }
        #expect(counts.reduce(0, +) == 1400)
        #expect(counts.allSatisfy { (240...320).contains($0) }, "\(counts)")
    }

    @Test func aScoreSaysHowOftenEachPlaceIsRight() async throws {
        let judge = Guesser { _ in "" }
        let trials = try plan(3, judge: judge, trials: 7).trials
        let plan = try plan(3, judge: judge, trials: 7)
        // One answer failed: its trial tells nothing of what a constant answer gives.
        let score = IntruderScorer.score(plan, answers: [nil] + [Int?](repeating: 0, count: 6), cost: CallCost())
        for place in 0..<5 {
            let share = try #require(score.details["intruder_at_\(place + 1)"])
            #expect(share.count == 6)
            #expect(share.value == Double(trials.dropFirst().count { $0.intruder == place }) / 6)
        }
        #expect(score.details["intruder_at_1"]?.value == score.headline?.value)
        #expect(score.details["intruder_at_6"] == nil)
    }

    @Test func marksAreThoseOfWindowsOfTheBlock() throws {
        let latent = 3
        let blocks = RankBlocks(of: Self.corpus.heldOut(latent).positives, count: 10).blocks
        for trial in try plan(latent, judge: Guesser { _ in "" }).trials {
            let patterns = blocks[trial.block].map { MarkedTokens.marks(of: $0) }
            #expect(trial.windows.allSatisfy { patterns.contains($0.marked) })
        }
    }

    @Test func whoeverKnowsTheLatentFindsTheIntruderAndWhoeverDoesNotIsAtChance() async throws {
        for latent in [0, 4, 7] {
            let knows: @Sendable ([String]) -> String = { lines in
                let index = lines.firstIndex { !$0.contains(" w\(latent)>>") }
                return "\((index ?? 0) + 1)"
            }
            let found = try await score(latent, knows)
            #expect(found.headline?.value == 1 && found.judged == 20 && found.failed == 0)
            #expect((found.headline?.lower ?? 1) < 0.9 && found.details["chance"]?.value == 0.2)
            #expect(found.tokensIn == 180 && found.tokensOut == 20)
            for number in 1...5 {
                #expect(try await score(latent) { _ in "\(number)" }.headline?.value == 0.2)
            }
            // In silent windows alone there is nothing to be known.
            let silent = try await score(latent, control: IntruderPlan.silent, knows)
            #expect(silent.control == "silent_windows" && (silent.headline?.lower ?? 1) <= 0.2)
        }
    }

    @Test func silentWindowsStandUnderTheMarksOfOthers() throws {
        let judge = Guesser { _ in "" }
        let plan = try plan(3, control: IntruderPlan.silent, judge: judge)
        #expect(!plan.trials.isEmpty)
        #expect(plan.trials.allSatisfy { $0.windows.allSatisfy { !$0.tokens.contains(3) } })
        #expect(Set(plan.trials.flatMap { $0.windows.map(\.identity) }).count == 5 * plan.trials.count)
        #expect(try plan.job != self.plan(3, judge: judge).job)
    }

    @Test func anAnswerThatCannotBeReadIsFailedAndNotWrong() async throws {
        let score = try await score(3) { lines in
            let index = lines.firstIndex { !$0.contains(" w3>>") } ?? 0
            return index == 0 ? "I cannot tell." : "\(index + 1)"
        }
        #expect(score.failed == 4 && score.judged == 16 && score.headline?.value == 1)
        #expect(score.tokensIn == 180)
        await #expect { try await self.score(3) { _ in "none" } } throws: {
            ($0 as? ScoringError)?.kind == .judgeFailed
        }
    }

    @Test(
        arguments: [
            ("3", 2), (" 3.\n", 2), ("Example 3", 2), ("**3**", 2), ("I think 1 or 2.\nThe intruder is 4", 3), ("5", 4),
            ("0", nil), ("6", nil), ("", nil), ("1 or 2", nil), ("99999999999999999999999", nil), ("-", nil),
            ("2, because 2 differs", 1),
        ] as [(String, Int?)])
    func theNumberIsReadFromTheAnswer(answer: String, place: Int?) {
        #expect(IntruderAnswer.place(in: answer, count: 5) == place)
    }

    @Test func fewWindowsMakeFewerBlocksAndTooFewNone() throws {
        let judge = Guesser { _ in "" }
        let held = Self.corpus.heldOut(2)
        func trials(_ count: Int) throws -> [IntruderTrial] {
            try IntruderPlan(
                subject: Self.corpus.subject(2, judge: judge),
                heldOut: HeldOutSet(positives: Array(held.positives.prefix(count)), negatives: held.negatives),
                settings: IntruderSettings(), tokens: Self.text
            ).trials
        }
        #expect(try trials(5).count == 1)
        #expect(try Set(trials(17).map(\.block)) == [0, 1, 2])
        #expect(throws: ScoringError.self) { try trials(4) }
    }

    @Test func probabilitiesOfTheNumbersAreReadTheSameWay() async throws {
        let judge = RuleJudge()
        var settings = IntruderSettings(form: .logProbabilities)
        settings.trials = 5
        let plan = try IntruderPlan(
            subject: Self.corpus.subject(1, judge: judge), heldOut: Self.corpus.heldOut(1), settings: settings,
            tokens: Self.text)
        let score = try await IntruderScorer.run(plan, judge: judge, tokenDecoder: Self.text, concurrency: 1)
        #expect(score.headline?.value == 1)
    }

    @Test func recentWindowsMakeTrialsOfTheirOwn() async throws {
        // It knows the windows that are marked at the old token, and names the first other one.
        let judge = Guesser { lines in "\((lines.firstIndex { !$0.contains("<< w0>>") } ?? 0) + 1)" }
        func plan(_ set: HeldOutSet, control: String? = nil) throws -> IntruderPlan {
            var settings = IntruderSettings()
            settings.trials = 20
            return try IntruderPlan(
                subject: Self.corpus.subject(0, control: control, judge: judge), heldOut: set, settings: settings,
                tokens: Self.text)
        }
        let all = Self.corpus.heldOut(0)
        // A window in which the latent fires is no silent one.
        let firing = Set(Self.corpus.test[1].map(\.window.identity))
        let set = HeldOutSet(
            positives: all.positives, negatives: all.negatives.filter { !firing.contains($0.window.identity) })
        let known = Set(set.positives.map(\.window.identity))
        let other = Self.corpus.test[1].filter { !known.contains($0.window.identity) && !$0.window.tokens.contains(0) }
        var (changed, same) = (set, set)
        changed.recent = Array(other.prefix(40))
        same.recent = set.positives
        let (plain, planned) = (try plan(set), try plan(changed))
        #expect(plain.trials == planned.trials && plain.fresh == nil && plain.job != planned.job)
        let fresh = try #require(planned.fresh)
        #expect(fresh.trials.count > 5 && fresh.trials.count <= 10 && !fresh.isRecent.contains(true))
        let shown = planned.asked.flatMap(\.windows).map(\.identity)
        #expect(Set(shown).count == shown.count)
        let score = try await IntruderScorer.run(planned, judge: judge, tokenDecoder: Self.text, concurrency: 2)
        let before = try await IntruderScorer.run(plain, judge: judge, tokenDecoder: Self.text, concurrency: 2)
        #expect(score.headline == before.headline && before.headline?.value == 1 && before.details["current"] == nil)
        let lucky = fresh.trials.count { $0.intruder == 0 }
        let (weight, found) = (Double(20 + 4 * fresh.trials.count), Double(20 + 4 * lucky))
        let current = try #require(score.details["current"])
        #expect(abs(current.value - found / weight) < 1e-12 && current.count == 20 + fresh.trials.count)
        #expect(score.judged == 20 && score.failed == 0)
        // Where all windows are recent all trials are, and nothing more is asked; a control has no figure of now.
        let whole = try #require(try plan(same).fresh)
        #expect(whole.trials.isEmpty && whole.isRecent.allSatisfy { $0 })
        #expect(try plan(changed, control: IntruderPlan.silent).fresh == nil)
    }
}

import Elements
import Hashing
import Inference
import Statistics
import Testing

@testable import Scoring

/// Texts of a scripted model, read by a subject of words: what comes out is known in closed form.
@Suite struct GenerationScorerTests {
    private static let corpus = PlantedCorpus(latents: 12, vocabulary: 80, windows: 1500, seed: 1)

    private func settings(_ change: (inout GenerationSettings) -> Void = { _ in }) -> GenerationSettings {
        var settings = GenerationSettings()
        settings.textsPerAnswer = 5
        change(&settings)
        return settings
    }

    private func plan(
        _ latent: Int, as other: Int? = nil, saying text: String? = nil, _ settings: GenerationSettings,
        writer: FakeWriter, reader: WordReader = WordReader()
    ) throws -> GenerationPlan {
        let explanation = Self.corpus.explanation(other ?? latent, text: text ?? "w\(other ?? latent)")
        let subject = PlanSubject(
            node: "tried", explanation: explanation, latent: latent, control: other == nil ? nil : "shuffled",
            judge: writer, seed: 7, heldOut: Self.corpus.heldOut(latent).account)
        return try GenerationPlan(
            subject: subject,
            evidence: GenerationEvidence(heldOut: Self.corpus.heldOut(latent), reader: reader.digest),
            settings: settings)
    }

    private func outcome(
        _ plan: GenerationPlan, writer: FakeWriter, plain: PlainTexts = PlainTexts(), concurrency: Int = 3
    ) async throws -> (score: Score, texts: WrittenTexts) {
        try await GenerationScorer.outcome(
            of: plan,
            with: GenerationTools(writer: writer, reader: WordReader(), plain: plain, concurrency: concurrency))
    }

    /// Writes the word that the explanation names once, twice, …, and for none a word at which no latent of the test fires.
    private static let truthful = FakeWriter { description, number in
        description == WritingPrompt.nothing
            ? "w70 anything \(number)"
            : "text \(number) " + Array(repeating: description, count: number).joined(separator: " ")
    }

    @Test func anExplanationThatIsRightSetsTheLatentOffAndAnotherDoesNot() async throws {
        let writer = Self.truthful
        let own = try await outcome(plan(3, settings(), writer: writer), writer: writer)
        let score = own.score
        #expect(score.headline?.value == 1 && (score.headline?.lower ?? 1) < 1 && score.method == "generation")
        #expect(score.judged == 40 && score.failed == 0 && score.text == "w3" && score.control == nil)
        #expect(score.details["auroc"] == score.headline && score.details["balanced_accuracy"]?.value == 1)
        #expect(score.details["true_positive_rate"] == Wilson.interval(successes: 20, of: 20))
        #expect(score.details["true_negative_rate"] == Wilson.interval(successes: 20, of: 20))
        #expect(score.details["share_echoing"]?.value == 0 && score.details["share_repeated"]?.value == 0)
        let other = try await outcome(plan(3, as: 4, settings(), writer: writer), writer: writer)
        #expect(other.score.headline?.value == 0.5 && other.score.details["true_positive_rate"]?.value == 0)
        #expect(other.score.control == "shuffled" && other.score.latent == 3)
        // The other's texts are those of its own score.
        let its = try await outcome(plan(4, settings(), writer: writer), writer: writer)
        #expect(other.texts.texts.map(\.text) == its.texts.texts.map(\.text))
    }

    /// Four answers of five texts, in which the word stands once to five times: peaks of 1 to 5 by the reader's rule.
    @Test func howStronglyItFiresIsToldAsAShareOfItsUsualPeak() async throws {
        let writer = Self.truthful
        let plan = try plan(3, settings { $0.strength = 0.2 }, writer: writer)
        let score = try await outcome(plan, writer: writer).score
        let strong = (1...5).count { Float($0) > plan.strong }
        #expect(strong > 0 && strong < 5)
        #expect(score.details["strong_rate"] == Wilson.interval(successes: 4 * strong, of: 20))
        #expect(score.details["strong_rate_of_others"] == Wilson.interval(successes: 0, of: 20))
        let relative = try #require(score.details["relative_peak"])
        #expect(abs(relative.value - 3 / Double(plan.strong)) < 1e-6 && relative.count == 20)
        // The quantile is that of the peaks of the held-out windows.
        let peaks = Quantiles(Self.corpus.test[3].map { Double($0.peak) })
        #expect(plan.strong == Float(try #require(peaks[0.2])))
        let strongest = try self.plan(3, settings { $0.strength = 1 }, writer: writer)
        #expect(strongest.strong == Self.corpus.test[3].map(\.peak).max() && strongest.job != plan.job)
    }

    /// A latent that fires in every text tells an explanation by its strength alone.
    @Test func theAreaIsThatOfThePeaks() async throws {
        let writer = FakeWriter { description, number in
            let count = description == WritingPrompt.nothing ? 3 : number
            return "text \(number) " + Array(repeating: "w2", count: count).joined(separator: " ")
        }
        let score = try await outcome(plan(2, settings(), writer: writer), writer: writer).score
        // Of peaks 1…5 against 3: two above, one alike.
        #expect(abs((score.headline?.value ?? 0) - 0.5) < 1e-12)
        #expect(score.details["true_negative_rate"]?.value == 0 && score.details["balanced_accuracy"]?.value == 0.5)
    }

    @Test func whatIsWrittenIsKeptWithTheTokensThatFire() async throws {
        let writer = Self.truthful
        let texts = try await outcome(plan(3, settings { $0.tokens = 4 }, writer: writer), writer: writer).texts.texts
        #expect(
            texts.count == 40 && texts.prefix(20).allSatisfy(\.isMeant) && !texts.suffix(20).contains(where: \.isMeant))
        #expect(texts[0].parts.prefix(2).map(\.text) == [" text 1", " w3"])
        #expect(texts[0].parts.map(\.activation) == [0, 1, 0])
        // No more is read of a text than the settings say.
        #expect(texts.allSatisfy { $0.text.split(separator: " ").count <= 4 } && texts[4].peak == 2)
    }

    @Test func theSameJobAsksTheSameAndTextsForNothingAreAskedForOnce() async throws {
        let writer = FakeWriter { description, number in "\(description) \(number)" }
        let plain = PlainTexts()
        let first = try await outcome(plan(3, settings(), writer: writer), writer: writer, plain: plain)
        let calls = writer.calls
        #expect(calls.count == 8 && Set(calls).count == 8 && calls.allSatisfy { $0.texts == 5 && $0.seed != nil })
        #expect(first.score.tokensIn == 800 && first.score.tokensOut == 80 && first.score.tokensCached == 480)
        // What is known already costs nothing.
        let again = try await outcome(plan(3, settings(), writer: writer), writer: writer, plain: plain)
        #expect(again.score.tokensIn == 400 && again.score.headline == first.score.headline)
        #expect(again.texts == first.texts && writer.calls.count == 12 && Set(writer.calls).count == 8)
        // Another process has to ask for it again, and asks the same.
        let later = try await outcome(plan(3, settings(), writer: writer), writer: writer)
        #expect(later.score == first.score && later.texts == first.texts && Set(writer.calls).count == 8)
    }

    @Test func jobsThatRunTogetherWaitForTheTextsOfOne() async throws {
        let writer = FakeWriter { description, number in "\(description) \(number)" }
        let plain = PlainTexts()
        let plans = try (0..<6).map { try plan($0, settings(), writer: writer) }
        let scores = await mapConcurrently(plans, limit: 6) { plan in
            try? await outcome(plan, writer: writer, plain: plain).score
        }
        #expect(scores.compactMap(\.self).count == 6)
        #expect(writer.calls.count { $0.description == WritingPrompt.nothing } == 4)
        #expect(scores.reduce(0) { $0 + ($1?.tokensIn ?? 0) } == 100 * writer.calls.count)
    }

    @Test func withoutATemperatureAllTextsAreAskedForInOneAnswer() async throws {
        let writer = FakeWriter { description, number in "\(description) \(number)" }
        _ = try await outcome(plan(3, settings { $0.temperature = 0 }, writer: writer), writer: writer)
        #expect(Set(writer.calls.map(\.texts)) == [20] && writer.calls.count == 2)
        #expect(writer.calls.allSatisfy { $0.seed == nil })
    }

    /// What does not count is asked for once more; what is still missing has failed.
    @Test func echoesAndRepetitionsAreCountedAndNotScored() async throws {
        let said = "the word for a kind of boat"
        let writer = FakeWriter { call in
            guard call.description == said else {
                return (1...call.texts).map { "\($0). plain \($0) s\(call.seed ?? 0)" }.joined(separator: "\n")
            }
            return (1...call.texts).map { number in
                switch number {
                case 1: "1. this is The Word, for a kind, of boat"
                case 2: "2. always the same"
                default: "\(number). w3 \(number) s\(call.seed ?? 0)"
                }
            }.joined(separator: "\n")
        }
        let score = try await outcome(plan(3, saying: said, settings(), writer: writer), writer: writer).score
        // Four answers of five: 4 echoes and 3 repetitions; then two of five and two: 2 echoes, 2 repetitions, 3 texts.
        #expect(score.judged == 36 && score.failed == 4)
        #expect(score.details["share_echoing"] == Wilson.interval(successes: 6, of: 27))
        #expect(score.details["share_repeated"] == Wilson.interval(successes: 5, of: 27))
        #expect(score.details["true_positive_rate"] == Wilson.interval(successes: 15, of: 16))
    }

    @Test(arguments: [
        "I am sorry, I cannot do that.", "", "- one\n- two", "1. always the same\n2. always the same",
        "<think>\n1. w3 a\n2. w3 b\n3. w3 c",
    ]) func aModelThatWritesNoTextsFailsTheJob(answer: String) async throws {
        let writer = FakeWriter { call throws(InferenceError) in
            call.description == "w3"
                ? answer : (1...call.texts).map { "\($0). a \($0) \(call.seed ?? 0)" }.joined(separator: "\n")
        }
        let error = await #expect(throws: ScoringError.self) {
            _ = try await outcome(plan(3, settings(), writer: writer), writer: writer)
        }
        #expect(error?.kind == .judgeFailed && error?.isRetriable == false)
    }

    /// Texts within a thought were only thought of; of an answer that the limit of tokens ends the last text is half a text.
    @Test func whatWasThoughtOrCutOffIsNoText() async throws {
        func writer(isCutOff: Bool) -> FakeWriter {
            FakeWriter(isCutOff: isCutOff) { call in
                let texts = (1...call.texts).map { "\($0). \(call.description) \($0)" }.joined(separator: "\n")
                return "<think>\n1. w3 thought of</think>\n" + texts
            }
        }
        let settings = settings { ($0.texts, $0.temperature) = (12, 0) }
        for (isCutOff, failed) in [(false, 0), (true, 2)] {
            let writer = writer(isCutOff: isCutOff)
            let (score, texts) = try await outcome(plan(3, settings, writer: writer), writer: writer)
            #expect(score.failed == failed && score.judged == 24 - failed)
            #expect(!"\(texts)".contains("thought"))
        }
    }

    /// A third may be missing, more may not: what is left is no fair sample.
    @Test func tooFewTextsMakeNoScore() async throws {
        func writer(_ most: Int) -> FakeWriter {
            FakeWriter { call in
                call.description == "w3"
                    ? (1...most).map { "\($0). w3 \($0)" }.joined(separator: "\n")
                    : (1...call.texts).map { "\($0). plain \($0)" }.joined(separator: "\n")
            }
        }
        func settings() -> GenerationSettings { self.settings { ($0.texts, $0.temperature) = (12, 0) } }
        let enough = writer(8)
        #expect(try await outcome(plan(3, settings(), writer: enough), writer: enough).score.failed == 4)
        let few = writer(7)
        let error = await #expect(throws: ScoringError.self) {
            _ = try await outcome(plan(3, settings(), writer: few), writer: few)
        }
        #expect(error?.message == "writer wrote 7 of 12 texts for the explanation that can be used")
    }

    @Test func anOutageFailsTheJobForLaterAndIsNotKept() async throws {
        let isAway = AtomicFlag()
        let writer = FakeWriter { call throws(InferenceError) in
            if isAway.value { throw InferenceError(.unreachable, "nobody there") }
            return (1...call.texts).map { "\($0). \(call.description) \($0) \(call.seed ?? 0)" }.joined(separator: "\n")
        }
        let plain = PlainTexts()
        isAway.value = true
        let error = await #expect(throws: ScoringError.self) {
            _ = try await outcome(plan(3, settings(), writer: writer), writer: writer, plain: plain)
        }
        #expect(error?.kind == .judgeFailed && error?.isRetriable == true)
        isAway.value = false
        #expect(try await outcome(plan(3, settings(), writer: writer), writer: writer, plain: plain).score.judged == 40)
    }

    @Test func anotherModelOrReaderThanPlannedIsRefused() async throws {
        let writer = Self.truthful
        let plan = try plan(3, settings(), writer: writer, reader: WordReader(digest: Hash128(high: 1, low: 1)))
        let error = await #expect(throws: ScoringError.self) { _ = try await outcome(plan, writer: writer) }
        #expect(error?.kind == .modelChanged)
    }

    @Test func aSubjectThatCannotReadFailsTheJob() async throws {
        struct Broken: TextReader {
            struct Fault: Error, CustomStringConvertible { let description = "a value is not finite" }
            let digest = WordReader().digest
            func read(_ texts: [String], tokens: Int) async throws -> [ReadText] { throw Fault() }
        }
        let writer = Self.truthful
        let tools = GenerationTools(writer: writer, reader: Broken(), plain: PlainTexts(), concurrency: 1)
        let plan = try plan(3, settings(), writer: writer)
        let error = await #expect(throws: ScoringError.self) { _ = try await GenerationScorer.run(plan, with: tools) }
        #expect(error?.message == "the subject cannot read what was written: a value is not finite")
    }

    @Test func aLatentWithoutHeldOutWindowsIsPassedOver() throws {
        let writer = Self.truthful
        let error = #expect(throws: ScoringError.self) {
            let subject = PlanSubject(
                node: "tried", explanation: Self.corpus.explanation(3), judge: writer, seed: 7,
                heldOut: HeldOutAccount(kept: 0))
            _ = try GenerationPlan(
                subject: subject,
                evidence: GenerationEvidence(
                    heldOut: HeldOutSet(positives: [], negatives: []), reader: WordReader().digest),
                settings: GenerationSettings())
        }
        #expect(error?.kind == .tooFewExamples)
    }

    /// Texts for nothing are the same for all latents: scores resample them together.
    @Test func scoresKnowWhatTheyShare() async throws {
        let writer = FakeWriter { description, number in
            description == WritingPrompt.nothing && number > 2 ? "w3 w4 \(number)" : "\(description) \(number)"
        }
        let plain = PlainTexts()
        let replicates = try await outcome(plan(3, settings(), writer: writer), writer: writer, plain: plain)
            .score.replicates
        let values = try #require(replicates).values.compactMap(\.self)
        #expect(values.count > 190 && Set(values).count > 20)
        let same = try await outcome(plan(3, settings(), writer: writer), writer: writer, plain: plain)
        #expect(same.score.replicates == replicates)
    }
}

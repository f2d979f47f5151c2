import Dataflow
import Elements
import Foundation
import Hashing
import Inference
import Statistics
import Synchronization
import Testing

@testable import Scoring

@Suite struct InterventionScorerTests {
    private let text = ToyVocabulary(words: 512)
    private let compute = ComputePool<Void>(name: "test", threads: 1)
    private let subject = ToySubject()

    private func plan(
        _ latent: Int, explainedAs other: Int? = nil, _ models: InterventionModels, divergence: Double = 1,
        drawing: ExplanationDrawing? = ExplanationDrawing()
    ) throws -> InterventionPlan {
        var settings = InterventionSettings()
        settings.divergence = divergence
        settings.drawing = drawing
        return try SteeringPlan.plan(latent, explainedAs: other, models, settings: settings)
    }

    private func models(_ subject: ToySubject? = nil, judge: ToyJudge = ToyJudge()) -> InterventionModels {
        InterventionModels(subject: subject ?? self.subject, explainer: judge, scorer: judge)
    }

    private func score(
        _ plan: InterventionPlan, _ models: InterventionModels, _ memory: InterventionMemory = InterventionMemory()
    ) async throws -> Score {
        try await InterventionScorer.run(plan, models: models, tokenDecoder: text, compute: compute, memory: memory)
    }

    @Test(arguments: [0.1, 0.33, 1, 3]) func theScoreIsTheExpectedDropOfSurprisal(divergence: Double) async throws {
        let models = models()
        var (values, expected) = ([Double](), 0.0)
        for latent in 0..<24 {
            let score = try await score(plan(latent, models, divergence: divergence), models)
            #expect(score.text == "w\(latent)" && score.method == "intervention" && score.control == nil)
            let headline = try #require(score.headline)
            #expect(headline.count == 30 && score.judged == 30 && score.failed == 0)
            #expect(headline.lower <= headline.value && headline.value <= headline.upper)
            let strength = try #require(score.details["strength"]?.value)
            let (probability, reached) = subject.law(strength)
            let kl = try #require(score.details["kl"]?.value)
            #expect(abs(kl - reached) < 1e-5 && abs(kl - divergence) <= 0.1 * divergence)
            #expect(try #require(score.details["standard_error"]).value > 0)
            // Eight draws at each probability, without and with; each hit is worth the gain.
            expected += ToyJudge.gain * 8 * (probability - subject.law(0).probability) / 24
            values.append(headline.value)
        }
        let mean = values.reduce(0, +) / Double(values.count)
        let error = try #require(StudentT.standardError(of: values))
        #expect(abs(mean - expected) < 4 * error, "\(mean) \(expected)")
    }

    @Test func anotherLatentsExplanationScoresNothing() async throws {
        let models = models()
        let memory = InterventionMemory()
        var controls: [Double] = []
        for latent in 0..<12 {
            let own = try await score(plan(latent, models), models, memory)
            let plan = try plan(latent, explainedAs: latent + 12, models)
            let control = try await score(plan, models, memory)
            #expect(control.latent == latent && control.text == "w\(latent + 12)" && control.control == "shuffled")
            #expect(control.details["strength"] == own.details["strength"] && control.details["zero_ablation"] == nil)
            #expect(control.tokensOut == 0 && own.tokensOut > 0)
            #expect(try #require(own.headline).lower > 1)
            controls.append(try #require(control.headline).value)
            // What is not remembered is found again, the same bits.
            #expect(try await score(plan, models) == control)
        }
        #expect(abs(controls.reduce(0, +) / 12) < 0.15)
    }

    @Test func ablationHasAnExplanationOfItsOwn() async throws {
        let models = models()
        let score = try await score(plan(3, models), models)
        // The token's own probability falls, and all others rise a little: none is likelier to be named than by chance.
        let kl = try #require(score.details["zero_ablation_kl"]?.value)
        #expect(abs(kl - subject.law(-2).divergence) < 1e-5)
        #expect(abs(try #require(score.details["zero_ablation"]).value) < 0.5)
        // Where the code is 0 already nothing changes and nothing is explained.
        let silent = self.models(ToySubject(code: 0))
        let still = try await self.score(plan(3, silent), silent)
        #expect(still.details["zero_ablation_kl"]?.value == 0 && still.details["zero_ablation"] == nil)
    }

    @Test func oneOfSeveralExplanationsIsScoredAndTheBestIsToldApart() async throws {
        let asked = Mutex<[AnswerSampling]>([])
        // Every other answer names what the latent does; the rest name what nothing does.
        let judge = ToyJudge(drawn: { sampling in
            asked.withLock { $0.append(sampling) }
            return sampling.seed % 2 == 0 ? "w3" : "w\(60 + sampling.seed % 40)"
        })
        let models = models(judge: judge)
        let memory = InterventionMemory()
        let score = try await score(plan(3, models), models, memory)
        // Five for the latent's output and one for its ablation, the first of the five's draws.
        let seeds = asked.withLock { $0.map(\.seed) }
        #expect(seeds.count == 6 && Set(seeds).count == 5)
        #expect(asked.withLock { $0.allSatisfy { $0.temperature == 0.7 } })
        let hits = Double(Set(seeds).count { $0 % 2 == 0 })
        let (headline, mean, best) = (
            try #require(score.headline), try #require(score.details["explanations_mean"]),
            try #require(score.details["explanations_best_optimistic"])
        )
        try #require(hits > 0 && hits < 5)
        #expect(best.value > 1 && best.count == 5 && best.lower == best.upper)
        #expect(headline.value <= best.value && abs(mean.value - best.value * hits / 5) < 0.1)
        #expect(mean.count == 30 && mean.lower < mean.value)
        // Scores that are nearly 0 and nearly the best, so that the deviation is that of a coin.
        let deviation = (hits * (5 - hits) / 5 / 4).squareRoot() * best.value
        #expect(
            abs(try #require(score.details["explanations_standard_error"]).value - deviation / 5.0.squareRoot()) < 0.1)
        // The same again, in another process and as another latent's explanation.
        #expect(try await self.score(plan(3, models), models) == score)
        let control = try await self.score(plan(20, explainedAs: 3, models), models, memory)
        #expect(control.text == score.text && control.tokensOut == 0)
        #expect(abs(try #require(control.details["explanations_best_optimistic"]).value) < 0.5)
    }

    @Test func theExplanationThatIsScoredIsNotTheFirstOrTheBestOne() {
        let places = (0..<200).map { ExplanationDrawing.choice(from: 5, latent: $0, seed: 7) }
        for place in 0..<5 { #expect((20...60).contains(places.count { $0 == place })) }
        #expect(places == (0..<200).map { ExplanationDrawing.choice(from: 5, latent: $0, seed: 7) })
        #expect(places != (0..<200).map { ExplanationDrawing.choice(from: 5, latent: $0, seed: 8) })
    }

    @Test func withoutDrawsOneLikeliestExplanationIsAskedFor() async throws {
        var cold = ExplanationDrawing()
        cold.temperature = 0
        let models = models(judge: ToyJudge(drawn: { _ in "drawn" }))
        for drawing in [cold, nil] {
            let score = try await score(plan(3, models, drawing: drawing), models)
            #expect(score.text == "w3" && score.headline != nil && score.tokensOut == 6)
            #expect(!score.details.keys.contains { $0.hasPrefix("explanations") })
        }
        // A plan of a version that drew nothing says nothing of it.
        let plain = try JSONEncoder().encode(plan(3, models, drawing: nil).settings)
        #expect(!String(decoding: plain, as: UTF8.self).contains("drawing"))
        #expect(try JSONDecoder().decode(InterventionSettings.self, from: plain).drawing == nil)
    }

    @Test func answersThatSayNothingAreNotAmongThoseThatAreScored() async throws {
        let models = models(judge: ToyJudge(drawn: { $0.seed % 2 == 0 ? "w3" : " \n" }))
        let score = try await score(plan(3, models), models)
        let best = try #require(score.details["explanations_best_optimistic"])
        #expect(score.text == "w3" && best.count < 5 && best.value == score.headline?.value)
        #expect(score.details["explanations_standard_error"]?.value == 0)
    }

    @Test func whatCannotBeReachedIsNoScore() async throws {
        let models = models(ToySubject(limit: 1))
        let error = await #expect(throws: ScoringError.self) { () async throws in
            _ = try await score(plan(1, models, divergence: 3), models)
        }
        #expect(error?.kind == .targetNotReached && error?.message.contains("latent 1") == true)
        #expect(error?.isRetriable == false)
    }

    @Test func failuresOfModelsAreTold() async throws {
        let good = models()
        func kind(_ models: InterventionModels) async throws -> ScoringError? {
            let plan = try plan(1, models)
            return await #expect(throws: ScoringError.self) { () async throws in _ = try await score(plan, models) }
        }
        #expect(try await kind(models(judge: ToyJudge(answer: " \n")))?.kind == .judgeFailed)
        #expect(try await kind(models(judge: ToyJudge(readsTexts: false)))?.kind == .unsupported)
        let lost = ToySubject(outage: InferenceError(.cancelled, "stopped"))
        #expect(try await kind(models(lost))?.isRetriable == true)
        let planned = try plan(1, good)
        let other = models(ToySubject(digest: Hash128(high: 0, low: 0)))
        let changed = await #expect(throws: ScoringError.self) { () async throws in
            _ = try await score(planned, other)
        }
        #expect(changed?.kind == .modelChanged)
    }

    @Test func aJobsNameFollowsFromAllThatDecides() throws {
        let models = models()
        let plan = try plan(1, models)
        #expect(try self.plan(1, models).job == plan.job)
        let other = ToyJudge(digest: Hash128(high: 8, low: 10))
        let subject = ToySubject(digest: Hash128(high: 8, low: 10))
        var (warm, few) = (ExplanationDrawing(), ExplanationDrawing())
        (warm.temperature, few.count) = (1, 4)
        let jobs = [
            plan.job, try self.plan(2, models).job, try self.plan(1, explainedAs: 2, models).job,
            try self.plan(1, models, divergence: 3).job, try self.plan(1, models, drawing: warm).job,
            try self.plan(1, models, drawing: few).job, try self.plan(1, models, drawing: nil).job,
            try self.plan(1, self.models(judge: other)).job,
            try self.plan(1, self.models(subject)).job,
        ]
        #expect(Set(jobs).count == jobs.count)
    }
}

import Elements
import Jobs
import RuleJudgeServer
import Running
import Scoring
import Store
import Testing

@testable import Nodes

/// Detection and fuzzing: what their fields have a judge asked.
@Suite(.timeLimit(.minutes(5))) struct VerdictScoreNodesTests {
    private let planted: PlantedGraph

    init() throws { planted = try PlantedGraph() }

    @Test(arguments: [JudgedMethod.detection, .fuzzing])
    func aPlanAsksAboutAsManyWindowsOfEachKindAsTheFieldsSay(method: JudgedMethod) async throws {
        let plans = try await planted.plans(
            ScoringPlan.self, "method: \(method), examples: 6, per_prompt: 4, seed: 5, controls: 0")
        #expect(plans.map(\.latent) == [0, 1, 2])
        for plan in plans {
            #expect(plan.settings.method == method && plan.settings.form == .list)
            #expect((plan.settings.positives, plan.settings.negatives) == (6, 6))
            #expect(plan.settings.examplesPerPrompt == 4 && plan.settings.stopping == nil)
            #expect(plan.node == "told" && plan.explainedBy == "words" && plan.control == nil)
            #expect(plan.subject.seed == 5 && plan.subject.judge.contains("rule") && plan.tiers == nil)
            #expect(plan.questions.count { $0.isPositive } == 6 && plan.questions.count == 12)
            for question in plan.questions where question.isPositive {
                #expect(PlantedGraph.fires(plan.latent, in: question.tokens))
            }
        }
    }

    @Test func marksAreOnThePlantedTokenOrInTheWrongPlace() async throws {
        let detection = try await planted.plans(ScoringPlan.self, "method: detection, examples: 8, controls: 0")
        for question in detection.flatMap(\.questions) { #expect(question.marked.isEmpty) }
        for plan in detection {
            for question in plan.questions {
                #expect(question.isPositive == PlantedGraph.fires(plan.latent, in: question.tokens))
            }
        }
        let other = try PlantedGraph()
        for plan in try await other.plans(ScoringPlan.self, "method: fuzzing, examples: 8, controls: 0") {
            for question in plan.questions {
                let marked = Set(zip(question.tokens, question.marked).filter(\.1).map(\.0))
                #expect(marked.count == 1)
                #expect(marked.contains(PlantedGraph.planted[plan.latent]) == question.isPositive)
            }
        }
    }

    @Test func onlyTheNodesLatentsAreAskedAboutAndSoManyHaveAControl() async throws {
        let plans = try await planted.plans(
            ScoringPlan.self, "method: detection, examples: 5, latents: [0, 2], controls: 1")
        #expect(plans.map(\.control) == [nil, nil, "shuffled"])
        #expect(plans.prefix(2).map(\.latent) == [0, 2])
        let control = try #require(plans.last)
        // The windows are of the latent, the explanation is another one's.
        let own = try #require(plans.first { $0.latent == control.latent })
        #expect(
            own.explanation != control.explanation && own.questions.map(\.tokens) == control.questions.map(\.tokens))
    }

    @Test func answersAndStoppingAreAsTheFieldsSay() async throws {
        let plan = try #require(
            try await planted.plans(
                ScoringPlan.self,
                """
                method: detection, examples: 5, latents: [1], controls: 0, answers: probabilities, stopping: interval,
                threshold: 0.6, half_width: 0.2
                """
            ).first)
        #expect(plan.settings.form == .logProbabilities)
        #expect(plan.settings.stopping == Stopping(rule: .interval, threshold: 0.6, halfWidth: 0.2))
        let verdict = try await PlantedGraph().plans(
            ScoringPlan.self,
            "method: fuzzing, examples: 5, latents: [1], controls: 0, stopping: verdict, indifference: 0.1, error: 0.2")
        #expect(
            verdict.map(\.settings.stopping)
                == [Stopping(rule: .verdict, threshold: 0.75, indifference: 0.1, error: 0.2)])
    }

    /// What is corrected for stopping has been reckoned up to a number of pairs.
    @Test func moreExamplesThanStoppingIsKnownForAreRefused() async throws {
        let stages = """
              words: { type: explain, explainer: lexical, inputs: [evidence] }
              told: { type: score, method: detection, model: far, inputs: [words], stopping: verdict, examples: EXAMPLES }

            """
        func build(_ examples: Int) throws -> (BuiltGraph, Result<Pipeline, any Error>) {
            let built = try planted.built(stages.replacing("EXAMPLES", with: "\(examples)"))
            return (built, Result { try Pipeline(built.context) })
        }
        let (fits, sound) = try build(Stopping.mostPairs)
        #expect(throws: Never.self) { _ = try sound.get() }
        try await fits.close()
        let (built, result) = try build(Stopping.mostPairs + 1)
        let error = #expect(throws: DaemonError.self) { _ = try result.get() }
        #expect(error?.kind == .configuration)
        #expect(
            error?.description
                == "told: with `stopping` at most \(Stopping.mostPairs) `examples` can be asked about; lower it")
        try await built.close()
    }

    @Test func aJudgeThatKnowsTheTruthFindsTheExplanationsRightAndTheControlsWrong() async throws {
        let server = try await RuleJudgeServer.start()
        let built = try planted.built(
            """
              words: { type: explain, explainer: lexical, inputs: [evidence] }
              detected: { type: score, method: detection, model: far, inputs: [words], examples: 10 }
              fuzzed: { type: score, method: fuzzing, model: far, inputs: [words], examples: 10, per_prompt: 10 }

            """, far: server.endpoint)
        try await built.run()
        for node in ["detected", "fuzzed"] {
            let scores = try built.store.scores(of: node)
            #expect(scores.count == 6 && scores.allSatisfy { $0.judged == 20 && $0.failed == 0 }, "\(node)")
            for score in scores { #expect((score.headline?.value == 1) == (score.control == nil), "\(node)") }
        }
        // Twenty questions, five or ten at a time, about three explanations and as many controls.
        #expect(server.requests.count == 6 * 4 + 6 * 2)
        #expect(try built.store.jobStates() == ["words": [.done: 3], "detected": [.done: 6], "fuzzed": [.done: 6]])
        // What the judge said is kept under each job.
        for score in try built.store.scores(of: "detected") { #expect(try built.store.verdicts(of: score.job) != nil) }
        try await built.close()
        await server.stop()
    }

    /// A tiny model with random weights answers nothing that could be read as a list.
    @Test func aModelInThisProcessIsAskedForProbabilities() async throws {
        let built = try planted.built(
            """
              words: { type: explain, explainer: lexical, inputs: [evidence], latents: [0] }
              told: { type: score, method: detection, model: subject, inputs: [words], examples: 2, controls: 0 }

            """)
        try await built.run()
        let score = try #require(try built.store.scores(of: "told").first)
        #expect(score.judged == 4 && score.failed == 0 && score.tokensIn > 0)
        #expect(built.spend.models.isEmpty)
        try await built.close()
    }
}

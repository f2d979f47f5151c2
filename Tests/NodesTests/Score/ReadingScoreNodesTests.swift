import RuleJudgeServer
import Scoring
import Store
import Testing

@testable import Nodes

/// Simulation, surprisal and intruder detection: what their fields have a model asked.
@Suite(.timeLimit(.minutes(5))) struct ReadingScoreNodesTests {
    private let planted: PlantedGraph

    init() throws { planted = try PlantedGraph() }

    @Test func simulationAsksForTheActivationsOfItsWindows() async throws {
        let plans = try await planted.plans(
            SimulationPlan.self, "method: simulation, examples: 4, scale: 9, seed: 2, controls: 2")
        #expect(plans.map(\.control) == [nil, nil, nil, "shuffled", "shuffled"])
        for plan in plans {
            #expect((plan.settings.positives, plan.settings.negatives, plan.settings.scale) == (4, 4, 9))
            #expect(plan.subject.seed == 2 && plan.windows.count == 8)
            for window in plan.windows {
                #expect(window.isPositive == PlantedGraph.fires(plan.latent, in: window.tokens))
                // The one place at which the latent fires, and nothing beyond the largest activation, which counts 10.
                for (token, activation) in zip(window.tokens, window.activations) {
                    #expect((activation > 0) == (token == PlantedGraph.planted[plan.latent]) && activation <= 10)
                }
            }
        }
    }

    @Test func surprisalAsksAboutAsManyWindowsOfEachKind() async throws {
        let plans = try await planted.plans(
            SurprisalPlan.self, "method: surprisal, examples: 7, latents: [2, 1], controls: 0")
        #expect(plans.map(\.latent) == [1, 2])
        for plan in plans {
            #expect((plan.settings.positives, plan.settings.negatives) == (7, 7) && plan.questions.count == 14)
            for question in plan.questions {
                #expect(question.isPositive == PlantedGraph.fires(plan.latent, in: question.tokens))
            }
        }
    }

    @Test(arguments: [("auto", AnswerForm.list), ("text", .list), ("probabilities", .logProbabilities)])
    func intrudersAreOneAmongWindowsInWhichTheLatentFires(answers: String, form: AnswerForm) async throws {
        let plans = try await planted.plans(
            IntruderPlan.self, "method: intruder, trials: 3, windows: 4, controls: 1, answers: \(answers)")
        #expect(plans.map(\.control) == [nil, nil, nil, IntruderPlan.silent])
        for plan in plans {
            #expect((plan.settings.trials, plan.settings.windows, plan.settings.form) == (3, 4, form))
            #expect(plan.trials.count == 3)
            for trial in plan.trials {
                #expect(trial.windows.count == 4)
                let firing = trial.windows.map { PlantedGraph.fires(plan.latent, in: $0.tokens) }
                let truth = (0..<4).map { plan.control == nil && $0 != trial.intruder }
                #expect(firing == truth)
            }
        }
    }

    @Test func aServerWithoutProbabilitiesOfTextsFailsTheJobsWithTheRemedy() async throws {
        let server = try await RuleJudgeServer.start()
        server.expect(then: .answers(404, body: "{\"error\": {\"message\": \"no such route\"}}"))
        let built = try planted.built(
            """
              words: { type: explain, explainer: lexical, inputs: [evidence], latents: [0] }
              told: { type: score, method: surprisal, model: far, inputs: [words], examples: 2, controls: 0 }

            """, far: server.endpoint)
        try await built.run()
        let failed = try built.store.jobs(of: "told", in: .failed)
        #expect(failed.count == 1 && failed.first?.reason?.contains("rule at \(server.endpoint)") == true)
        // Its plan is kept for the next start.
        let planned = try #require(failed.first?.job.payload)
        #expect(!planned.isEmpty)
        try await built.close()
        await server.stop()
    }
}

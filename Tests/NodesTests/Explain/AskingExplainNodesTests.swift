import Elements
import Explaining
import Jobs
import RuleJudgeServer
import Running
import Store
import Testing

@testable import Nodes

/// The explainers that ask a model: what their fields have it shown.
@Suite(.timeLimit(.minutes(5))) struct AskingExplainNodesTests {
    private let planted: PlantedGraph

    init() throws { planted = try PlantedGraph() }

    /// The open jobs of an explain node, whose questions the budget does not allow.
    private func jobs(_ fields: String, model: String = "far") async throws -> [PlannedJob] {
        let built = try planted.built(
            "  told: { type: explain, inputs: [evidence], model: \(model), minimum_examples: 10, \(fields) }\n",
            // Nothing is begun after a stop, and a model in this process has no budget.
            budget: PlantedGraph.spent, whenCheckpointed: { $0.raise() })
        try await built.run()
        let jobs = try built.store.jobs(of: "told")
        #expect(jobs.allSatisfy { $0.state == .open && $0.job.kind == .explain && $0.job.coder == "cached" })
        try await built.close()
        return jobs.map(\.job).sorted { $0.latent < $1.latent }
    }

    private func plans(_ fields: String, model: String = "far") async throws -> [ExplanationPlan] {
        try await jobs(fields, model: model).map { try $0.foundedPlan(ExplanationPlan.self) }
    }

    @Test func thePlanShowsAsManyExamplesAsTheFieldsSay() async throws {
        let plans = try await plans(
            """
            explainer: default, examples: 12, sampling: random, strengths: false, chain_of_thought: true, seed: 8,
            latents: [2, 1]
            """)
        #expect(plans.map(\.latent) == [1, 2])
        for plan in plans {
            #expect((plan.settings.examples, plan.settings.sampling, plan.seed) == (12, .random, 8))
            #expect(!plan.settings.showsStrengths && plan.settings.chainOfThought && !plan.settings.startsAnswer)
            #expect(plan.settings.minimumExamples == 10 && plan.settings.contrasts == 0 && plan.contrasts == nil)
            #expect(plan.model == "rule" && plan.node == "told" && plan.examples.count == 12)
            for example in plan.examples {
                let marked = zip(example.tokens, example.marked).filter(\.1).map(\.0)
                #expect(marked == [PlantedGraph.planted[plan.latent]])
            }
        }
    }

    /// Thought takes room; what is given goes before both.
    @Test(arguments: [
        ("chain_of_thought: false", 128), ("chain_of_thought: true", 512),
        ("chain_of_thought: true, maximum_tokens: 77", 77), ("maximum_tokens: 9", 9),
    ]) func answersMayBeAsLongAsTheirFormNeeds(fields: String, tokens: Int) async throws {
        let plans = try await plans("explainer: default, latents: [0], \(fields)")
        #expect(plans.map(\.settings.maximumTokens) == [tokens])
    }

    /// A model in this process is small, as a rule, and slow at reading.
    @Test(arguments: [
        ("far", "", 4000), ("subject", "", 1200), ("far", ", prompt_tokens: 700", 700),
        ("subject", ", prompt_tokens: 9000", 9000),
    ]) func aPromptMayBeAsLongAsTheModelsPlaceAllows(model: String, fields: String, tokens: Int) async throws {
        let plans = try await plans("explainer: default, latents: [0]\(fields)", model: model)
        #expect(plans.map(\.settings.promptTokens) == [tokens])
    }

    /// Codes of a cache have no directions.
    @Test func withoutACoderNothingIsSaidOfWhatALatentPromotes() async throws {
        let plans = try await plans("explainer: default")
        #expect(plans.count == 3 && plans.allSatisfy { $0.promoted == nil && $0.promptVersion == "default-2" })
    }

    /// A small model seldom comes to the answer's tag by itself, and here its turn can start with it.
    @Test func aModelInThisProcessBeginsWithTheAnswer() async throws {
        let plans = try await plans("explainer: default, latents: [0]", model: "subject")
        #expect(plans.count == 1 && plans.allSatisfy(\.settings.startsAnswer))
    }

    @Test func aContrastiveNodeShowsWindowsThatLeaveTheLatentSilent() async throws {
        let plans = try await plans("explainer: contrastive, contrasts: 5, examples: 6")
        #expect(plans.map(\.latent) == [0, 1, 2])
        for plan in plans {
            let contrasts = try #require(plan.contrasts)
            #expect(plan.settings.contrasts == 5 && contrasts.count == 5 && plan.examples.count == 6)
            #expect(contrasts.allSatisfy { !PlantedGraph.fires(plan.latent, in: $0.tokens) })
            #expect(plan.examples.allSatisfy { PlantedGraph.fires(plan.latent, in: $0.tokens) })
        }
    }

    @Test func aBestOfNodePlansCandidatesAndSetsAFoldApart() async throws {
        let plans = try await jobs("explainer: best-of, candidates: 4, fold: 5, examples: 6, seed: 3")
            .map { try $0.foundedPlan(BestOfPlan.self) }
        #expect(plans.count == 3)
        for (latent, plan) in plans.enumerated() {
            #expect((plan.settings.candidates, plan.settings.fold) == (4, 5))
            // Each candidate is shown other examples, none of them of the fold.
            #expect(
                plan.candidates.map(\.seed) == [3, 4, 5, 6] && plan.candidates.allSatisfy { $0.examples.count == 6 })
            #expect(plan.firing.count == 5 && plan.silent.count == 5)
            #expect(plan.firing.allSatisfy { PlantedGraph.fires(latent, in: $0.tokens) })
            #expect(plan.silent.allSatisfy { !PlantedGraph.fires(latent, in: $0.tokens) })
            let shown = Set(plan.candidates.flatMap(\.examples).map(\.identity))
            #expect(shown.isDisjoint(with: plan.firing.map(\.identity)))
        }
    }

    /// Each latent fires at one token, so its windows are one cluster.
    @Test func aNodeOfSeveralMeaningsPlansAsManyQuestionsAsALatentHas() async throws {
        let plans = try await jobs("explainer: several, parts: 3, share: 0.2, separation: 0.5, examples: 6, seed: 3")
            .map { try $0.foundedPlan(SeveralPlan.self) }
        #expect(plans.count == 3)
        for plan in plans {
            #expect(plan.parts == .one && plan.plans.map(\.examples.count) == [6] && plan.clustered.count > 20)
        }
    }

    /// Each latent has fired in sixty windows.
    @Test(arguments: [(60, 3), (61, 0)]) func aLatentMustHaveFiredOftenEnough(minimum: Int, jobs: Int) async throws {
        let built = try planted.built(
            "  told: { type: explain, explainer: default, inputs: [evidence], model: far, minimum_examples: \(minimum) }\n",
            budget: PlantedGraph.spent)
        try await built.run()
        #expect(try built.store.jobs(of: "told").count == jobs)
        try await built.close()
    }

    @Test func theJudgesAnswerBecomesTheExplanationWithWhatItRestsOn() async throws {
        let server = try await RuleJudgeServer.start()
        server.expect(then: .says("[EXPLANATION]: a planted token"))
        let stages = """
              told: { type: explain, explainer: default, inputs: [evidence], model: far, minimum_examples: 10,
                      examples: 8, concurrency: 1 }

            """
        let first = try planted.built(stages, far: server.endpoint)
        try await first.run()
        let explanations = try first.store.explanations(of: "told")
        #expect(explanations.map(\.latent).sorted() == [0, 1, 2])
        for explanation in explanations {
            #expect(explanation.text == "a planted token" && explanation.predicate == nil)
            let provenance = explanation.provenance
            #expect((provenance.explainer, provenance.model) == ("default", "rule"))
            #expect(provenance.shown.count == 8 && provenance.basis?.windowsFired == 60 && provenance.epoch == 1)
        }
        #expect(server.requests.count == 3 && server.mostUnderWay == 1)
        try await first.close()
        // The next start finds all done.
        let second = try planted.built(stages, far: server.endpoint)
        try await second.run()
        #expect(server.requests.count == 3)
        try await second.close()
        await server.stop()
    }
}

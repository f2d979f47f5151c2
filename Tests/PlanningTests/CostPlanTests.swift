import Testing

@testable import Planning

@Suite struct CostPlanTests {
    private static let words =
        "words: { type: explain, explainer: default, inputs: [evidence], model: judge, when: drained, latents: LATENTS }"
    private static let detected =
        "\n  detected: { type: score, method: detection, inputs: [words], model: judge, examples: 50, controls: 10 }"
    private static let paid =
        "judge: { openai: \"http://localhost:1/v1\", model: m, price_input: 2, price_output: 8, price_cached: 0.5MORE }"

    private func plan(
        latents: Int = 1_000_000, chosen: String, tokens: Double = 100e6, scores: Bool = true, more: String = "",
        rates: FiringRates? = nil
    ) throws -> CostPlan {
        let nodes = Self.words.replacing("LATENTS", with: chosen) + (scores ? Self.detected : "")
        let topology = try PlannedText.codes(
            latents: latents, nodes: nodes, models: Self.paid.replacing("MORE", with: more))
        return try PlannedText.plan(topology, latents: latents, tokens: tokens, rates: rates)
    }

    @Test func aBudgetByFiringMassBoundsTheJobsWhateverTheLatents() throws {
        for latents in [1_000_000, 34_000_000, 1_300_000_000] {
            let plan = try plan(latents: latents, chosen: "{ firing: 10000 }", tokens: 10e9)
            let jobs = try plan.node("words").jobs
            #expect(jobs.first.value <= 10_000)
            #expect(abs(try plan.node("detected").jobs.first.value - jobs.first.value) < 1e-6)
            #expect(try plan.node("detected").jobs.controls.value == 10)
        }
    }

    @Test func theMostActiveLatentsCoverMoreFiringThanAsManyAtRandom() throws {
        let active = try plan(chosen: "{ firing: 10000 }").node("words").jobs
        let random = try plan(chosen: "{ sample: 10000, seed: 1 }").node("words").jobs
        #expect(active.mass.value > 2 * random.mass.value && random.mass.value <= 0.01)
        // A hundredth of log-normal latents has Φ(1.5 - 2.326) of the mass.
        #expect(abs(active.mass.value - 0.2043) < 2e-3)
        #expect(active.mass.basis == .assumed)
    }

    /// Jobs also rest on how often a latent is expected to fire, which a state of another length does not tell.
    @Test func whatAStateTellsIsMeasuredAndJobsStayAssumed() throws {
        let rates = try #require(FiringRates(never: 900_000, decades: [0, 0, 0, 100_000]))
        let plan = try plan(chosen: "all", rates: rates)
        let jobs = try plan.node("words").jobs
        #expect(abs(jobs.first.value - 100_000) < 1 && jobs.first.basis == .assumed)
        #expect(jobs.mass.basis == .assumed)
        let firing = try #require(plan.evidence.first).firing
        #expect(abs(firing.value - 100_000) < 1 && firing.basis == .measured)
    }

    @Test func latentsThatFireTooSeldomAreNotExplained() throws {
        let few = try plan(chosen: "all", tokens: 1e6).node("words").jobs.first.value
        let more = try plan(chosen: "all", tokens: 10e6).node("words").jobs.first.value
        let most = try plan(chosen: "all", tokens: 1e9).node("words").jobs.first.value
        #expect(few < more && more < most && most <= 1_000_000)
    }

    @Test func moneyIsThatOfTheTokensByTheirPrices() throws {
        let plan = try plan(chosen: "{ firing: 1000 }")
        let model = try plan.model("judge")
        let whole = (2 * model.sent.value + 8 * model.answered.value) / 1e6
        #expect(abs(try #require(model.costWithoutCache).value - whole) < 1e-9 * whole)
        let saved = 1.5 * model.shared.value / 1e6
        #expect(abs(try #require(model.cost).value - (whole - saved)) < 1e-9 * whole)
        #expect(model.isServed && model.seconds == nil)
        let batched = try self.plan(chosen: "{ firing: 1000 }", more: ", batch: true").model("judge")
        #expect(abs(try #require(batched.costWithoutCache).value - whole / 2) < 1e-9 * whole)
    }

    @Test func aModelIsAskedWhatItsNodesAskTogether() throws {
        let plan = try plan(chosen: "{ firing: 1000 }")
        let nodes = plan.nodes.map(\.tokens.value).reduce(0, +)
        let model = try plan.model("judge")
        #expect(abs(model.sent.value + model.answered.value - nodes) < 1e-6 * nodes)
        #expect(plan.askedTokens.value == model.sent.value + model.answered.value)
    }

    @Test func twiceTheMachinesTakeHalfTheTimeButForTheirLargerSamplesAndSendMore() throws {
        let topology = try PlannedText.codes(latents: 100_000)
        let one = try PlannedText.plan(topology, latents: 100_000, tokens: 1e9)
        let two = try PlannedText.plan(topology, latents: 100_000, tokens: 1e9, machines: 2)
        let (alone, together) = (try #require(one.evidence.first), try #require(two.evidence.first))
        // More enters the samples of two machines than of one.
        let more = (together.entered.value - alone.entered.value) / MachineRates.assumed.entering.value
        #expect(more > 0 && abs(two.totalHours.value * 7200 * 2 - one.totalHours.value * 7200 - more) < 1e-3)
        #expect(together.shuffled.value > alone.shuffled.value)
        #expect(alone.unfiltered.value == 6 + 6 * 32 && together.unfiltered.value == alone.unfiltered.value + 4)
        #expect(two.notes.contains { $0.contains("2 machines: each runs a process") })
        #expect(!one.notes.contains { $0.contains("each runs a process") })
    }

    @Test func aCombinerSavesMoreTheLongerTheStreamIs() throws {
        let topology = try PlannedText.codes(latents: 16_384)
        let sent = try [1e6, 1e7, 1e8, 1e9, 1e10].map { tokens in
            try #require(PlannedText.plan(topology, latents: 16_384, tokens: tokens).evidence.first).shuffled.value
        }
        #expect(zip(sent, sent.dropFirst()).allSatisfy { $0 > $1 })
        #expect(sent[4] < 198)
    }

    @Test func costsNeverFallAsTokensOrLatentsGrow() throws {
        let byTokens = try [1e6, 1e7, 1e8].map {
            try PlannedText.plan(PlannedText.codes(latents: 65_536), latents: 65_536, tokens: $0)
        }
        let byLatents = try [4096, 65_536, 1_048_576].map {
            try PlannedText.plan(PlannedText.codes(latents: $0), latents: $0, tokens: 1e8)
        }
        for plans in [byTokens, byLatents] {
            let memory = plans.map(\.memory.value)
            #expect(zip(memory, memory.dropFirst()).allSatisfy { $0 <= $1 })
        }
        let hours = byTokens.map(\.totalHours.value)
        #expect(zip(hours, hours.dropFirst()).allSatisfy { $0 < $1 })
    }

    @Test func explanationsThatComeWhileReadingAreMadeAgainAtMostSoOften() throws {
        let nodes = """
            words: { type: explain, explainer: default, inputs: [evidence], model: judge, regrowth: 4, minimum_examples: 200 }
              detected: { type: score, method: detection, inputs: [words], model: judge, rescore: 4 }
            """
        let topology = try PlannedText.codes(
            latents: 1000, nodes: nodes, models: "judge: { openai: \"http://localhost:1/v1\", model: m }")
        // Each latent fires in 16,000 windows, which is 200 grown by 4 three times.
        let rates = FiringRates([(weight: 1, rate: 1)], total: 1, basis: .measured)
        let tokens = 16_000 * 1000 / (1000.0 / 6) * 32
        let plan = try PlannedText.plan(topology, latents: 1000, tokens: tokens, rates: rates)
        let words = try plan.node("words").jobs
        // Once more because it has drifted, before it has grown.
        #expect(words.first.value == 1000 && words.again?.value == 4000)
        // Three rounds of what stands; of each of four challengers both scores of three looks, and its own.
        #expect(try plan.node("detected").jobs.again?.value == 3000 + 7 * 4000)
    }

    @Test func theMostActiveLatentsAreMadeAgainMoreOftenThanTheOthers() throws {
        func again(_ latents: String, _ regrowth: Int = 4) throws -> PlanFigure? {
            let topology = try PlannedText.codes(
                latents: 1000,
                nodes: "words: { type: explain, explainer: default, inputs: [evidence], model: judge, "
                    + "regrowth: \(regrowth), drift: false, minimum_examples: 200, latents: \(latents) }",
                models: "judge: { openai: \"http://localhost:1/v1\", model: m }")
            // A hundred latents fire nine times as often as the others: in 15,000 windows, which is 200 grown by 4 three
            // times, and in 1,667, which is 200 grown by 4 once.
            let rates = FiringRates([(weight: 1, rate: 9), (weight: 9, rate: 1)], total: 10, basis: .measured)
            let tokens = 3000 * 1000 / (1000.0 / 6) * 32
            let plan = try PlannedText.plan(topology, latents: 1000, tokens: tokens, rates: rates)
            return try plan.node("words").jobs.again
        }
        let few = try #require(try again("{ firing: 4 }"))
        #expect(abs(few.value - 4 * 3) < 1e-6)
        let all = try #require(try again("all"))
        #expect(abs(all.value - (100 * 3 + 900)) < 1e-6)
        // There is no bound if a latent may be explained again whenever it has fired again.
        #expect(try again("all", 1) == nil)
    }

    @Test func whatHasNoBoundIsSaidToHaveNone() throws {
        let nodes = """
            words: { type: explain, explainer: default, inputs: [evidence], model: judge, regrowth: 1 }
              detected: { type: score, method: detection, inputs: [words], model: judge }
            """
        let topology = try PlannedText.codes(
            latents: 1000, nodes: nodes, models: "judge: { openai: \"http://localhost:1/v1\", model: m }")
        let plan = try PlannedText.plan(topology, latents: 1000, tokens: 1e9)
        #expect(try plan.node("words").jobs.again == nil)
        #expect(try plan.node("detected").jobs.again == nil)
        #expect(plan.notes.contains { $0.contains("no bound") })
        #expect(CostPlanTable(plan).text.contains("n/a"))
    }

    @Test func whereMemoryAllowsFewerWindowsThePlanIsThatOfFewer() throws {
        let topology = try PlannedText.codes(latents: 1_000_000)
        func cost(sampling: [String: Int] = [:]) throws -> EvidenceCost {
            let plan = try PlannedText.plan(topology, latents: 1_000_000, tokens: 1e9, samples: sampling)
            return try #require(plan.evidence.first)
        }
        let asked = try cost()
        let lowered = try cost(sampling: ["evidence": 64])
        #expect(asked.lowered == nil && asked.memory == asked.asked)
        #expect(lowered.lowered?.value == 64 && lowered.asked == asked.asked)
        #expect(lowered.memory.value < asked.memory.value / 2)
    }

    @Test func severalMachinesNeedOnlyTheirPartOfTheMemory() throws {
        let topology = try PlannedText.codes(latents: 1_000_000)
        func plan(machines: Int) throws -> CostPlan {
            try PlannedText.plan(topology, latents: 1_000_000, tokens: 1e9, machines: machines)
        }
        let (one, eight) = (try plan(machines: 1), try plan(machines: 8))
        #expect(one.memory == eight.memory && one.memory.value > one.memoryBudget.value)
        #expect(eight.memoryOnEach.value == eight.memory.value / 8)
        #expect(one.notes.contains { $0.contains("Raise state.memory") })
        #expect(!eight.notes.contains { $0.contains("Raise state.memory") })
        #expect(!CostPlanTable(one).text.contains("on each machine"))
        #expect(CostPlanTable(eight).text.contains("on each machine"))
    }

    @Test func aMeasuredRateChangesHoursByItsFactor() throws {
        let facts = PlannedText.facts(judge: PlannedText.small)
        let topology = try PlannedText.checkedIn("topologies/results.yaml")
        let measured = MachineRates.assumed.measured(forward: 2 * MachineRates.assumed.forward.value)
        let plans = try [MachineRates.assumed, measured].map { rates in
            CostPlan(
                of: try CostModel(
                    of: topology, facts: facts, question: PlanQuestion(tokens: 1e6, cores: 2, rates: rates)))
        }
        let forward = plans.map { plan in plan.ingest.first { $0.name == "forward" }?.seconds }
        let (before, after) = (try #require(forward[0]), try #require(forward[1]))
        #expect(abs(before.value / after.value - 2) < 1e-9)
        #expect(before.basis == .assumed && after.basis == .measured)
        #expect(MachineRates.assumed.measured(forward: 0) == .assumed)
    }

    @Test func numbersThatMakeNoSenseAreRefused() {
        let questions: [(tokens: Double, machines: Int, cores: Int, corePrice: Double?)] = [
            (0, 1, 2, nil), (.nan, 1, 2, nil), (1e16, 1, 2, nil), (1, 0, 2, nil), (1, 1, 0, nil), (1, 1, 2, -1),
            (1, 1, 2, .infinity),
        ]
        for asked in questions {
            #expect(throws: PlanningError.self) {
                try PlanQuestion(
                    tokens: asked.tokens, machines: asked.machines, cores: asked.cores, corePrice: asked.corePrice)
            }
        }
    }

    @Test func codesOfUnknownShapeAreNamed() throws {
        let topology = try PlannedText.codes(latents: 10)
        let question = try PlanQuestion(tokens: 1e6, cores: 2)
        #expect(throws: PlanningError.unknownCodes(node: "evidence")) {
            try CostModel(of: topology, facts: TopologyFacts(), question: question)
        }
    }
}

import Testing

@testable import Planning

/// Plans of recorded runs against what those took, which must be right within a factor of two.
///
/// The figures are those of docs/results-judge-summary.json, docs/results-summary.json and docs/performance.md.
@Suite struct RecordedRunTests {
    /// The tokens of the bundled corpus.
    private static let tokens = 1_478_874.0

    private func plan(_ file: String, judge: TopologyFacts.Model, cores: Int = 2) throws -> CostPlan {
        let question = try PlanQuestion(tokens: Self.tokens, cores: cores)
        return CostPlan(
            of: try CostModel(
                of: PlannedText.checkedIn(file), facts: PlannedText.facts(judge: judge), question: question))
    }

    @Test(arguments: [
        ("detected", 4615.2), ("fuzzed", 5016.8), ("simulated", 3239.9), ("surprising", 10_596), ("generated", 1173),
        ("intervened", 9716), ("intruded", 3962), ("listed", 2098), ("detected-fifty", 29_983),
        ("fuzzed-fifty", 32_676),
    ])
    func theJudgedRunsTokensOfALatentAreTold(node: String, recorded: Double) throws {
        let plan = try plan("topologies/results-judge.yaml", judge: PlannedText.large)
        let told = try plan.node(node).tokensPerJob.value
        #expect(isWithinTwo(told, of: recorded), "\(told) for \(recorded)")
    }

    @Test(arguments: [
        ("detected", 10_550.7), ("fuzzed", 11_384.3), ("simulated", 6211.6), ("surprising", 31_123.9),
        ("intruded", 7184.4), ("intervened", 10_428.1),
    ])
    func theOlderRunsTokensOfALatentAreTold(node: String, recorded: Double) throws {
        let plan = try plan("topologies/results.yaml", judge: PlannedText.small)
        let told = try plan.node(node).tokensPerJob.value
        #expect(isWithinTwo(told, of: recorded), "\(told) for \(recorded)")
    }

    /// Each text is embedded once and charged to the first that needs it, so the sum over all explanations is what can be told.
    @Test func theTokensOfASentenceEncoderAreTold() throws {
        let judged = try plan("topologies/results-judge.yaml", judge: PlannedText.large).node("embedded")
        // Of the process that read all windows first; later ones read them again for explanations that came later.
        let recorded = 200 * 873.755 + 199 * 7.347
        let told = judged.tokensPerJob.value * judged.jobs.first.value
        #expect(isWithinTwo(told, of: recorded), "\(told)")
        let older = try plan("topologies/results.yaml", judge: PlannedText.small).node("embedded")
        #expect(isWithinTwo(older.tokensPerJob.value, of: 188.4), "\(older.tokensPerJob.value)")
    }

    @Test(arguments: [
        ("words", 200.0), ("passages", 100.0), ("lexical", 1000.0), ("executed", 4000.0), ("embedded", 990.0),
        ("detected", 357.0), ("fuzzed", 229.0),
        ("simulated", 60.0), ("strongest", 20.0), ("ten", 20.0), ("surprising", 34.0), ("generated", 15.0),
        ("intruded", 50.0), ("intervened", 11.0), ("chance-lexical", 213.0), ("chance-words", 46.0),
        ("chance-detected", 51.0),
    ])
    func theJudgedRunsJobsAreTold(node: String, recorded: Double) throws {
        let jobs = try plan("topologies/results-judge.yaml", judge: PlannedText.large).node(node).jobs
        let told = jobs.first.value + jobs.controls.value
        #expect(isWithinTwo(told, of: recorded), "\(told) for \(recorded)")
        #expect(jobs.again?.value == 0, "all is explained once, when the corpus is drained")
    }

    @Test func theRateOfIngestIsThatOfTheBenchmark() throws {
        let plan = try plan("topologies/results-judge.yaml", judge: PlannedText.large)
        // The benchmark has one coder and one reservoir, this topology two of each.
        let seconds = plan.ingest.map {
            $0.name == "encode" || $0.name == "sample" ? $0.seconds.value / 2 : $0.seconds.value
        }
        let rate = Self.tokens / (seconds.reduce(0, +) / 2)
        #expect(isWithinTwo(rate, of: 1797), "\(rate)")
        #expect(isWithinTwo(rate, of: 2164), "\(rate)")
    }

    /// An hour and three quarters, an hour and a half for whole passages and an hour for methods that cost more, on a faster CPU
    /// and beside other work.
    @Test func theHoursOfTheJudgedRunAreTold() throws {
        let plan = try plan("topologies/results-judge.yaml", judge: PlannedText.large)
        #expect(isWithinTwo(plan.totalHours.value, of: 4.25), "\(plan.totalHours.value)")
    }

    /// The table of docs/performance.md: what was held of evidence, its process left out.
    @Test(arguments: [(4096, 10e6, 62.0), (131_072, 10e6, 1085.0), (1_048_576, 7.3e6, 3133.0)])
    func theMemoryOfEvidenceIsTold(latents: Int, tokens: Double, mebibytes: Double) throws {
        let plan = try PlannedText.plan(PlannedText.codes(latents: latents), latents: latents, tokens: tokens)
        let told = plan.memory.value / 0x1p20
        #expect(isWithinTwo(told, of: mebibytes), "\(told) for \(mebibytes)")
        let cost = try #require(plan.evidence.first)
        #expect(cost.memoryBound.value >= cost.memory.value && cost.memoryBound.basis == .bound)
    }

    /// The run of topologies/million/codes.yaml in docs/scaling.md.
    @Test func aMillionLatentsAreTold() throws {
        let topology = try PlannedText.codes(latents: 1_048_576, active: 64)
        let plan = try PlannedText.plan(
            topology, latents: 1_048_576, active: 64, tokens: 10_000_384, samples: ["evidence": 64])
        #expect(isWithinTwo(plan.memory.value, of: 2.69 * 0x1p30), "\(plan.memory)")
        #expect(isWithinTwo(plan.storedEvidence.value, of: 1.66 * 0x1p30), "\(plan.storedEvidence)")
        #expect(isWithinTwo(plan.ingestHours.value * 3600, of: 120), "\(plan.ingestHours)")
    }

    /// The run of the same in which all latents were to be explained, so that samples were lowered to 32.
    @Test func aMillionLatentsWithSmallSamplesAreTold() throws {
        let topology = try PlannedText.codes(latents: 1_048_576, active: 64)
        let plan = try PlannedText.plan(
            topology, latents: 1_048_576, active: 64, tokens: 10_000_384, samples: ["evidence": 32])
        #expect(isWithinTwo(plan.memory.value, of: 2.34 * 0x1p30), "\(plan.memory)")
        #expect(isWithinTwo(plan.storedEvidence.value, of: 1.25 * 0x1p30), "\(plan.storedEvidence)")
        #expect(isWithinTwo(plan.ingestHours.value * 3600, of: 190), "\(plan.ingestHours)")
    }

    /// The state of topologies/quickstart.yaml after 180,671 tokens, before its segments were made one.
    @Test func theBytesOfAStateAreTold() throws {
        let topology = try PlannedText.codes(latents: 4096)
        let plan = try PlannedText.plan(topology, latents: 4096, tokens: 180_671)
        #expect(isWithinTwo(plan.storedEvidence.value, of: 27.9e6), "\(plan.storedEvidence)")
    }
}

import Evidence
import Testing
import Topology

@testable import Nodes

/// The memory of a whole topology: what its reservoirs and their readers can take.
@Suite struct TopologyMemoryTests {
    private let planted: PlantedGraph

    init() throws { planted = try PlantedGraph(rows: 4) }

    private func memory(_ stages: String, cores: Int = 2) throws -> TopologyMemory {
        try TopologyMemory(of: planted.graph(stages), cores: cores)
    }

    private func expected(
        window: Int = 32, sample: Int = 256, pool: Int = 16_384, tokens: Int = 10_000_000
    ) throws -> Int {
        let settings = try ReservoirSettings(window: window, sample: sample, top: 16, pool: pool, recent: 32, seed: 0)
        // Three of four rows of the cache have one activation on 32 tokens.
        return Int(
            MemoryExpectation(settings: settings, latents: 3, active: 0.75 / 32, tokens: tokens).bytes(at: sample))
    }

    @Test func evidenceIsTheSumOfWhatIsExpectedOfReservoirs() throws {
        let one = try memory("")
        #expect(one.evidence == (try expected()) && one.explaining == 0 && one.bytes == one.evidence)
        let two = try memory("  small: { type: reservoir, inputs: [cached], window: 8, sample: 4, pool: 10 }\n")
        let sum = try expected() + expected(window: 8, sample: 4, pool: 10)
        #expect(abs(two.evidence - sum) <= 1)
    }

    /// The same nodes after a small reservoir: each reads its own evidence, and nobody else's.
    @Test func readersAreCountedWithTheirOwnReservoir() throws {
        let small = "  small: { type: reservoir, inputs: [cached], window: 8, sample: 4, pool: 10 }\n"
        func words(_ reservoir: String) -> String {
            "  \(reservoir)words: { type: explain, explainer: lexical, inputs: [\(reservoir)] }\n"
        }
        let ofLarge = try memory(small + words("evidence")).explaining
        let ofSmall = try memory(small + words("small")).explaining
        #expect(ofSmall > 0 && ofSmall < ofLarge)
        let both = try memory(small + words("evidence") + words("small"))
        #expect(abs(both.explaining - ofLarge - ofSmall) <= 1)
        #expect(both.bytes == both.evidence + both.explaining)
        // More threads hold more at a time.
        #expect(try memory(words("evidence"), cores: 16).explaining > memory(words("evidence")).explaining)
    }

    @Test func eachModelThatGivesVectorsMayKeepAQuarterOfAGigabyteOfThem() throws {
        let words = "  words: { type: explain, explainer: lexical, inputs: [evidence] }\n"
        func meant(_ name: String, _ more: String = "") -> String {
            "  \(name): { type: score, method: embedding, model: far, inputs: [words]\(more) }\n"
        }
        let graph = try planted.graph(words + meant("one"))
        let plan = try graph.reservoir(above: #require(graph.topology.node("evidence"))).plan(in: graph)
        let readers = graph.all((any TakesLatents).self)
        // A cache without a coder: as many latents as there are may fire at a token.
        let shared = ScoringMemory(plan, latents: 3, active: 3, cores: 2).bytes(of: readers)
        #expect(abs(Double(try memory(words + meant("one")).explaining) - shared - 268_435_456) <= 1)
        // Two nodes that name one model share what it gives.
        let both = try memory(words + meant("one") + meant("two")).explaining
        #expect(Double(both) < 2 * shared + 268_435_456)
    }

    @Test func onlyWhatCannotRunAtTheLeastSampleIsRefused() throws {
        let memory = try memory("  words: { type: explain, explainer: lexical, inputs: [evidence] }\n")
        #expect(memory.least < memory.bytes)
        for allowed in [Int.max, memory.bytes, memory.least] { #expect(memory.excess(over: allowed) == nil) }
        #expect(
            memory.excess(over: 1024)?.hasSuffix(
                " even with 32 windows sampled per latent, but state.memory allows 1 KiB: raise it, or lower `top` or "
                    + "`pool` of the reservoirs, or take fewer explain and score nodes") == true)
        #expect(memory.excess(over: memory.least - 1) != nil)
    }

    @Test func aBudgetBelowWhatIsExpectedIsSaidToLowerTheSample() throws {
        let memory = try memory("  words: { type: explain, explainer: lexical, inputs: [evidence] }\n")
        #expect(memory.lowering(within: 2 * memory.bytes) == nil)
        let text = try #require(memory.lowering(within: memory.least))
        #expect(text.hasSuffix("windows sampled per latent will be lowered on the way (evidence to 32 by then)"))
        #expect(memory.text.hasPrefix("expected after 10 million tokens: evidence "))
        #expect(memory.text.contains(", explaining and scoring "))
        #expect(try !self.memory("").text.contains("explaining"))
    }

    /// What is left for samples is what the part of a reservoir leaves after all else, at each size.
    @Test func theBudgetIsSharedOutByWhatIsExpected() throws {
        let small = "  small: { type: reservoir, inputs: [cached], window: 8, sample: 40, pool: 10 }\n"
        let memory = try memory(small + "  words: { type: explain, explainer: lexical, inputs: [evidence] }\n")
        let budgets = memory.budgets(of: 2 * memory.bytes)
        #expect(Set(budgets.keys) == ["evidence", "small"])
        for share in memory.shares {
            let budget = try #require(budgets[share.node])
            for rung in share.rungs {
                let rest = 2 * share.bytes(at: share.rungs[0]) - share.fixed - rung.explaining
                #expect(abs(Double(budget.bytes(at: rung.sample)) - rest) <= 4)
            }
        }
        #expect(memory.shares.map { $0.rungs.map(\.sample) } == [[256, 128, 64, 32], [40, 32]])
        // Nothing is left for samples where not even the rest has room.
        #expect(memory.budgets(of: 1000).values.allSatisfy { $0.bytes(at: 32) == 0 })
    }
}

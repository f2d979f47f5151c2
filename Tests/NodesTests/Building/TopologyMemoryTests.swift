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

    private func bound(window: Int = 32, sample: Int = 256, pool: Int = 16_384) throws -> Int {
        let settings = try ReservoirSettings(window: window, sample: sample, top: 16, pool: pool, recent: 32, seed: 0)
        return Reservoir.memoryBound(settings: settings, latents: 3, contextLength: 256)
    }

    @Test func evidenceIsTheSumOfWhatReservoirsCanTake() throws {
        let one = try memory("")
        #expect(one.evidence == (try bound()) && one.explaining == 0 && one.bytes == one.evidence)
        let two = try memory("  small: { type: reservoir, inputs: [cached], window: 8, sample: 4, pool: 10 }\n")
        #expect(two.evidence == (try bound()) + (try bound(window: 8, sample: 4, pool: 10)))
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

    @Test func whatATopologyDoesNotAllowIsSaidWithTheRemedy() throws {
        let evidence = try memory("  small: { type: reservoir, inputs: [cached], window: 8, sample: 4, pool: 10 }\n")
        #expect(evidence.excess(over: evidence.bytes) == nil)
        #expect(
            evidence.excess(over: 1024)
                == "\(evidence.text), but state.memory allows 1 KiB: raise it, or lower `sample`, `top` or `pool` of "
                + "the reservoirs")
        #expect(evidence.text.hasPrefix("evidence takes at most ") && !evidence.text.contains("explaining"))
        let both = try memory("  words: { type: explain, explainer: lexical, inputs: [evidence] }\n")
        #expect(both.excess(over: both.bytes) == nil && both.excess(over: both.bytes - 1) != nil)
        #expect(both.text.contains(", explaining and scoring it ") && both.text.hasSuffix(" more"))
    }
}

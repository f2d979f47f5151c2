import Elements
import Evidence
import Testing

@testable import Nodes

/// What each kind of node is reckoned to hold, as closed formulas of its fields.
///
/// `ScoringMemoryTests` compares what they rest on with the bytes of what is held.
@Suite struct NodeMemoryTests {
    private static let latents = 600
    private static let cores = 3
    /// Train windows of a latent, of the plan below.
    private static let sample = 50.0

    private func shape(window: Int = 16, recent: Int = 10, cores: Int = Self.cores) throws -> ScoringMemory {
        let settings = try ReservoirSettings(
            window: window, sample: 100, top: 7, pool: 1000, recent: recent, seed: 0)
        return ScoringMemory(
            ReservoirPlan(settings: settings, contextLength: 64), latents: Self.latents, active: 8, cores: cores)
    }

    /// What one more node, `seen`, holds with some fields.
    private func bytes(_ fields: String, _ shape: ScoringMemory? = nil) throws -> Double {
        let graph = try GraphFixture().graph(
            stages: """
                  words: { type: explain, explainer: lexical, inputs: [evidence] }
                  more: { type: explain, explainer: none, inputs: [evidence] }
                  run: { type: score, method: execution, inputs: [words] }
                  seen: { \(fields) }

                """)
        let node = try #require(graph.all((any TakesLatents).self).first { $0.id == "seen" })
        return try node.memory(shape ?? self.shape())
    }

    private func difference(_ one: String, _ other: String) throws -> Double { try bytes(other) - bytes(one) }

    private func expect(
        _ value: Double, _ expected: Double, sourceLocation: SourceLocation = #_sourceLocation
    ) {
        #expect(
            abs(value - expected) <= 1e-9 * abs(expected), "\(value) for \(expected)", sourceLocation: sourceLocation)
    }

    private let explanation = Double(Explanation.heldBytes) + 1024 + 16 * Self.sample
    private let record = Double(MemoryLayout<PoolWindow>.stride)
    /// Examples with 16 tokens and as many activations, each array with its header of 48 bytes.
    private let example = Double(MemoryLayout<Example>.stride) + 2 * 48 + 8 * 16

    @Test(arguments: [
        "explainer: none", "explainer: loaded, path: x", "explainer: lexical", "explainer: default, model: far",
        "explainer: contrastive, model: far", "explainer: best-of, model: far", "explainer: output, model: far",
    ]) func anExplainNodeHoldsAnExplanationOfEachOfItsLatents(kind: String) throws {
        func fields(_ latents: String) -> String { "type: explain, \(kind), inputs: [evidence], latents: \(latents)" }
        expect(try difference(fields("[1, 2]"), fields("0..42")), 40 * explanation)
        expect(try difference(fields("all"), fields("{ sample: 100, seed: 3 }")), -500 * explanation)
    }

    /// Parts and the tokens that tell them apart come on top of an explanation.
    @Test(arguments: ["explainer: several", "explainer: several, model: far"])
    func anExplanationOfPartsTakesMore(kind: String) throws {
        func fields(_ latents: String) -> String { "type: explain, \(kind), inputs: [evidence], latents: \(latents)" }
        expect(try difference(fields("[1, 2]"), fields("0..42")), 40 * (explanation + 32_768))
    }

    @Test func explanationsAreAllThatIsHeldIfNoneAreMade() throws {
        for kind in ["explainer: none", "explainer: loaded, path: x"] {
            expect(try bytes("type: explain, \(kind), inputs: [evidence], latents: 0..10"), 10 * explanation)
        }
    }

    @Test func aLexicalNodeHoldsAnIndexAndTheExamplesOfALatentForEachCore() throws {
        let fields = "type: explain, explainer: lexical, inputs: [evidence], latents: 0..10"
        let entries = 100.0 + 7 + 2 * 10
        for cores in [1, 4] {
            let shape = try shape(cores: cores)
            expect(
                try bytes(fields, shape), 10 * explanation + shape.lexicalIndex + Double(cores) * entries * example)
        }
    }

    @Test(arguments: ["explainer: default", "explainer: contrastive", "explainer: best-of"])
    func aNodeThatAsksForExplanationsHoldsAPoolAndPlansThatAreMadeTogether(kind: String) throws {
        // A record, two headers, 16 tokens of 4 bytes and 100 latents: a sixth of all.
        let pool = 1000 * (record + 2 * 48 + 4 * 16 + 4 * 100)
        let plan = 10 * Self.sample * 16
        expect(
            try bytes("type: explain, \(kind), inputs: [evidence], model: far, latents: [4]"),
            explanation + pool + 64 * (plan + Self.sample * example))
    }

    /// Logits of a vocabulary of 262,144 tokens, and sums over them, for each job under way.
    @Test func aNodeThatTurnsLatentsUpHoldsLogitsBesides() throws {
        func fields(_ kind: String) -> String {
            "type: explain, explainer: \(kind), inputs: [evidence], model: far, latents: [4]"
        }
        let (clean, changed) = (64.0 * 1_048_576, 8.0 * 1_048_576 + 2 * 24 * 262_144)
        for jobs in [1, 5] {
            let found = try bytes(fields("output") + ", concurrency: \(jobs)") - bytes(fields("default"))
            expect(found, clean + Double(jobs) * changed)
        }
    }

    @Test(arguments: [
        "method: execution", "method: embedding, model: far", "method: detection, model: far",
        "method: fuzzing, model: far", "method: simulation, model: far", "method: surprisal, model: far",
        "method: intruder, model: far", "method: intervention, model: far", "method: generation, model: far",
    ]) func aScoreNodeKeepsABookOfEachLatentForEachOfItsInputs(kind: String) throws {
        func fields(_ latents: String, _ inputs: String) -> String {
            "type: score, \(kind), inputs: [\(inputs)], latents: \(latents)"
        }
        let entry = 6 * 64.0 + 512 + 8 * 10
        expect(try difference(fields("0..10", "words"), fields("0..30", "words")), 20 * entry)
        expect(try difference(fields("0..10", "words"), fields("0..10", "words, more")), 10 * entry)
    }

    /// A plan holds windows of each kind: those in which the latent fires, silent ones, recent ones, and a tier's.
    @Test(arguments: [
        ("method: detection", "examples: 30", "examples: 40", 10.0),
        ("method: fuzzing", "examples: 30", "examples: 40", 10),
        ("method: simulation", "examples: 30", "examples: 40", 10),
        ("method: surprisal", "examples: 30", "examples: 40", 10),
        // Trials of five windows each, then windows of thirty trials.
        ("method: intruder", "trials: 30", "trials: 40", 50),
        ("method: intruder", "windows: 4", "windows: 6", 60),
        ("method: intervention", "prompts_score: 30", "prompts_score: 40", 10),
    ]) func plansOfAJudgedNodeGrowWithItsOwnField(method: String, one: String, other: String, windows: Double) throws {
        func fields(_ field: String) -> String { "type: score, \(method), model: far, inputs: [words], \(field)" }
        expect(try difference(fields(one), fields(other)), 8 * windows * 3 * 16 * 16)
    }

    /// Texts of each job and those for no explanation: of each token its bytes and the codes of 64 latents.
    @Test(arguments: [
        ("texts: 20", "texts: 30", 1200.0), ("tokens: 40", "tokens: 50", 600),
        ("concurrency: 2", "concurrency: 6", 3200),
    ]) func writtenTextsAreHeldWithTheirCodes(one: String, other: String, tokens: Double) throws {
        func fields(_ field: String) -> String {
            "type: score, method: generation, model: far, inputs: [words], \(field)"
        }
        expect(try difference(fields(one), fields(other)), tokens * (12 * 64 + 64))
    }

    @Test(arguments: ["detection", "fuzzing"]) func eachFurtherTierIsAKindOfWindowsMore(method: String) throws {
        func fields(_ tiers: String) -> String {
            "type: score, method: \(method), model: far, inputs: [words], examples: 30, negatives: [\(tiers)]"
        }
        expect(
            try difference(fields("random"), fields("random, lexical, neighbour")), 8 * 30 * 2 * 16 * 16)
    }

    @Test func tiersOfANodeThatExecutesAreHeldForAllThatIsExecutedTogether() throws {
        func fields(_ tiers: String) -> String {
            "type: score, method: execution, inputs: [words], negatives: [\(tiers)]"
        }
        expect(
            try difference(fields("random"), fields("lexical, random, neighbour")),
            128 * Double(Self.cores) * 2 * 256 * record)
    }

    @Test func aNodeThatEmbedsHoldsATextAndAVectorOfEachWindow() throws {
        func fields(_ examples: Int, _ tiers: String = "random") -> String {
            "type: score, method: embedding, model: far, inputs: [words], examples: \(examples), negatives: [\(tiers)]"
        }
        let text = record + 8 * 16 + 4 * 1536 + 128
        expect(try difference(fields(20), fields(30)), 64 * 10 * 3 * text)
        expect(try difference(fields(20), fields(20, "random, semantic")), 64 * 20 * text)
    }

    @Test func whatNodesShareIsCountedOnce() throws {
        let graph = try GraphFixture().graph(
            stages: """
                  words: { type: explain, explainer: lexical, inputs: [evidence] }
                  run: { type: score, method: execution, inputs: [words] }
                  meant: { type: score, method: embedding, model: far, inputs: [words], negatives: [random, semantic] }
                  told: { type: score, method: detection, model: far, inputs: [words], encoder: far,
                          negatives: [random, semantic] }

                """)
        let nodes = graph.all((any TakesLatents).self)
        let shape = try shape()
        func own(_ nodes: some Sequence<any TakesLatents>) -> Double { nodes.reduce(0) { $0 + $1.memory(shape) } }
        expect(shape.bytes(of: Array(nodes.prefix(1))), own(nodes.prefix(1)))
        // Two views of the pool for any number of score nodes, of tiers only if one asks for some.
        expect(shape.bytes(of: Array(nodes.prefix(2))), own(nodes.prefix(2)) + 2 * shape.negatives)
        // Vectors of three fifths of the pool for each encoder, once more while they are made.
        let vectors = 3.0 * 600 * (4 * 1536 + 64)
        expect(shape.bytes(of: nodes), own(nodes) + 2 * shape.negatives + 2 * shape.tiers + vectors)
        #expect(shape.bytes(of: []) == 0)
    }

    @Test func windowsAreNoLongerThanContexts() throws {
        let fields = "type: score, method: detection, model: far, inputs: [words]"
        let settings = try ReservoirSettings(window: 256, sample: 100, top: 7, pool: 1000, recent: 10, seed: 0)
        let short = ScoringMemory(
            ReservoirPlan(settings: settings, contextLength: 16), latents: Self.latents, active: 8, cores: Self.cores)
        expect(try bytes(fields, short), try bytes(fields, shape(window: 16)))
        #expect(try bytes(fields, shape(window: 17)) > bytes(fields, short))
    }
}

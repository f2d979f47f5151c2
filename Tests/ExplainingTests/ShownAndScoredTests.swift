import Elements
import Evidence
import Explaining
import Hashing
import Inference
import Testing

/// What an explainer is shown against what its explanation is scored on, over whole reservoirs.
@Suite struct ShownAndScoredTests {
    /// A reservoir of documents that repeat each other: whole texts, runs of more than thirteen tokens, single windows.
    private static func reservoir(seed: UInt64) throws -> (view: any EvidenceView, sides: [[UInt32]: Set<Bool>]) {
        var generator = TestGenerator(state: seed)
        let settings = try ReservoirSettings(
            window: 16, sample: 64, top: 8, pool: 200, recent: 8, seed: generator.next())
        let coder = CoderIdentity(name: "codes", hookpoint: "layers.0", latents: 6, digest: Hash128(high: 1, low: 1))
        var reservoir = Reservoir(settings: settings, coder: coder)
        let hashing = WindowHashing(seed: settings.seed)
        let phrases = (0..<4).map { _ in (0..<14).map { _ in UInt32.random(in: 0..<40, using: &generator) } }
        var sides: [[UInt32]: Set<Bool>] = [:]
        for number in 0..<90 {
            var tokens: [UInt32] = []
            while tokens.count < 48 {
                if Int.random(in: 0..<4, using: &generator) == 0 {
                    tokens += phrases[Int.random(in: 0..<4, using: &generator)]
                } else {
                    tokens.append(UInt32.random(in: 0..<40, using: &generator))
                }
            }
            if number % 9 == 0 { tokens = Array(phrases[0] + phrases[1] + phrases[2]) }
            let document = Hash128(high: generator.next(), low: 5)
            for start in stride(from: 0, to: tokens.count, by: 16) {
                let text = Array(tokens[start..<min(start + 16, tokens.count)])
                sides[text, default: []].insert(hashing.isTest(document: document))
            }
            let rows = tokens.map { token in (0..<6).filter { Int(token) % 20 == $0 || token == 7 }.map(Int32.init) }
            var starts = [0]
            for row in rows { starts.append((starts.last ?? 0) + row.count) }
            let latents = rows.flatMap(\.self)
            try reservoir.absorb(
                CodeBatch(
                    contexts: [Context(tokens: tokens, document: document, timestamp: 0, source: nil)],
                    rowStarts: starts, latents: latents,
                    activations: latents.map { _ in Float.random(in: 0.5...9, using: &generator) }))
        }
        return (reservoir.view(), sides)
    }

    private static func runs(of tokens: [UInt32]) -> Set<[UInt32]> {
        guard tokens.count >= 13 else { return [] }
        return Set((0...tokens.count - 13).map { Array(tokens[$0..<$0 + 13]) })
    }

    @Test func nothingShownIsScoredWhateverTheSampling() throws {
        var overlapping = 0
        var scored = 0
        for seed in 0..<25 {
            let (view, sides) = try Self.reservoir(seed: UInt64(seed))
            let pool = view.pool
            for sampling in [ExampleSampling.top, .random, .quantiles(10), .mix(10)] {
                var settings = DefaultExplainerSettings()
                settings.sampling = sampling
                settings.examples = [10, 20, 40, 60][seed % 4]
                for latent in 0..<view.coder.latents {
                    settings.contrasts = min(4, Negatives.train(for: latent, in: pool).count)
                    let evidence = view.evidence(of: latent)
                    let plan = try ExplanationPlan(
                        node: "prose", update: EvidenceUpdate(view: view, epoch: 1, isCaughtUp: true),
                        evidence: evidence, settings: settings, pool: pool, seed: 3, model: "fixed",
                        modelDigest: Hash128(high: 8, low: 9))
                    let shownPlan = plan.examples + (plan.contrasts ?? [])
                    let shown = shownPlan.map { Window(tokens: $0.tokens, identity: $0.identity, priority: 0) }
                    #expect(Set(shown.map(\.tokens)).count == shown.count)
                    // A window shown comes from a train document, a scored negative from none, a scored positive
                    // from a test document; none of them is held on both sides of the latent.
                    #expect(shown.allSatisfy { sides[$0.tokens]?.contains(false) == true })
                    let held = HeldOut.testExamples(of: evidence, shown: shown)
                    let negatives = HeldOut.negatives(for: latent, in: pool, shown: shown)
                    #expect(held.examples.allSatisfy { sides[$0.window.tokens]?.contains(true) == true })
                    #expect(negatives.windows.allSatisfy { sides[$0.window.tokens] == [true] })
                    let scoredTexts = held.examples.map(\.window.tokens) + negatives.windows.map(\.window.tokens)
                    #expect(Set(scoredTexts).count == scoredTexts.count)
                    #expect(Set(scoredTexts).isDisjoint(with: shown.map(\.tokens)))
                    let shownRuns = shown.reduce(into: Set<[UInt32]>()) { $0.formUnion(Self.runs(of: $1.tokens)) }
                    #expect(scoredTexts.allSatisfy { shownRuns.isDisjoint(with: Self.runs(of: $0)) })
                    overlapping += held.sharing13Grams
                    scored += held.examples.count
                }
            }
        }
        #expect(overlapping > 100 && scored > 1000)
    }
}

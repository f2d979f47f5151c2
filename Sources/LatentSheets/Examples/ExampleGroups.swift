import Elements
import Evidence
import Examples
import Hashing
import Interchange
import Store

/// Chooses the windows that a sheet shows.
struct ExampleGroups {
    let evidence: LatentEvidence
    let look: ExampleLook
    let counts: ExampleCounts

    /// The tenths into which windows are parted by their peaks.
    private static let tenths = 10
    /// The seed by which windows are drawn: the same ones at every look.
    private static let seed: UInt64 = 0

    /// The windows with the largest peaks of the train side.
    var top: ExampleGroup {
        ExampleGroup(
            kind: .top, node: nil, note: "The windows with the largest activations of the train side.",
            examples: evidence.top.prefix(counts.top).map { SheetExample($0, look) })
    }

    /// Windows from each tenth by peak of the uniform sample.
    var byTenth: ExampleGroup {
        let blocks = RankBlocks(of: evidence.train, count: Self.tenths).ordered(
            latent: evidence.latent, seed: Self.seed)
        let examples = blocks.enumerated().flatMap { index, block in
            block.prefix(counts.perTenth).map { SheetExample($0, look, tenth: Self.tenths - index) }
        }
        return ExampleGroup(
            kind: .tenths, node: nil,
            note:
                "Windows from every tenth of a uniform sample of \(evidence.train.count), the strongest tenth (10) first.",
            examples: examples)
    }

    /// Windows drawn alike from all in which the latent fires: priorities are hashes, so that the lowest are a draw.
    var random: ExampleGroup {
        ExampleGroup(
            kind: .random, node: nil, note: "Drawn at random from all windows of the train side in which it fires.",
            examples: evidence.train.prefix(counts.random).map { SheetExample($0, look) })
    }

    /// Windows in which the latent is silent, by tier.
    func negatives(in tiers: NegativeTiers, near neighbours: [Int]) -> ExampleGroup {
        // Fewer than these are no tier.
        let request = TierRequest(count: max(counts.perTier, NegativeTier.fewest), seed: Self.seed)
        let draws: [(tier: NegativeTier, draw: TierDraw)] = [
            (.lexical, tiers.lexical(for: evidence, request)),
            (.neighbour, tiers.neighbour(for: evidence.latent, near: neighbours, request)),
            (.random, tiers.random(for: evidence.latent, request)),
        ]
        let examples = draws.flatMap { tier, draw in
            draw.windows.prefix(counts.perTier).map {
                SheetExample($0.window.tokens, activations: [], document: $0.document, look, tier: tier)
            }
        }
        let lacking = draws.filter { $0.draw.windows.isEmpty }.map(\.tier.rawValue).joined(separator: ", ")
        return ExampleGroup(
            kind: .negatives, node: nil,
            note:
                "Held-out windows in which it is silent: some that hold the token at which it mostly fires (lexical), some in "
                + "which a latent near to it fires (neighbour), and some of any kind (random)."
                + (lacking.isEmpty ? "" : " Too few for \(lacking)."),
            examples: examples)
    }

    /// The windows that an explainer was shown, as far as they are still kept.
    func shown(to explanation: Explanation) -> ExampleGroup {
        let wanted = Set(explanation.provenance.shown)
        var seen: Set<Hash128> = []
        let found = (evidence.top + evidence.train).filter { example in
            wanted.contains(example.window.identity) && seen.insert(example.window.identity).inserted
        }.sorted { ($1.peak, $0.window.priority) < ($0.peak, $1.window.priority) }
        return ExampleGroup(
            kind: .shown, node: explanation.node,
            note: "\(found.count) of the \(wanted.count) windows that the explainer was shown are still kept.",
            examples: found.prefix(counts.shown).map { SheetExample($0, look) })
    }

    /// The windows that a judge was asked about, with its verdicts, those that it got wrong first.
    func judged(_ verdicts: KeptVerdicts, by score: Score) -> ExampleGroup {
        .judged(verdicts, by: score, test: evidence.test, look, most: counts.judged)
    }
}

extension ExampleGroup {
    /// At most so many of the windows that a judge was asked about, with its verdicts, those that it got wrong first.
    ///
    /// - Parameter test: The latent's held-out windows that are still kept, which tell activations.
    static func judged(
        _ verdicts: KeptVerdicts, by score: Score, test: [Example], _ look: ExampleLook, most: Int
    ) -> ExampleGroup {
        let held = Dictionary(test.map { ($0.window.tokens, $0) }) { first, _ in first }
        let examples = verdicts.examples.map { asked -> SheetExample in
            let known = held[asked.tokens]
            var example = SheetExample(
                asked.tokens, activations: asked.isPositive ? known?.activations ?? [] : [], document: known?.document,
                look, tier: asked.isPositive ? nil : .random)
            example.verdict = SheetExample.Verdict(
                node: score.node, isYes: asked.isYes, probability: asked.probability.map(Double.init),
                isRight: asked.isYes.map { $0 == asked.isPositive })
            example.marked = Self.marked(asked.marked, in: example.pieces)
            return example
        }
        let order = examples.indices.sorted { Self.rank(examples[$0], $0) < Self.rank(examples[$1], $1) }
        let wrong = examples.count { $0.verdict?.isRight == false }
        return ExampleGroup(
            kind: .judged, node: score.node,
            note:
                "Held-out windows that \(score.method) asked about: \(examples.count), of which \(wrong) were judged wrong; those first.",
            examples: order.prefix(most).map { examples[$0] })
    }

    private static func rank(_ example: SheetExample, _ index: Int) -> (Int, Int) {
        switch example.verdict?.isRight {
        case false?: (0, index)
        case nil: (1, index)
        case true?: (2, index)
        }
    }

    /// The pieces that hold a marked token.
    private static func marked(_ flags: [Bool], in pieces: [TokenPiece]) -> [Int] {
        guard !flags.isEmpty else { return [] }
        var first = 0
        return pieces.indices.filter { index in
            let range = first..<first + pieces[index].ids.count
            first = range.upperBound
            return flags[range.clamped(to: flags.indices)].contains(true)
        }
    }
}

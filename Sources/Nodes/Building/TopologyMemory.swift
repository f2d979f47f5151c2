package import Evidence
import Stages
import TerminalText

/// The memory that a topology's evidence, and explaining and scoring it, are expected to take, and how `state.memory`
/// is shared out among its reservoirs.
///
/// Not included: models, batches under way, memory kept by the allocator.
package struct TopologyMemory: Sendable {
    /// What one reservoir and its readers take at one sample size.
    struct Rung: Sendable {
        /// Windows sampled per latent.
        let sample: Int
        /// The bytes of the samples.
        let samples: Double
        /// The bytes of the explain and score nodes after the reservoir, all of them at work at once.
        let explaining: Double
    }

    /// One reservoir with its readers.
    struct Share: Sendable {
        let node: String
        /// From the sample size asked for down to the least.
        let rungs: [Rung]
        /// The bytes of the evidence that do not depend on the sample size.
        let fixed: Double

        func bytes(at rung: Rung) -> Double { fixed + rung.samples + rung.explaining }
    }

    /// The tokens after which the expected memory is stated.
    package static let tokens = 10_000_000

    /// Each reservoir with its readers.
    let shares: [Share]
    /// The bytes of the vectors that sentence encoders may keep.
    let vectors: Double

    /// Adds up the memory of a graph's nodes with a number of threads; opens coders and caches, so it blocks.
    ///
    /// - Parameter tokens: After which it is stated.
    /// - Throws: The errors of opening them, and those of the nodes' fields.
    package init(of graph: Graph, cores: Int, tokens: Int = TopologyMemory.tokens) throws {
        shares = try graph.all((any Samples).self).map { reservoir in
            let plan = try reservoir.plan(in: graph)
            let codes = try graph.codes(above: reservoir.node).shape(in: graph)
            let readers = graph.all((any TakesLatents).self).filter { node in
                graph.nearest((any Samples).self, above: node.node).contains { $0.id == reservoir.id }
            }
            let evidence = MemoryExpectation(
                settings: plan.settings, latents: codes.latents, active: codes.usualActive, tokens: tokens)
            let rungs = SampleBudget.ladder(from: plan.settings.sample).map { sample in
                Rung(
                    sample: sample, samples: evidence.sampleBytes(at: sample),
                    explaining: ScoringMemory(
                        plan, sample: sample, latents: codes.latents, active: Int(codes.usualActive.rounded(.up)),
                        cores: cores
                    ).bytes(of: readers))
            }
            return Share(node: reservoir.id, rungs: rungs, fixed: evidence.otherBytes)
        }
        vectors = Double(EmbeddingSource.maximumBytes) * Double(graph.encoders.count)
    }

    /// The bytes of the evidence that is expected after `tokens` tokens, at the sample sizes asked for.
    package var evidence: Int { Self.whole(shares.reduce(0) { $0 + $1.fixed + $1.rungs[0].samples }) }

    /// The bytes that explain and score nodes take on usual text, all of them at work at once.
    package var explaining: Int { Self.whole(shares.reduce(vectors) { $0 + $1.rungs[0].explaining }) }

    /// The sum of both.
    package var bytes: Int { Self.whole(Double(evidence) + Double(explaining)) }

    /// The sum of both at the least useful sample sizes.
    package var least: Int {
        Self.whole(shares.reduce(vectors) { sum, share in sum + (share.rungs.last.map(share.bytes) ?? 0) })
    }

    /// What each reservoir's samples may take if all that a topology holds may take `allowed` bytes, by node.
    ///
    /// Each gets the part of it that it and its readers would have of the whole, so that it depends on nothing but the
    /// topology and its coders.
    package func budgets(of allowed: Int) -> [String: SampleBudget] {
        let whole = shares.reduce(0) { $0 + $1.bytes(at: $1.rungs[0]) }
        let room = max(0, Double(allowed) - vectors)
        return Dictionary(
            uniqueKeysWithValues: shares.map { share in
                let part = whole == 0 ? 0 : room * share.bytes(at: share.rungs[0]) / whole
                return (
                    share.node,
                    SampleBudget(
                        bytes: Dictionary(
                            uniqueKeysWithValues: share.rungs.map { rung in
                                (rung.sample, Self.whole(max(0, part - share.fixed - rung.explaining)))
                            }))
                )
            })
    }

    /// The sample size that each reservoir is expected to have by then, where it is below the one asked for.
    package func lowered(within allowed: Int) -> [String: Int] {
        let budgets = budgets(of: allowed)
        return Dictionary(
            uniqueKeysWithValues: shares.compactMap { share in
                guard let budget = budgets[share.node] else { return nil }
                let fitting = share.rungs.first { Self.whole($0.samples) <= budget.bytes(at: $0.sample) }
                guard let last = fitting ?? share.rungs.last, last.sample < share.rungs[0].sample else { return nil }
                return (share.node, last.sample)
            })
    }

    /// The remedy if it is too much.
    package static let remedy = "lower `top` or `pool` of the reservoirs, or take fewer explain and score nodes"

    /// The message if a topology cannot run within `state.memory` even at the least useful sample sizes; `nil` if it can.
    package func excess(over allowed: Int) -> String? {
        guard least > allowed else { return nil }
        let samples = shares.compactMap { $0.rungs.last?.sample }
        let sample = samples.min().map { " even with \($0) windows sampled per latent" } ?? ""
        return "evidence, explaining and scoring take \(ByteText(least))\(sample), but state.memory allows "
            + "\(ByteText(allowed)): raise it, or \(Self.remedy)"
    }

    /// A description of it, such as `expected after 10 million tokens: evidence 1.3 GiB, explaining and scoring 0.4 GiB`.
    package var text: String {
        let text = "expected after 10 million tokens: evidence \(ByteText(evidence))"
        return explaining == 0 ? text : "\(text), explaining and scoring \(ByteText(explaining))"
    }

    /// What follows for the sample sizes from a budget that is below what is expected; `nil` if nothing does.
    package func lowering(within allowed: Int) -> String? {
        let lowered = lowered(within: allowed)
        guard !lowered.isEmpty else { return nil }
        let list = shares.compactMap { share in lowered[share.node].map { "\(share.node) to \($0)" } }
            .joined(separator: ", ")
        return "state.memory allows \(ByteText(allowed)), so the windows sampled per latent will be lowered on the way "
            + "(\(list) by then)"
    }

    private static func whole(_ bytes: Double) -> Int { Int(min(bytes, 0x1p62)) }
}

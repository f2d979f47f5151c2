import Evidence
import Foundation

/// What the evidence of one reservoir takes.
package struct EvidenceCost: Sendable, Hashable {
    /// The reservoir's name.
    package let node: String
    /// The latents of its coder, and the latents active on a token.
    package let latents, active: PlanFigure
    /// The latents that fire at all.
    package let firing: PlanFigure
    /// The windows in which a latent fires, on average over all.
    package let windowsPerLatent: PlanFigure
    /// The windows sampled per latent in the end, where `state.memory` allows fewer than are asked for; `nil` elsewhere.
    package let lowered: PlanFigure?
    /// The bytes of memory on usual text, and the most that they can be on any text.
    package let memory, memoryBound: PlanFigure
    /// The bytes of memory on usual text with as many windows as are asked for.
    package let asked: PlanFigure
    /// The windows that enter samples, each counted once for each latent; what is seen later replaces some of what is kept.
    package let entered: PlanFigure
    /// The bytes for each token that machines with a reservoir of their own would send to those that keep the evidence.
    package let shuffled: PlanFigure
    /// The bytes for each token if every activation were sent.
    package let unfiltered: PlanFigure
}

extension CostModel.Sampler {
    /// What usual text is taken to be.
    func expectation(tokens: Double) -> MemoryExpectation {
        MemoryExpectation(
            settings: settings, latents: codes.latents, active: codes.active, tokens: Int(min(tokens, 0x1p62)))
    }

    /// The windows in which a latent fires, on average over all latents.
    func windowsPerLatent(tokens: Double) -> Double {
        guard codes.latents > 0, settings.window > 0 else { return 0 }
        return tokens / Double(settings.window) * expectation(tokens: tokens).firingInWindow / Double(codes.latents)
    }

    /// The windows that enter the samples of machines after some tokens, each counted once for each latent.
    func entered(tokens: Double, machines: Int) -> PlanFigure {
        PlanFigure(
            Double(codes.latents) * entriesPerLatent(tokens: tokens, machines: machines, told: .infinity), .assumed)
    }

    /// What it takes after some tokens, with so many machines that sample by themselves and make so many checkpoints.
    func cost(tokens: Double, machines: Int, checkpoints: Double) -> EvidenceCost {
        let usual = expectation(tokens: tokens)
        let bound = Reservoir.memoryBound(
            settings: settings, latents: codes.latents, contextLength: contextLength)
        return EvidenceCost(
            node: id, latents: PlanFigure(Double(codes.latents), .bound), active: PlanFigure(codes.active, .assumed),
            firing: PlanFigure(Double(codes.latents) * rates.firing, rates.basis),
            windowsPerLatent: PlanFigure(windowsPerLatent(tokens: tokens), .assumed),
            lowered: lowered.map { PlanFigure(Double($0), .assumed) },
            memory: PlanFigure(usual.bytes(at: lowered ?? settings.sample), .assumed),
            memoryBound: PlanFigure(Double(bound), .bound),
            asked: PlanFigure(usual.bytes(at: settings.sample), .assumed),
            entered: entered(tokens: tokens, machines: machines),
            shuffled: PlanFigure(
                shuffledBytes(tokens: tokens, machines: machines, told: checkpoints) / tokens, .assumed),
            // A record of codes in f16 (docs/records.md), shared out by latent, with the tokens for each machine.
            unfiltered: PlanFigure(2 + 6 * codes.active + 4 * Double(machines), .assumed))
    }

    /// The windows of a latent that enter the samples of machines, each of which samples what it reads, and are there at one of so many
    /// checkpoints; on average over all latents.
    private func entriesPerLatent(tokens: Double, machines: Int, told times: Double) -> Double {
        let average = windowsPerLatent(tokens: tokens)
        let (half, count) = (Double(lowered ?? settings.sample) / 2, Double(machines))
        return rates.mean { rate in
            let side = average * rate / 2
            let listed =
                2 * Combiner.sent(keeping: half, of: side, machines: count, told: times)
                + Combiner.sent(keeping: Double(settings.top), of: side, machines: count, told: times)
                + Combiner.sent(keeping: Double(settings.recent), of: side, machines: count, told: times)
            // A window that enters several lists is counted once.
            return min(2 * side, listed)
        }
    }

    /// The bytes that machines send if each tells at its checkpoints what its own samples hold since the one before.
    ///
    /// Without what it counts, some thirty bytes for a latent, block and checkpoint.
    private func shuffledBytes(tokens: Double, machines: Int, told times: Double) -> Double {
        // Without a topic to share them out by, a shard for each machine.
        let (count, shards) = (Double(machines), Double(shards ?? machines))
        // The window's tokens at two and a half bytes go to a shard once, however many of its latents want the window.
        let windows = tokens / Double(settings.window)
        let text = 2.5 * Double(settings.window) + 8
        let sent = Double(codes.latents) * entriesPerLatent(tokens: tokens, machines: machines, told: times)
        let firing = max(1, expectation(tokens: tokens).firingInWindow)
        let distance = Double(codes.latents) / firing
        // Its lists, the distance to the window's latent before, and two firing tokens.
        let sampled =
            sent * (1 + Combiner.bytes(ofDistance: distance * shards) + 7) + min(sent, windows * shards) * text
        // A window of the pool goes to every shard with all latents that fire in it, of which a bit each is enough.
        let set = min(firing * Combiner.bytes(ofDistance: distance), Double(codes.latents) / 8)
        let pooled = Combiner.sent(keeping: Double(settings.pool), of: windows, machines: count, told: times)
        return sampled + pooled * shards * (8 + set)
    }
}

/// What passes machines that each keep a sample of their own and send only what enters it.
enum Combiner {
    /// The items that are sent of `count`, spread evenly over machines of which each keeps `kept` of lowest priority and tells what is new
    /// there so many times, evenly spread too.
    ///
    /// Of n items in random order the i-th enters a sample of k with probability k / i, so that k (1 + ln (n / k)) enter, to within
    /// k / 2; all if there are no more than k. Of those that are there when it is told for the j-th time one in j came since the time before,
    /// so that k (1 + ln c) are told in c times.
    static func sent(keeping kept: Double, of count: Double, machines: Double, told times: Double = .infinity) -> Double
    {
        let held = kept * machines
        guard count > held, held > 0 else { return min(count, held) }
        return held * (1 + log(min(count / held, max(1, times))))
    }

    /// The bytes of a distance of some mean as a varint: distances between what stands by chance are about exponential.
    static func bytes(ofDistance mean: Double) -> Double { 1 + exp(-128 / mean) + exp(-16_384 / mean) }
}

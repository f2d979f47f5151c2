internal import Elements
internal import Foundation
internal import Hashing
internal import Store

/// A state directory with explanations and scores of latents that do not exist, the same in every process.
struct SyntheticResults {
    /// The latents that have an explanation; every second latent has a second score.
    let explained: Int

    /// The scores that `explained` latents get: of each one, of most a second, and of some a control.
    var scored: Int { (0..<explained).reduce(0) { $0 + scores(of: $1).count } }

    private static let coder = CoderIdentity(
        name: "codes", hookpoint: "layers.10", latents: 131_072, digest: Hash128(high: 3, low: 3))
    private static let windowsShown = 40

    /// Writes the state.
    func write(to directory: String) throws {
        let identity = TopologyIdentity(name: "synthetic", digest: Hash128(high: 1, low: 1), nodes: [:])
        let store = try Store(directory: directory, topology: identity, now: { 1_795_435_471_120 })
        for start in stride(from: 0, to: explained, by: 2_000) {
            let latents = start..<min(start + 2_000, explained)
            try store.record(explanations: latents.map(explanation), scores: latents.flatMap(scores))
        }
        try store.close()
    }

    private func hash(_ kind: UInt64, _ number: Int) -> Hash128 {
        Hash128(high: kind &* 0x9e37_79b9_7f4a_7c15 &+ UInt64(number), low: UInt64(number) &* 0xbf58_476d_1ce4_e5b9)
    }

    private func explanation(of latent: Int) -> Explanation {
        var provenance = Provenance(
            explainer: "default", sampling: "quantiles", promptVersion: "1", model: "m", seed: 7,
            evidenceDigest: hash(2, 0), epoch: 12, shown: (0..<Self.windowsShown).map { hash(4, latent * 64 + $0) })
        provenance.basis = EvidenceBasis(
            windowsFired: UInt64(latent % 900 + 100), sample: 128, deciles: (0...10).map { Float($0) * 0.75 + 0.125 })
        return Explanation(
            job: hash(5, latent), node: "prose", coder: Self.coder, latent: latent,
            text: "words about the subject number \(latent) and what follows them", predicate: nil,
            provenance: provenance)
    }

    private func scores(of latent: Int) -> [Score] {
        var scores = [score(of: latent, by: "detected", method: "detection", isControl: false)]
        if latent % 16 != 0 { scores.append(score(of: latent, by: "fuzzed", method: "fuzzing", isControl: false)) }
        if latent % 64 == 0 { scores.append(score(of: latent, by: "detected", method: "detection", isControl: true)) }
        return scores
    }

    private func score(of latent: Int, by node: String, method: String, isControl: Bool) -> Score {
        func figure(_ value: Double) -> Estimate {
            Estimate(value: value, lower: max(0, value - 0.1), upper: min(1, value + 0.1), count: 40)
        }
        let kind: UInt64 = isControl ? 8 : method == "detection" ? 6 : 7
        let share = Double(hash(kind, latent).low >> 40) / Double(1 << 24)
        let value = 0.5 + share / 2
        let replicates = (0..<ScoreReplicates.count).map { value + Double((latent + $0) % 21 - 10) / 200 }
        return Score(
            job: hash(kind, latent), node: node, method: method, coder: Self.coder, latent: latent,
            explanation: hash(5, latent), explainedBy: "prose",
            text: "words about the subject number \(latent) and what follows them", headline: figure(value),
            details: [
                "true_positive_rate": figure(value), "true_negative_rate": figure(value), "auroc": figure(value),
                "firing_rate": figure(share / 100),
            ], judged: 80, failed: 0, tokensIn: 900, tokensOut: 40, control: isControl ? "shuffled" : nil,
            replicates: ScoreReplicates(parts: [replicates, replicates]))
    }
}

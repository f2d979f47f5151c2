import Elements
import Hashing
import Lineage

enum Fixture {
    static let coder = CoderIdentity(name: "codes", hookpoint: "layers.10", latents: 24_576, digest: hash(3))

    static func hash(_ value: UInt64) -> Hash128 { Hash128(high: value &* 0x9e37_79b9_7f4a_7c15, low: value) }

    static func explanation(
        _ number: UInt64, latent: Int = 3, text: String? = nil, windows: UInt64 = 100, epoch: UInt64 = 1,
        again: ExplainedAgain? = nil, node: String = "lexical", predicate: String? = nil
    ) -> Explanation {
        var provenance = Provenance(
            explainer: "lexical", sampling: "uniform", promptVersion: "1", model: nil, seed: 7,
            evidenceDigest: hash(2), epoch: epoch, shown: [])
        provenance.basis = EvidenceBasis(windowsFired: windows, sample: 0, deciles: [])
        provenance.again = again
        return Explanation(
            job: hash(number), node: node, coder: coder, latent: latent, text: text ?? "label \(number)",
            predicate: predicate, provenance: provenance)
    }

    static func challenger(
        _ number: UInt64, of incumbent: UInt64, latent: Int = 3, text: String? = nil, epoch: UInt64? = nil
    ) -> Explanation {
        explanation(
            number, latent: latent, text: text, windows: 100 * number, epoch: epoch ?? number,
            again: ExplainedAgain(standing: hash(incumbent), reason: .grown))
    }

    static func estimate(_ value: Double) -> Estimate {
        Estimate(value: value, lower: value - 0.1, upper: value + 0.05, count: 40)
    }

    static func score(
        _ explanation: UInt64, _ value: Double?, epoch: UInt64? = nil, contest: UInt64? = nil, current: Double? = nil,
        control: String? = nil, node: String = "executed", latent: Int = 3, number: UInt64? = nil,
        look: Int = 1, isReporting: Bool = false
    ) -> Score {
        let plain = Score(
            job: hash(number ?? explanation * 100 + (epoch ?? 0)), node: node, method: "execution", coder: coder,
            latent: latent, explanation: hash(explanation), explainedBy: "lexical", text: "dates",
            headline: value.map(estimate), details: current.map { ["current": estimate($0)] } ?? [:], judged: 40,
            failed: 0, tokensIn: 0, tokensOut: 0, control: control)
        guard let epoch else { return plain }
        return plain.noted(
            in: ScoringRound(
                epoch: epoch, windowsFired: 100 * epoch, recent: [], contest: contest.map { hash($0) }, look: look,
                isReporting: isReporting))
    }

    static func choice(_ challenger: UInt64, over incumbent: UInt64, _ outcome: ChoiceOutcome) -> Choice {
        Choice(
            challenger: hash(challenger), standing: hash(incumbent), node: "lexical", coder: coder, latent: 3,
            reason: .grown, outcome: outcome, scores: [], epoch: 4)
    }

    static func settings(_ node: String = "executed", latents: Set<Int> = Set(0..<50)) -> ScoreNodeSettings {
        ScoreNodeSettings(node: node, latents: latents, seed: 1, control: "shuffled")
    }
}

/// Evidence of which only the number of windows fired in is known.
struct CountedView: EvidenceView {
    let coder = Fixture.coder
    let totals = StreamTotals()
    let digest = Fixture.hash(9)
    let pool: [PoolWindow] = []
    let windowsFired: @Sendable (Int) -> UInt64

    func statistics(of latent: Int) -> LatentStatistics { evidence(of: latent).statistics }

    func evidence(of latent: Int) -> LatentEvidence {
        let statistics = LatentStatistics(
            tokensFired: windowsFired(latent), windowsFired: windowsFired(latent), sum: 0, sumOfSquares: 0,
            maximum: 0, histogram: [])
        return LatentEvidence(latent: latent, statistics: statistics, train: [], top: [], test: [], recent: [])
    }
}

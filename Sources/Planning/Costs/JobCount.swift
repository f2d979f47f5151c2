import Foundation
import Topology

/// The jobs of an explain or score node.
package struct JobCount: Sendable, Hashable {
    /// The jobs of the first round: explanations, or scores of them.
    package let first: PlanFigure
    /// The controls beside them.
    package let controls: PlanFigure
    /// The most jobs that can follow as evidence grows.
    package let again: PlanFigure
    /// The share of all firing that the latents worked on have.
    package let mass: PlanFigure
}

extension LatentSelection {
    /// The latents that it takes at most of a coder that has `total`.
    func most(of total: Double) -> Double {
        switch self {
        case .all: total
        case .list(let latents): min(total, Double(latents.count))
        case .range(let range): min(total, Double(range.count))
        case .sample(let count, _), .firing(let count): min(total, Double(max(0, count)))
        }
    }

    /// Whether its latents are among those of a selection at least as large.
    func isWithin(_ other: LatentSelection) -> Bool {
        switch (self, other) {
        case (_, .all), (.all, _): true
        case (.sample(_, let seed), .sample(_, let otherSeed)): seed == otherSeed
        default: self == other
        }
    }
}

extension CostModel {
    /// The jobs of all explain and score nodes, by name.
    func jobCounts() -> [String: JobCount] {
        var counts: [String: JobCount] = [:]
        for node in jobs {
            guard let reservoir = reservoirs.first(where: { $0.id == node.reservoir }) else { continue }
            counts[node.id] =
                node.explains ? explanations(of: node, reservoir) : scores(of: node, reservoir, explained: counts)
        }
        return counts
    }

    private func explanations(of node: Jobs, _ reservoir: Sampler) -> JobCount {
        let (rates, total) = (reservoir.rates, Double(reservoir.codes.latents))
        let average = reservoir.windowsPerLatent(tokens: tokens)
        // What has fired in fewer windows than that is passed over.
        let eligible = average > 0 ? rates.share(ofRate: node.minimum / average) : 0
        let chosen = node.latents.most(of: total)
        let jobs, mass: Double
        if case .firing = node.latents {
            jobs = min(chosen, total * eligible)
            mass = total > 0 ? rates.mass(ofMostActive: jobs / total) : 0
        } else {
            jobs = chosen * eligible
            mass = total > 0 ? rates.mass(ofMostActive: eligible) * chosen / total : 0
        }
        let rounds =
            eligible > 0 ? growth(of: node, minimum: node.minimum, average: average, rates) / eligible : 0
        return JobCount(
            first: PlanFigure(jobs, rates.basis), controls: .zero, again: PlanFigure(jobs * rounds, rates.basis),
            mass: PlanFigure(mass, rates.basis))
    }

    private func scores(of node: Jobs, _ reservoir: Sampler, explained: [String: JobCount]) -> JobCount {
        let total = Double(reservoir.codes.latents)
        let average = reservoir.windowsPerLatent(tokens: tokens)
        var (first, controls, again, mass) = (PlanFigure.zero, PlanFigure.zero, 0.0, PlanFigure.zero)
        for explainer in jobs where node.explainers.contains(explainer.id) {
            guard let made = explained[explainer.id], total > 0 else { continue }
            let own = node.latents.most(of: total)
            let share = explainer.latents.most(of: total) > 0 ? made.first.value / explainer.latents.most(of: total) : 0
            let isWithin = node.latents.isWithin(explainer.latents)
            let count = isWithin ? min(made.first.value, own * share) : made.first.value * own / total
            let scored = PlanFigure(count, made.first.basis)
            first = first + scored
            controls = controls + PlanFigure(min(node.controls ?? count, count), made.first.basis)
            // Rounds of what stands, and both scores of each comparison with a challenger.
            let eligible = average > 0 ? reservoir.rates.share(ofRate: explainer.minimum / average) : 0
            let rounds =
                eligible > 0 && !explainer.waits
                ? growth(of: node, minimum: explainer.minimum, average: average, reservoir.rates) / eligible : 0
            let part = made.first.value > 0 ? count / made.first.value : 0
            again += count * rounds + 2 * made.again.value * part
            if made.first.value > 0 {
                mass = PlanFigure(max(mass.value, made.mass.value * part), made.mass.basis)
            }
        }
        return JobCount(first: first, controls: controls, again: PlanFigure(again, reservoir.rates.basis), mass: mass)
    }

    /// How often a latent's windows grow by the factor of a node after it was first worked on, on average over all latents.
    private func growth(of node: Jobs, minimum: Double, average: Double, _ rates: FiringRates) -> Double {
        guard node.growth > 0, !node.waits, average > 0 else { return 0 }
        let factor = max(2, node.growth)
        return rates.mean { rate in
            let windows = average * rate
            return windows >= minimum ? (log(windows / minimum) / log(factor)).rounded(.down) : 0
        }
    }
}

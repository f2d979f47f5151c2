import Foundation
import Lineage
import Topology

/// The jobs of an explain or score node.
package struct JobCount: Sendable, Hashable {
    /// The jobs of the first round: explanations, or scores of them.
    package let first: PlanFigure
    /// The controls beside them.
    package let controls: PlanFigure
    /// The most jobs that can follow as evidence grows, but for what persons ask for and scores of recent windows; `nil` if their
    /// number has no bound.
    package let again: PlanFigure?
    /// The share of all firing that the latents worked on have.
    package let mass: PlanFigure
}

extension LatentSelection {
    /// Whether it takes the latents that fire most.
    var takesMostActive: Bool {
        if case .firing = self { true } else { false }
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
        let chosen = Double(node.latents.mostLatents(of: reservoir.codes.latents))
        // The windows of a latent are expected ones, whatever tells how unlike latents are.
        let basis = max(rates.basis, .assumed)
        let jobs, mass: Double
        if case .firing = node.latents {
            jobs = min(chosen, total * eligible)
            mass = total > 0 ? rates.mass(ofMostActive: jobs / total) : 0
        } else {
            jobs = chosen * eligible
            mass = total > 0 ? rates.mass(ofMostActive: eligible) * chosen / total : 0
        }
        let share = total > 0 && node.latents.takesMostActive ? jobs / total : eligible
        let times = rounds(of: node, minimum: node.minimum, average: average, mostActive: share, rates)
        return JobCount(
            first: PlanFigure(jobs, basis), controls: .zero, again: times.map { PlanFigure(jobs * $0, basis) },
            mass: PlanFigure(mass, basis))
    }

    private func scores(of node: Jobs, _ reservoir: Sampler, explained: [String: JobCount]) -> JobCount {
        let total = Double(reservoir.codes.latents)
        let average = reservoir.windowsPerLatent(tokens: tokens)
        var (first, controls, mass) = (PlanFigure.zero, PlanFigure.zero, PlanFigure.zero)
        var again: PlanFigure? = .zero
        for explainer in jobs where node.explainers.contains(explainer.id) {
            guard let made = explained[explainer.id], total > 0 else { continue }
            let own = Double(node.latents.mostLatents(of: reservoir.codes.latents))
            let explained = Double(explainer.latents.mostLatents(of: reservoir.codes.latents))
            let share = explained > 0 ? made.first.value / explained : 0
            let isWithin = node.latents.isWithin(explainer.latents)
            let count = isWithin ? min(made.first.value, own * share) : made.first.value * own / total
            let scored = PlanFigure(count, made.first.basis)
            first = first + scored
            controls = controls + PlanFigure(min(node.controls ?? count, count), made.first.basis)
            let eligible = average > 0 ? reservoir.rates.share(ofRate: explainer.minimum / average) : 0
            let takesMostActive = node.latents.takesMostActive || explainer.latents.takesMostActive
            let times = { (work: Jobs) -> Double? in
                guard !explainer.waits else { return 0 }
                return rounds(
                    of: work, minimum: explainer.minimum, average: average,
                    mostActive: takesMostActive ? count / total : eligible, reservoir.rates)
            }
            if let before = again, let standing = times(node), let challengers = times(explainer) {
                // A challenger can cost both scores of each look, and one of its own once it is decided.
                let each = standing + Double(2 * ComparisonRule.looks + 1) * challengers
                again = before + PlanFigure(count * each, made.first.basis)
            } else {
                again = nil
            }
            let part = made.first.value > 0 ? count / made.first.value : 0
            if made.first.value > 0 {
                mass = PlanFigure(max(mass.value, made.mass.value * part), made.mass.basis)
            }
        }
        return JobCount(first: first, controls: controls, again: again, mass: mass)
    }

    /// How often a node works on a latent again at most, on average over a most active share of latents; `nil` without a bound.
    private func rounds(
        of node: Jobs, minimum: Double, average: Double, mostActive share: Double, _ rates: FiringRates
    ) -> Double? {
        guard !node.waits, average > 0, node.growth > 0 || node.drifts else { return 0 }
        // A latent that has drifted is explained again at its next window, and after that as growth allows.
        let (early, start) = node.drifts ? (1.0, minimum + 1) : (0.0, minimum)
        // A score node takes a growth of 1 for 2; an explain node does not.
        let least: Double = node.explains ? 1 : 2
        let factor = node.growth > 0 ? max(least, node.growth) : Double(ReexplanationRule.spacing)
        guard factor > 1 else { return nil }
        return rates.mean(ofMostActive: share) { rate in
            let windows = average * rate
            return windows >= start ? early + (log(windows / start) / log(factor)).rounded(.down) : 0
        }
    }
}

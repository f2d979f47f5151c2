import Elements
import Statistics

extension JudgedTally {
    /// The balanced accuracy against each tier apart, by the same verdicts on the positives; the first is that of the headline.
    ///
    /// Empty if only random negatives were asked for.
    var tiers: [TierScore] {
        guard let planned = plan.tiers else { return [] }
        var start = plan.questions.count
        let main = observations(plan.questions, from: 0)
        let positives = main.filter(\.isPositive)
        // In the order of the headline's verdicts, so that it is the same to the last bit.
        return [score(of: .random, main, windows: plan.questions.count { !$0.isPositive })]
            + planned.map { tier in
                defer { start += tier.questions.count }
                guard tier.isAvailable else { return TierScore(tier: tier.tier, figure: nil, windows: tier.windows) }
                return score(
                    of: tier.tier,
                    positives.filter { tier.counts($0.question) } + observations(tier.questions, from: start),
                    windows: tier.windows)
            }
    }

    private struct Observation {
        let question: Question
        let isYes: Bool
        let call: Int
        var isPositive: Bool { question.isPositive }
    }

    /// The questions that got a verdict; `start` is where the first one's stands.
    private func observations(_ questions: [Question], from start: Int) -> [Observation] {
        zip(questions, verdicts.dropFirst(start)).compactMap { question, verdict in
            verdict.isYes.map { Observation(question: question, isYes: $0, call: verdict.call) }
        }
    }

    private func score(of tier: NegativeTier, _ all: [Observation], windows: Int) -> TierScore {
        let asked = plan.settings.method.type.mostNegatives(of: plan)
        guard windows >= min(NegativeTier.fewest, asked) else {
            return TierScore(tier: tier, figure: nil, windows: windows)
        }
        return TierScore(
            tier: tier,
            figure: ClusteredVerdicts(
                isPositive: all.map(\.isPositive), isYes: all.map(\.isYes), calls: all.map(\.call)
            ).balancedAccuracy, windows: windows,
            replicates: ScoreReplicates(
                documents: all.map(\.question.document), isPositive: all.map(\.isPositive), isYes: all.map(\.isYes)))
    }
}

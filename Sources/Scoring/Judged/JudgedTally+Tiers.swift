import Elements
import Statistics

extension JudgedTally {
    /// The headline's figure against each tier apart, by the same verdicts on the positives; the first is that of the headline.
    ///
    /// Empty if only random negatives were asked for.
    func tiers(besides answered: [Answered]) -> [TierScore] {
        guard let planned = plan.tiers else { return [] }
        var start = plan.questions.count
        let positives = answered.filter(\.question.isPositive)
        let random = plan.questions.count { !$0.isPositive }
        // Its replicates are the headline's.
        return [TierScore(tier: .random, figure: isEnough(random) ? figure(of: answered) : nil, windows: random)]
            + planned.map { tier in
                defer { start += tier.questions.count }
                guard tier.isAvailable, isEnough(tier.windows) else {
                    return TierScore(tier: tier.tier, figure: nil, windows: tier.windows)
                }
                let all = positives.filter { tier.counts($0.question) } + self.answered(tier.questions, from: start)
                return TierScore(
                    tier: tier.tier, figure: figure(of: all), windows: tier.windows,
                    replicates: replicates(of: all))
            }
    }

    /// Whether a tier has negatives enough to be scored.
    private func isEnough(_ windows: Int) -> Bool {
        windows >= min(NegativeTier.fewest, plan.settings.method.type.mostNegatives(of: plan))
    }
}

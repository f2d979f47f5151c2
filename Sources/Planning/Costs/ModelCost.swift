import Evidence
import Topology

/// What one model is asked in the first round of all nodes.
package struct ModelCost: Sendable, Hashable {
    /// The name under `models:`.
    package let name: String
    /// Whether it is behind a server.
    package let isServed: Bool
    /// The requests.
    package let calls: PlanFigure
    /// The tokens sent.
    package let sent: PlanFigure
    /// Those of them that a cache of prefixes can hold.
    package let shared: PlanFigure
    /// The tokens answered with.
    package let answered: PlanFigure
    /// The tokens that it reads and writes as the subject of scores.
    package let subject: PlanFigure
    /// The core seconds in this process; `nil` for a server, of which no rate is known, and for a sentence encoder, whose work is
    /// counted with the jobs.
    package let seconds: PlanFigure?
    /// The money if the server's cache holds what is shared, and if it holds nothing; `nil` without prices.
    package let cost, costWithoutCache: PlanFigure?
}

extension CostModel.Model {
    /// What some tokens cost that it is asked for.
    func cost(_ tokens: JobTokens, subject: Double, _ rates: MachineRates) -> ModelCost {
        let figure = { (value: Double) in PlanFigure(value, .assumed) }
        // Work in this process reads what prompts share once and keeps it.
        let seconds = work.map { work in
            figure(max(0, tokens.sent - tokens.shared) * work.reading) / rates.prompts
                + figure(tokens.answered * work.writing) / rates.answers + figure(subject * work.reading)
                / rates.forward
        }
        return ModelCost(
            name: name, isServed: isServed, calls: figure(tokens.calls), sent: figure(tokens.sent),
            shared: figure(tokens.shared),
            answered: figure(tokens.answered), subject: figure(subject), seconds: seconds,
            cost: prices.map { figure(bill($0, tokens, cached: tokens.shared)) },
            costWithoutCache: prices.map { figure(bill($0, tokens, cached: 0)) })
    }

    /// The bill of tokens, as `TokenBill` of `Jobs` makes it of a call.
    private func bill(_ prices: TokenPrices, _ tokens: JobTokens, cached: Double) -> Double {
        let sum = (tokens.sent - cached) * prices.input + cached * prices.cached + tokens.answered * prices.output
        return sum / 1e6 * (isBatched ? 1 - prices.batchDiscount : 1)
    }
}

extension CostModel {
    /// The tokens of a node's first round, its controls among them.
    func asked(by node: Jobs, _ count: JobCount, embedded: inout [String: Double]) -> JobTokens {
        guard let windows = node.embeds else {
            return node.tokens.times(count.first.value) + node.controlTokens.times(count.controls.value)
        }
        // Each text is embedded once for all that need it: windows of the test side, which is half of all text, and explanations.
        guard let reservoir = reservoirs.first(where: { $0.id == node.reservoir }), let model = node.model else {
            return JobTokens()
        }
        let latents = node.explainers.isEmpty ? 0 : count.first.value / Double(node.explainers.count)
        let place = "\(model) \(reservoir.id)"
        let wanted = min(latents * windows * Double(reservoir.settings.window), tokens / 2)
        let further = max(0, wanted - embedded[place, default: 0])
        embedded[place, default: 0] += further
        var result = JobTokens()
        result.calls = count.first.value
        result.sent = further + count.first.value * PromptSizes.explanation
        return result
    }
}

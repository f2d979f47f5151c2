import Foundation
import Scoring
import StateNotes

/// The tables of a report about the cost of scores: tokens by method, questions not asked, money by model.
struct CostTable {
    let report: RunReport
    var width = Int.max

    /// The tables; empty ones are left out.
    var lines: [String] { tokens + sequential + spent }

    private var tokens: [String] {
        let rows = report.summaries.compactMap { summary -> [String]? in
            let cost = summary.cost
            guard let each = cost.perExplanation, cost.tokensIn > 0 else { return nil }
            return [
                summary.name, summary.method, "\(cost.explanations)", count(each.tokensIn), count(each.cached),
                count(each.tokensOut), count(cost.paper?.tokensIn), count(cost.paper?.cacheable),
                count(cost.paper?.tokensOut),
            ]
        }
        guard !rows.isEmpty else { return [] }
        let heading = [
            "scorer", "method", "latents", "in", "cached", "out", "paper: in", "cacheable", "out",
        ]
        return ["", "TOKENS PER LATENT, beside those of the paper's Table 1 for 100 examples"]
            + ReportTable.columns([heading] + rows, atLeast: [28, 12, 8, 9, 9, 9, 10, 10, 6], width: width)
    }

    private var sequential: [String] {
        var lines: [String] = []
        for summary in report.summaries where !summary.cost.verdicts.isEmpty {
            let cost = summary.cost
            let verdicts = cost.verdicts.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }
            let asked =
                cost.available > 0
                ? String(format: "; %.1f %% of the questions asked", 100 * Double(cost.asked) / Double(cost.available))
                : ""
            lines.append("  \(summary.name): \(verdicts.joined(separator: ", "))\(asked)")
            for (gate, number) in cost.settled.sorted(by: { $0.key < $1.key }) {
                lines.append("    \(number) settled by \(gate), without a judge: they have no value in the means above")
            }
        }
        guard !lines.isEmpty else { return [] }
        return [
            "",
            "ASKED ONLY UNTIL ENOUGH WAS KNOWN (intervals hold whenever one stops; values are corrected for stopping at a verdict,",
            "  not for stopping at a width, by which they are up to .013 too far from .5 in simulation)",
        ] + lines
    }

    private var spent: [String] {
        guard !report.spent.isEmpty else { return [] }
        let rows = report.spent.sorted { $0.key < $1.key }.map { model, spend in
            [
                model, "\(spend.calls)", "\(spend.tokensIn)", "\(spend.tokensCached)", "\(spend.tokensOut)",
                spend.cost.map { String(format: "%.4f", $0) } ?? "no price",
            ]
        }
        let heading = ["model", "calls", "tokens in", "cached", "tokens out", "cost"]
        return ["", "SPENT ON SERVERS, over all starts, failed attempts and controls among it"]
            + ReportTable.columns([heading] + rows, atLeast: [20, 9, 12, 12, 12, 10], width: width) + saved
    }

    /// What caches and batches have saved, in tokens and, with prices, in money.
    private var saved: [String] {
        report.spent.sorted { $0.key < $1.key }.flatMap { model, spend -> [String] in
            var lines: [String] = []
            if let saved = spend.savedByCache {
                lines.append(
                    "  \(model): caching saved \(money(saved)): \(spend.tokensCached) of the tokens sent were in the server's cache"
                )
            }
            if let tokens = spend.tokensBatched {
                let saved = spend.savedByBatches.map { " saved \(money($0))" } ?? ", without a price"
                lines.append("  \(model): batches\(saved): \(tokens) tokens, sent and answered with, went by them")
            }
            return lines
        }
    }

    private func money(_ amount: Double) -> String { String(format: "%.4f", amount) }

    private func count(_ value: Double?) -> String { value.map { "\(Int($0.rounded()))" } ?? "n/a" }
    private func count(_ value: Int?) -> String { value.map(String.init) ?? "n/a" }
}

import Dataflow
import Elements
import Scoring
import StateNotes
import Statistics
import TerminalText

/// The tables of a report after the scores: means, agreement of scorers, firing rates, activity, latents left out.
struct ReportStatistics {
    let report: RunReport
    var width = Int.max
    var areBySource = false

    /// The tables; empty ones are left out.
    var lines: [String] {
        means + CurrentSummary.lines(of: report.summaries, width: width) + AgainSummary.lines(of: report.again)
            + correlations
            + ComparisonTable(report.nodeComparisons, width: width).lines + rates
            + strengths + layers
            + ActivityTables(evidence: report.evidence, areBySource: areBySource, width: width).lines + skipped
    }

    private var means: [String] {
        let rows = report.summaries.compactMap { summary in
            summary.means.map { means in
                [
                    summary.name, means.macro.text, means.micro.text,
                    means.firingWeighted?.text ?? "n/a",
                ]
            }
        }
        guard !rows.isEmpty else { return [] }
        return [
            "",
            "MEANS over latents, over observations and over firings (95 %)",
        ]
            + ReportTable.columns(
                [["scorer", "macro", "micro", "by firing rate"]] + rows, atLeast: [28, 18, 18, 18], width: width)
            + bases
    }

    /// The basis of the intervals, in one line if it is the same for all scorers.
    private var bases: [String] {
        let summaries = report.summaries.filter { $0.means != nil }
        let bases = Set(summaries.map(\.intervalBasis))
        if bases.count == 1 { return bases.map { "  intervals by \($0)" } }
        return summaries.map { "  intervals of \($0.name) by \($0.intervalBasis)" }
    }

    private var correlations: [String] {
        guard !report.comparisons.isEmpty else { return [] }
        return ["", "AGREEMENT OF SCORERS (Spearman, Pearson over the latents that both have scored)"]
            + report.comparisons.map { pair in
                "  \(pair.scorers.0) ~ \(pair.scorers.1): \(FigureText.number(pair.spearman)), \(FigureText.number(pair.pearson)) over "
                    + "\(pair.latents) latents" + (pair.isOfSameExplanations ? "" : ", by different explanations")
            }
    }

    private var rates: [String] {
        let deciles = report.summaries.concurrentMap(RateDecile.all)
        let rows = zip(report.summaries, deciles).compactMap { summary, deciles in
            deciles.isEmpty ? nil : [summary.name] + deciles.map { FigureText.number($0.mean.value) }
        }
        guard !rows.isEmpty else { return [] }
        let heading = ["scorer"] + (1...10).map(String.init)
        return ["", "MEAN SCORE BY TENTH OF FIRING RATE (1 fires least often)"]
            + ReportTable.columns([heading] + rows, atLeast: [28] + [Int](repeating: 6, count: 10), width: width)
    }

    private var strengths: [String] {
        let deciles = report.summaries.map { ($0.name, StrengthDecile.all(of: $0)) }.filter { !$0.1.isEmpty }
        guard let most = deciles.map({ $0.1.map(\.decile).max() ?? 0 }).max() else { return [] }
        let rows = deciles.map { name, deciles in
            [name]
                + (1...max(most, 1)).map { tenth in
                    FigureText.number(deciles.first { $0.decile == tenth }?.mean.value)
                }
        }
        let heading = ["scorer"] + (1...max(most, 1)).map(String.init)
        return ["", "SHARE FOUND BY TENTH OF STRENGTH (1 is the strongest)"]
            + ReportTable.columns([heading] + rows, atLeast: [28] + [Int](repeating: 6, count: most), width: width)
    }

    private var layers: [String] {
        report.layerTrends.flatMap { trend in
            [
                "",
                "\(trend.method.uppercased()) BY LAYER (Spearman of score and layer \(FigureText.number(trend.spearman)))",
            ]
                + ReportTable.columns(
                    [["hookpoint", "scorer", "latents", "mean"]]
                        + trend.layers.map { [$0.hookpoint, $0.scorer, "\($0.latents)", $0.mean.text] },
                    atLeast: [20, 28, 8, 18], width: width)
        }
    }

    private var skipped: [String] {
        guard !report.skipped.isEmpty else { return [] }
        var lines = ["", "LATENTS WITHOUT A SCORE"]
        for skipped in report.skipped {
            let failed = report.jobs.first { $0.node == skipped.node && $0.state == "failed" }?.count ?? 0
            lines.append(
                "  \(skipped.node), of \(skipped.taken): \(skipped.dead) dead, \(skipped.tooFew) too few windows or nothing "
                    + "in common, \(skipped.tooFewHeldOut) none held out, \(skipped.tooDense) too dense, \(failed) failed"
            )
        }
        return lines
    }
}

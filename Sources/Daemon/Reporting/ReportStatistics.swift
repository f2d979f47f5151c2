import Elements
import Foundation
import Scoring

/// The tables of a report behind the scores: other means, agreement of scorers, firing rates, activity, latents left out.
struct ReportStatistics {
    let report: RunReport

    /// The tables; those that have nothing to say are left out.
    var lines: [String] { means + correlations + rates + skipped }

    private var means: [String] {
        let rows = report.summaries.compactMap { summary in
            summary.means.map { means in
                [
                    summary.name, figure(means.macro), figure(means.micro),
                    means.firingWeighted.map(figure) ?? "n/a",
                ]
            }
        }
        guard !rows.isEmpty else { return [] }
        return [
            "",
            "MEANS over latents, over observations and over firings (95 %, resampling latents; what they share is not in it)",
        ] + ReportTable.columns([["scorer", "macro", "micro", "by firing rate"]] + rows, atLeast: [28, 18, 18, 18])
    }

    private var correlations: [String] {
        guard !report.comparisons.isEmpty else { return [] }
        return ["", "AGREEMENT OF SCORERS (Spearman, Pearson over the latents that both have scored)"]
            + report.comparisons.map { pair in
                "  \(pair.scorers.0) ~ \(pair.scorers.1): \(signed(pair.spearman)), \(signed(pair.pearson)) over "
                    + "\(pair.latents) latents" + (pair.isOfSameExplanations ? "" : ", by different explanations")
            }
    }

    private var rates: [String] {
        let rows = report.summaries.compactMap { summary -> [String]? in
            let deciles = RateDecile.all(of: summary)
            return deciles.isEmpty ? nil : [summary.name] + deciles.map { ReportTable.number($0.mean.value) }
        }
        guard !rows.isEmpty else { return [] }
        let heading = ["scorer"] + (1...10).map(String.init)
        return ["", "MEAN SCORE BY TENTH OF FIRING RATE (1 fires least often)"]
            + ReportTable.columns([heading] + rows, atLeast: [28] + [Int](repeating: 6, count: 10))
    }

    private var skipped: [String] {
        var lines: [String] = []
        for note in report.evidence {
            guard let activity = note.activity, note.latents > 0 else { continue }
            func share(_ count: Int) -> String { String(format: "%.1f %%", 100 * Double(count) / Double(note.latents)) }
            let decades = activity.decades.enumerated().map { "10^\($0.offset): \($0.element)" }
            lines += [
                "",
                "ACTIVITY of \(note.node): \(share(activity.never)) of \(note.latents) latents never fired, "
                    + "\(share(activity.atMost200)) at most 200 times",
                "  latents by tokens fired at, from  " + decades.joined(separator: "  "),
            ]
        }
        guard !report.skipped.isEmpty else { return lines }
        lines += ["", "LATENTS WITHOUT A SCORE"]
        for skipped in report.skipped {
            let failed = report.jobs.first { $0.node == skipped.node && $0.state == "failed" }?.count ?? 0
            lines.append(
                "  \(skipped.node), of \(skipped.taken): \(skipped.dead) dead, \(skipped.tooFew) too few windows or nothing "
                    + "in common, \(skipped.tooFewHeldOut) none held out, \(skipped.tooDense) too dense, \(failed) failed"
            )
        }
        return lines
    }

    private func figure(_ estimate: Estimate) -> String {
        "\(ReportTable.number(estimate.value)) \(ReportTable.interval(estimate))"
    }

    private func signed(_ value: Double?) -> String { ReportTable.number(value) }
}

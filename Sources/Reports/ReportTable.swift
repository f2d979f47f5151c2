import Elements
import Scoring
import StateNotes
import Statistics
import Store
import TerminalText

/// A report as text for a terminal.
public struct ReportTable {
    private let report: RunReport
    private let best: Int
    private let width: Int
    private let areBySource: Bool
    private let passages: [String: [Int: String]]

    /// Makes a table that lists the `best` best and worst latents of each method, in lines of `width` columns, at least 60.
    ///
    /// What is longer goes on in the next line; only passages are cut, with `…` where they are.
    ///
    /// - Parameters:
    ///   - areBySource: Adds how often latents fired in each source.
    ///   - passages: Marked passages to show below the latents, by the name of the encode node and the latent.
    public init(
        report: RunReport, best: Int, width: Int, areBySource: Bool = false, passages: [String: [Int: String]] = [:]
    ) {
        self.areBySource = areBySource
        self.passages = passages
        self.report = report
        self.best = best
        self.width = max(60, width)
    }

    /// The text.
    public var text: String {
        // Explanations, reasons and names of sources come from models, servers and records.
        (evidence + methods + problems).map(PlainText.line).flatMap { WrappedText.lines($0, width: width) }
            .joined(separator: "\n")
    }

    private var evidence: [String] {
        report.evidence.flatMap { note in
            let seen = "\(note.totals.tokens) tokens, \(note.totals.windows) windows"
            let places = report.shares.isEmpty ? "" : ", in \(report.shares.count) shares"
            var lines = ["\(note.node)  \(seen), \(note.fired) of \(note.latents) latents have fired\(places)"]
            if let digest = note.digest {
                let marks = Self.marks(isGapAccepted: report.isGapAccepted, isMixed: report.isMixed)
                lines.append("  evidence_digest \(digest)\(marks)")
            } else {
                lines += shareDigests(of: note.node)
            }
            if let sample = note.sample?.note { lines.append("  \(sample)") }
            return lines
        }
    }

    /// The digests of shares that have none together, and why they have none.
    private func shareDigests(of node: String) -> [String] {
        let notes = report.shares.compactMap { share in
            share.evidence.first { $0.node == node }.map { (share: share, note: $0) }
        }
        let digests = notes.compactMap { share, note in
            note.digest.map { digest in
                "  evidence_digest \(digest) of \(share.name)"
                    + Self.marks(isGapAccepted: share.isGapAccepted, isMixed: share.isMixed)
            }
        }
        guard report.uneven.contains(node) else {
            return digests + ["  that of all is computed with --topology, which reads their evidence"]
        }
        let seen = notes.map { "\($0.share.name) \($0.note.totals.tokens)" }.joined(separator: ", ")
        return digests + [
            "  UNEVEN: not all have been told the same yet (tokens: \(seen)); tokens above are the least of them, and each latent is "
                + "counted in its own share"
        ]
    }

    private static func marks(isGapAccepted: Bool, isMixed: Bool) -> String {
        (isGapAccepted ? "  (inexact: records were skipped or counted twice)" : "")
            + (isMixed ? "  (mixed: computed by more than one CPU kernel)" : "")
    }

    private var methods: [String] {
        guard !report.summaries.isEmpty else {
            return ["", "no scores yet"]
                + ActivityTables(evidence: report.evidence, areBySource: areBySource, width: width).lines
                + MeaningTable(summaries: report.meanings, best: best, width: width).lines
        }
        var lines = [
            "", "SCORES (balanced accuracy, for \(Self.areas) AUROC; chance is .50), each with its controls",
        ]
        for method in Set(report.summaries.map(\.method)).sorted() {
            if let note = ScoringMethods.named(method)?.scale.note { lines.append("  \(method): \(note)") }
        }
        lines += DrawnResults.lines(report.drawn)
        let heading = [
            "node", "method", "explained by", "latents", "mean", "95 %", "25 %", "median", "75 %", "AUROC", "failed",
            "tokens",
        ]
        let rows = scoreRows([heading] + report.summaries.map(cells))
        lines += rows.prefix(1).flatMap(\.self)
        for (summary, row) in zip(report.summaries, rows.dropFirst()) {
            lines += row
            if summary.areAreas {
                lines.append("    mean, quartiles and controls are AUROC: the judge gives probabilities")
            }
            if report.human[summary.explainedBy] != nil {
                lines.append("    persons gave the explanations, and may have read the windows that they are scored on")
            }
            if let leaning = summary.leaning { lines.append(leaning.line) }
            lines += summary.calibrated?.lines ?? []
            lines += summary.controls.map(Self.control)
            lines += summary.tiers.map(\.line)
            if let heldOut = summary.heldOut { lines.append("    held out: \(heldOut.line)") }
        }
        lines += ReportStatistics(report: report, width: width, areBySource: areBySource).lines
        lines += CostTable(report: report, width: width).lines
        lines += MeaningTable(summaries: report.meanings, best: best, width: width).lines
        for summary in report.summaries where best > 0 && !summary.scores.isEmpty {
            let name = "\(summary.method) of \(summary.explainedBy)"
            let shown = min(best, summary.scores.count)
            lines += ["", "\(name): the best \(shown) of \(summary.scores.count)"]
            lines += summary.best(best).flatMap { self.lines(of: $0, in: summary) }
            let worst = summary.worst(best)
            if !worst.isEmpty {
                lines += ["\(name): the worst \(worst.count) of \(summary.scores.count)"]
                lines += worst.flatMap { self.lines(of: $0, in: summary) }
            }
        }
        return lines
    }

    /// The methods whose headline is an area.
    private static let areas = ScoringMethods.all.filter { $0.scale.figure == .area }.map { $0.name }
        .joined(separator: " and ")

    private var problems: [String] {
        var lines: [String] = []
        for job in report.jobs where job.state != "done" {
            lines.append("\(job.count) jobs of \(job.node) are \(job.state)")
            if job.state == "open", report.isBudgetSpent {
                lines.append("  budget spent: \(job.count) jobs wait for a start with a larger `budget`")
            }
            guard job.state == "failed" else { continue }
            let reasons = report.failures.filter { $0.node == job.node }
            lines += reasons.prefix(3).map { "  \($0.line)" }
            if reasons.count > 3 { lines.append("  … and \(reasons.count - 3) more reasons") }
        }
        for damage in report.segments.damaged {
            lines.append(
                "DAMAGED: the evidence of \(damage.node) stored with checkpoint \(damage.epoch) (\(damage.reason)); the figures of "
                    + "evidence above are those from before, and no run can go on with it: restore a backup")
        }
        if report.segments.unchecked > 0 {
            lines.append(
                "\(report.segments.unchecked) of \(report.segments.unchecked + report.segments.sound) segments of evidence "
                    + "could not be verified: an older version stored them without a checksum")
        }
        for (code, count) in report.deadLetters.sorted(by: { $0.key < $1.key }) {
            lines.append("\(count) records were refused: \(code)")
        }
        return lines.isEmpty ? [] : [""] + lines
    }

    private static let listing = TextTable(minimumWidths: [16, 29, 14], gap: 2, widening: .row)

    /// A score, the passage in which its latent fires most strongly, and some of the texts that were written for it, if
    /// there are any.
    private func lines(of score: Score, in summary: ScoreSummary) -> [String] {
        let margin = "      "
        let doubts = summary.doubts(about: score)
        let doubt = doubts.isEmpty ? [] : ["\(margin)! \(doubts.joined(separator: "; "))"]
        let passage = passages[score.coder.name]?[score.latent].map {
            margin + PassageLine.cut($0, to: width - margin.count)
        }
        return line(score, summary.ownControls[score.latent]) + doubt + (passage.map { [$0] } ?? [])
            + report.written.lines(of: score.job, width: width)
    }

    /// A latent with its score, that of its own control, and what is said of it, which goes on below itself.
    private func line(_ score: Score, _ control: Score?) -> [String] {
        let figures =
            score.headline.map {
                "\($0.text) n=\(score.judged) f=\(score.failed)"
            } ?? "?"
        let other = control.flatMap { control in
            control.headline.map { "\(control.control ?? "control") \(FigureText.number($0.value))" }
        }
        let cells = ["\(score.coder.name)/\(score.latent)", figures] + (other.map { [$0] } ?? [])
        let start = Self.listing.lines(of: [cells]).joined()
        let text = PlainText.line(score.text)
        // A description that would have little room beside the figures stands below them.
        guard start.count + min(text.count, Self.leastRoom) <= width else {
            return [start] + WrappedText.lines("    \(text)", width: width, hanging: 0)
        }
        return WrappedText.lines(start + text, width: width, hanging: min(start.count - 2, width - Self.leastRoom))
    }

    /// The columns that a description has at least beside its figures.
    private static let leastRoom = 30

    private static func control(_ control: ControlSummary) -> String {
        guard let mean = control.mean else { return "    control \(control.name): not available (\(control.note))" }
        let count = control.latents > 0 ? " over \(control.latents) latents" : ""
        return "    control \(control.name): \(mean.text)\(count)"
    }

    private func cells(_ summary: ScoreSummary) -> [String] {
        [
            summary.node, summary.method, summary.explainedBy, "\(summary.scores.count)",
            FigureText.number(summary.mean),
            summary.means.map { FigureText.interval($0.macro.lower, $0.macro.upper) } ?? "n/a",
            FigureText.number(summary.quartiles?.lower),
            FigureText.number(summary.quartiles?.median), FigureText.number(summary.quartiles?.upper),
            FigureText.number(summary.medianAUROC), "\(summary.failedVerdicts)",
            summary.tokensPerLatent.map { "\(Int($0.rounded()))" } ?? "n/a",
        ]
    }

    private func scoreRows(_ cells: [[String]]) -> [[String]] {
        TextTable(minimumWidths: [12, 12, 14, 8, 7, 11, 6, 7, 6, 7, 7, 7]).fitted(cells, to: width)
    }

    /// Rows under their heading as lines whose columns are aligned.
    ///
    /// `widths` are the least widths. What is wider than the report goes on below its row.
    static func columns(_ rows: [[String]], atLeast widths: [Int], width: Int) -> [String] {
        TextTable(minimumWidths: widths).fitted(rows, to: width).flatMap(\.self)
    }
}

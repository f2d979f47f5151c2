import Elements
import TerminalText

/// The part of a report about latents of several meanings.
struct MeaningTable {
    let summaries: [MeaningSummary]
    /// How many latents are listed with their parts.
    let best: Int
    let width: Int

    /// The lines; none without a node that tells meanings apart.
    var lines: [String] { summaries.flatMap(lines) }

    private func lines(of summary: MeaningSummary) -> [String] {
        let most = max(summary.byClusters.keys.max() ?? 1, 1)
        let counts = (1...most).map { "\($0): \(summary.byClusters[$0] ?? 0)" }.joined(separator: ", ")
        var lines = [
            "", "MEANINGS BY \(summary.node) (clusters of the windows in which a latent fires)",
            "  latents by meanings \(counts); more than one: \(summary.several?.text ?? "n/a"), of those the median of the "
                + "effective number \(FigureText.number(summary.median))",
        ]
        if summary.unexplained > 0 { lines.append("  \(summary.unexplained) parts without an explanation") }
        let rows = summary.scorers.map { scorer in
            [
                scorer.node, scorer.method, "\(scorer.latents)", "\(scorer.parts)", scorer.together?.text ?? "n/a",
                scorer.apart?.text ?? "n/a", FigureText.number(scorer.inNoPart),
            ]
        }
        if !rows.isEmpty {
            lines += ReportTable.columns(
                [["node", "method", "latents", "parts", "together", "each part apart", "in no part"]] + rows,
                atLeast: [12, 12, 8, 6, 18, 18, 10], width: width)
        }
        return lines + summary.explanations.prefix(max(best, 0)).flatMap { self.lines(of: $0, in: summary) }
    }

    private func lines(of explanation: Explanation, in summary: MeaningSummary) -> [String] {
        guard let parts = explanation.parts else { return [] }
        let head =
            "  \(explanation.coder.name)/\(explanation.latent)  \(FigureText.number(parts.meanings)) meanings, separation "
            + "\(FigureText.number(parts.separation)), rest \(FigureText.number(parts.rest))"
        return [head]
            + parts.parts.enumerated().map { place, part in
                let scores = summary.figures(of: place, in: explanation).map {
                    "\($0.node) \(FigureText.number($0.figure.value))"
                }
                let start =
                    "    (\(place + 1)) \(FigureText.number(part.weight))  " + scores.map { $0 + "  " }.joined()
                let room = max(20, width - start.count)
                let text = PlainText.line(part.text)
                return start + (text.count > room ? text.prefix(room - 1) + "…" : text[...])
            }
    }
}

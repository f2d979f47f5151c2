import Elements
import Foundation
import StateNotes

/// The tables of a report that say how often latents fire: in all, by the length of the context and by source.
struct ActivityTables {
    let evidence: [EvidenceNote]
    let areBySource: Bool
    var width = Int.max

    var lines: [String] { evidence.flatMap { activity(of: $0) + (areBySource ? sources(of: $0) : []) } }

    private func share(_ count: Int, of note: EvidenceNote) -> String {
        String(format: "%.1f %%", 100 * Double(count) / Double(max(note.latents, 1)))
    }

    private func activity(of note: EvidenceNote) -> [String] {
        guard let activity = note.activity, note.latents > 0 else { return [] }
        let decades = activity.decades.enumerated().map { "10^\($0.offset): \($0.element)" }
        var lines = [
            "",
            "ACTIVITY of \(note.node): \(share(activity.never, of: note)) of \(note.latents) latents never fired, "
                + "\(share(activity.atMost200, of: note)) at most 200 times",
            "  latents by tokens fired at, from  " + decades.joined(separator: "  "),
        ]
        guard let breakdown = note.breakdown, breakdown.lengths.count > 1 else { return lines }
        lines.append(
            "  counting only the first tokens of each context (never fired, at most 200 times)"
                + rest(of: note, breakdown))
        lines += breakdown.lengths.map { length in
            "    \(length.length.map(String.init) ?? "all"): \(share(length.never, of: note)), "
                + "\(share(length.atMost200, of: note)) over \(length.tokens) tokens"
        }
        return lines
    }

    private func rest(of note: EvidenceNote, _ breakdown: ActivityBreakdown) -> String {
        breakdown.tokens < note.totals.tokens
            ? "; only \(breakdown.tokens) of \(note.totals.tokens) tokens are counted so, an older version read the others"
            : ""
    }

    private func sources(of note: EvidenceNote) -> [String] {
        guard let breakdown = note.breakdown else {
            return ["", "SOURCES of \(note.node): not available (no tokens have been counted by source)"]
        }
        func name(_ source: ActivityBreakdown.Source) -> String { source.name.isEmpty ? "(unnamed)" : source.name }
        let rows = breakdown.sources.map { source in
            [
                name(source), "\(source.tokens)", share(source.never, of: note), share(source.atMost200, of: note),
            ]
        }
        let told = breakdown.sources.reduce(0) { $0 &+ $1.tokens }
        let others =
            told < breakdown.tokens
            ? ["  \(breakdown.tokens - told) tokens are of further sources, which are not told apart"] : []
        var lines =
            ["", "SOURCES of \(note.node)" + rest(of: note, breakdown)]
            + ReportTable.columns(
                [["source", "tokens", "never fired", "at most 200"]] + rows, atLeast: [24, 12, 12, 12], width: width)
            + others
        guard !breakdown.differing.isEmpty else { return lines }
        let differing = breakdown.differing.map { latent in
            ["\(latent.latent)", String(format: "%.0f", latent.statistic)]
                + latent.rates.map { String(format: "%.4f %%", 100 * $0) }
        }
        lines += ["", "LATENTS of \(note.node) whose firing differs most by source (share of the source's tokens)"]
        lines += ReportTable.columns(
            [["latent", "2 ln L"] + breakdown.sources.map(name)] + differing,
            atLeast: [10, 10] + breakdown.sources.map { _ in 12 }, width: width)
        return lines
    }
}

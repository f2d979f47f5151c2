import Alignment
import Foundation
import SparseCoders
import TerminalText

/// An alignment as text for a terminal.
struct AlignmentTable {
    let a: SparseCoder
    let b: SparseCoder
    let alignment: CoderAlignment
    let labels: MatchedLabels
    /// The number of best and of worst pairs to list.
    let best: Int
    let width: Int

    var text: String { (heads + figures + overlap + lists).joined(separator: "\n") }

    private var heads: [String] {
        [("a", a), ("b", b)].map { name, coder in
            "\(name)  \(PlainText.line(coder.folder))  \(coder.latents) latents, width \(coder.inputWidth)"
        }
    }

    private var figures: [String] {
        let (decoder, encoder) = (alignment.decoder, alignment.encoder)
        func both(_ name: String, _ value: (SpaceAlignment) -> String) -> [String] {
            [name, value(decoder), value(encoder)]
        }
        let rows = [
            ["", "decoder", "encoder"],
            both("latents matched") { "\($0.pairs.count) of \($0.possible)" },
            both("mean matched cosine") { Self.number($0.mean) },
            both("matched above \(Self.number(alignment.threshold))") { space in
                Self.percent(space.pairs.count { $0.cosine > alignment.threshold }, of: space.possible)
            },
            both("mutual nearest neighbours") { Self.percent($0.mutualNearest, of: $0.possible) },
            both("rows of zeros, a and b") { "\($0.zeroA), \($0.zeroB)" },
            both("candidate pairs") { "\($0.candidates)" },
            both("other pairs could add at most") { $0.shortfall == 0 ? "0 (proven)" : Self.sum($0.shortfall) },
        ]
        return ["", "MATCHING (one to one, of largest total cosine among candidates)"]
            + rows.map { Self.line($0, widths: [33, 16, 16]) }
    }

    private var overlap: [String] {
        let rows = [
            ["above \(Self.number(alignment.threshold)) in both", share(alignment.shared)],
            ["the same partner in both", share(alignment.agreeing)],
            ["the same partner, above in both", share(alignment.agreeingAndShared)],
            [
                "mean decoder cosine",
                "\(Self.number(alignment.meanWhereAgreeing)) where the same, \(Self.number(alignment.meanWhereNot)) where not",
            ],
        ]
        return ["", "OVERLAP (decoder and encoder)"] + rows.map { Self.line($0, widths: [33, 16]) }
    }

    private func share(_ count: Int) -> String { Self.percent(count, of: alignment.possible) }

    private var lists: [String] {
        let sorted = alignment.pairs.sorted { ($0.decoderCosine, $1.a) > ($1.decoderCosine, $0.a) }
        guard best > 0, !sorted.isEmpty else { return [] }
        var lines = ["", "the best \(min(best, sorted.count)) by decoder cosine (= the same partner by encoder)"]
        lines += list(sorted.prefix(best))
        let rest = sorted.dropFirst(best)
        if !rest.isEmpty {
            lines += ["the worst \(min(best, rest.count)) by decoder cosine"] + list(rest.suffix(best))
        }
        return lines
    }

    private func list(_ pairs: some Sequence<CoderAlignment.MatchedPair>) -> [String] {
        let heading = Self.line(["a", "b", "decoder", "encoder"], widths: [9, 9, 9, 9])
        return [heading] + pairs.map(line)
    }

    private func line(_ pair: CoderAlignment.MatchedPair) -> String {
        let start = Self.line(
            [
                "\(pair.a)", "\(pair.b)", Self.number(pair.decoderCosine),
                Self.number(pair.encoderCosine) + (pair.agrees ? " =" : ""),
            ], widths: [9, 9, 9, 9])
        guard labels.areAny else { return start }
        let room = max(16, (width - 38 - 3) / 2)
        let sides = [labels.a?[pair.a], labels.b?[pair.b]].map { text in
            let text = text.map(PlainText.line) ?? "–"
            return text.count > room ? text.prefix(room - 1) + "…" : text[...]
        }
        let left = sides[0].padding(toLength: room, withPad: " ", startingAt: 0)
        return start.padding(toLength: 38, withPad: " ", startingAt: 0) + left + " | " + sides[1]
    }

    private static func line(_ cells: [String], widths: [Int]) -> String {
        TextTable(minimumWidths: widths, widening: .row, trimsRows: true).lines(of: [cells]).joined()
    }

    /// A cosine with two decimals and no leading zero; `n/a` if there is none.
    private static func number(_ value: Double?) -> String {
        guard let value else { return "n/a" }
        let text = String(format: "%.2f", value)
        if text == "-0.00" { return ".00" }
        if text.hasPrefix("-0.") { return "-" + text.dropFirst(2) }
        return text.hasPrefix("0.") ? String(text.dropFirst()) : text
    }

    private static func sum(_ value: Double) -> String {
        value < 0.01 ? "under .01" : String(format: "%.2f", value)
    }

    private static func percent(_ count: Int, of all: Int) -> String {
        all > 0 ? String(format: "%.1f %%", 100 * Double(count) / Double(all)) + " (\(count))" : "n/a"
    }
}

import Foundation
import LatentSheets
import TerminalText

/// Writes a sheet as lines for a terminal, in the order of the page.
struct SheetPrinter {
    /// How tokens at which a latent fires are set apart.
    enum Form {
        /// By brackets with a level from 1 to 4: `[date:4]`.
        case plain
        /// By the colours of a terminal with 256 of them.
        case coloured
    }

    /// The width of the terminal in columns.
    let width: Int
    let form: Form

    /// The lines; nothing in them steers a terminal but the colours of tokens.
    func lines(of sheet: LatentSheet) -> [String] {
        head(sheet) + sheet.labels.flatMap(label) + sheet.failures.map(failure) + activity(sheet.activity)
            + promotion(sheet.promotion) + neighbours(sheet.neighbours) + sheet.examples.flatMap(examples)
            + history(sheet) + provenance(sheet.provenance)
    }

    private func head(_ sheet: LatentSheet) -> [String] {
        var words = ["\(sheet.coder.name)/\(sheet.latent)", sheet.state.label]
        if sheet.coder.isRandom { words.append("(random direction, a control)") }
        if sheet.activity?.isDense == true { words.append("(dense)") }
        if sheet.labels.isEmpty { words.append("unscored") }
        return [plain(words.joined(separator: "  "))]
    }

    private func label(_ label: SheetLabel) -> [String] {
        var lines = wrapped("“\(label.text)”\(label.pinned == true ? " (pinned)" : "")", indent: 2)
        let model = label.model.map { ", \($0.split(separator: "/").last.map(String.init) ?? $0)" } ?? ""
        lines += wrapped(
            "by \(label.node): \(label.explainer)\(label.origin.map { ", \($0)" } ?? "")\(model), \(label.promptVersion), "
                + label.made, indent: 2)
        if let stale = label.stale {
            let remark = stale.isExplainedAgain ? "" : "; the topology does not have it explained again"
            lines += wrapped("~ stale: \(stale.text)\(remark)", indent: 2)
        }
        for part in label.parts {
            lines += wrapped("\(Int((100 * part.weight).rounded())) %: \(part.text)", indent: 4)
        }
        if label.scores.isEmpty { lines.append("    unscored") }
        for score in label.scores {
            var line = "    \(score.text)"
            if let control = score.control { line += "  \(control.name) \(FigureText.number(control.value))" }
            lines.append(plain(line))
            if !score.doubts.isEmpty { lines += wrapped("! \(score.doubts.joined(separator: "; "))", indent: 6) }
        }
        return lines
    }

    private func failure(_ failure: SheetFailure) -> String {
        plain("  ! \(failure.node) gave up (\(failure.kind), \(failure.attempts) attempts): \(failure.reason)")
    }

    private func activity(_ activity: SheetActivity?) -> [String] {
        guard let activity else { return ["", "no evidence yet"] }
        let density = activity.density.map { " = " + String(format: "%.1e", $0.value) } ?? ""
        var lines = [
            "",
            "fires on \(activity.tokensFired) of \(activity.tokens) tokens\(density), at most "
                + String(format: "%.2f", activity.maximum),
        ]
        if let first = activity.histogram.first, let last = activity.histogram.last {
            lines.append(
                "  \(Self.short(first.lower)) \(Self.bars(activity.histogram.map(\.count))) \(Self.short(last.upper))")
            lines += wrapped("(each bar twice as strong as the one before; heights are logarithms)", indent: 2)
        }
        return lines
    }

    private func promotion(_ promotion: SheetPromotion?) -> [String] {
        guard let promotion else { return [] }
        func list(_ tokens: [SheetPromotion.PromotedToken]) -> String {
            tokens.map { "“\($0.text)” \(String(format: "%.2f", $0.change))" }.joined(separator: "  ")
        }
        return wrapped("makes likelier: \(list(promotion.raised))", indent: 0)
            + wrapped("less likely: \(list(promotion.lowered))", indent: 0)
    }

    private func neighbours(_ neighbours: [SheetNeighbour]) -> [String] {
        guard !neighbours.isEmpty else { return [] }
        return ["", "near to it"]
            + neighbours.map { near in
                let measure = near.measure == .decoder ? "decoder" : "cofiring"
                let label = near.label.map { "\(near.score?.text ?? "unscored") “\($0)”" } ?? ""
                return cut(plain("  \(FigureText.number(near.similarity)) \(measure)  \(near.latent)  \(label)"))
            }
    }

    private func examples(_ group: ExampleGroup) -> [String] {
        ["", plain("\(group.title) (\(group.examples.count))")] + group.examples.map(example)
    }

    private func example(_ example: SheetExample) -> String {
        var words: [String] = []
        if let tenth = example.tenth { words.append("tenth \(tenth)") }
        if let tier = example.tier { words.append("silent, \(tier)") }
        if let verdict = example.verdict {
            let said = verdict.isYes.map { $0 ? "yes" : "no" } ?? "no verdict"
            words.append("judge \(said) \(verdict.isRight.map { $0 ? "✓" : "✗" } ?? "!")")
        }
        if let document = example.document { words.append("doc \(document)") }
        let tail = words.isEmpty ? "" : "  " + words.joined(separator: ", ")
        let peak = String(format: "%8.2f  ", example.peak)
        return peak + MarkedLine(form: form).text(of: example, room: max(20, width - 10 - tail.count)) + tail
    }

    private func history(_ sheet: LatentSheet) -> [String] {
        guard sheet.history.count > sheet.labels.count else { return [] }
        return ["", "history"]
            + sheet.history.map { change in
                let words = [change.reason, change.outcome].compactMap(\.self) + change.comparison
                return plain(
                    "  \(change.made)  \(change.node)  “\(change.text)”"
                        + (words.isEmpty ? "" : "  (\(words.joined(separator: "; ")))"))
            }
    }

    private func provenance(_ facts: [SheetFact]) -> [String] {
        guard !facts.isEmpty else { return [] }
        return [""] + facts.flatMap { wrapped("\($0.name): \($0.value)", indent: 0) }
    }

    /// A line no wider than the terminal.
    private func cut(_ line: String) -> String { line.count > width ? line.prefix(width - 1) + "…" : line }

    private func plain(_ text: String) -> String { PlainText.line(text) }

    /// The words of a text on lines no wider than the terminal.
    private func wrapped(_ text: String, indent: Int) -> [String] {
        let space = String(repeating: " ", count: indent)
        var lines: [String] = []
        var line = ""
        for word in PlainText.line(text).split(separator: " ", omittingEmptySubsequences: true) {
            if !line.isEmpty, line.count + 1 + word.count > width - indent {
                lines.append(space + line)
                line = ""
            }
            line += (line.isEmpty ? "" : " ") + word
        }
        return lines + [space + line]
    }

    private static func short(_ value: Double) -> String { String(format: value < 0.1 ? "%.1e" : "%.2g", value) }

    private static let blocks = Array("▁▂▃▄▅▆▇█")

    /// Bars of one character each; what is there is seen.
    private static func bars(_ counts: [UInt64]) -> String {
        let largest = log(Double(counts.max() ?? 0) + 1)
        return String(
            counts.map { count in
                guard count > 0, largest > 0 else { return " " }
                return blocks[min(Int(log(Double(count) + 1) / largest * Double(blocks.count)), blocks.count - 1)]
            })
    }
}

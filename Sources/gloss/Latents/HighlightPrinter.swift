import Foundation
import LatentSheets
import TerminalText

/// Writes highlights for somebody who has read nothing about Gloss.
struct HighlightPrinter {
    let width: Int
    let form: SheetPrinter.Form
    /// The address of the pages; `nil` if none are served.
    let address: String?

    /// The examples shown of each latent.
    static let examples = 2

    /// The lines before the first latent.
    func head(of choices: [Highlights.Choice], explained: Int, typical: Highlights.Typical?) -> [String] {
        guard !choices.isEmpty else {
            return wrapped(
                "None of the \(explained) latents that were explained has a description that can be relied on: more text may "
                    + "help, or a stronger explainer.")
        }
        let usual =
            typical.map { typical in
                let other = typical.control.map { ", by another latent's description \(Self.percent($0)) %" } ?? ""
                let value = Self.percent(typical.value)
                return "Of all \(typical.count) scores by \(typical.method) half are above \(value) %\(other). "
            } ?? ""
        let marks =
            form == .plain
            ? "tokens in [brackets:4] are those on which it fires, from 1 (weakly) to 4"
            : "coloured tokens are those on which it fires"
        return [""]
            + wrapped(
                "\(choices.count) of the \(explained) latents that were explained, those whose description held best on text that "
                    + "was set aside for the test. \(usual)A latent is one direction in what the model computes; \(marks); · in a "
                    + "description is a space, ⏎ a line end.")
    }

    /// A latent: what it is said to be, how that did, and where it fires.
    func lines(of choice: Highlights.Choice, _ sheet: LatentSheet?, place: Int) -> [String] {
        let number = String(repeating: " ", count: max(0, 2 - "\(place)".count)) + "\(place)"
        var lines = [""] + wrapped("\(number)  \(choice.label)", hanging: 4)
        lines += wrapped("    \(Self.sentence(about: choice.score, in: sheet))", hanging: 0)
        lines += examples(of: sheet).map { "    " + MarkedLine(form: form).text(of: $0, room: max(20, width - 4)) }
        if let address { lines.append("    \(address)l/\(choice.row.coder)/\(choice.row.latent)") }
        return lines
    }

    /// The strongest example, and one as they come.
    private func examples(of sheet: LatentSheet?) -> [SheetExample] {
        let top = sheet?.examples.first { $0.kind == .top }?.examples ?? []
        let random = sheet?.examples.first { $0.kind == .random }?.examples ?? []
        var shown = Array(top.prefix(1))
        for example in random + top.dropFirst() where shown.count < Self.examples {
            if !shown.contains(where: { $0.text == example.text }) { shown.append(example) }
        }
        return shown
    }

    /// What a score says, in words.
    static func sentence(about score: SheetScore, in sheet: LatentSheet?) -> String {
        guard let headline = score.headline else { return "unscored" }
        let details = sheet?.labels.flatMap(\.scores).first { $0.job == score.job }?.details ?? []
        let isArea = details.contains { $0.name == "auroc" && $0.value == headline.value }
        let interval = "\(percent(headline.lower))–\(percent(headline.upper)) %"
        var text =
            isArea
            ? "put a passage where it fires before one where it does not in \(percent(headline.value)) % of pairs [\(interval)]"
            : "right about \(percent(headline.value)) % of \(score.judged) passages [\(interval)]"
        if score.chance == 0.5 { text += "; chance 50 %" }
        if let control = score.control { text += "; another latent's description \(percent(control.value)) %" }
        return text
    }

    private static func percent(_ value: Double) -> Int { Int((100 * value).rounded()) }

    private func wrapped(_ text: String, hanging: Int = 0) -> [String] {
        WrappedText.lines(PlainText.line(text), width: max(40, width), hanging: hanging)
    }
}

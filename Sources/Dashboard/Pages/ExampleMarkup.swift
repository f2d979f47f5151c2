import LatentSheets
import TerminalText

/// Windows as pages show them: a token's strength is told by its colour and the line below it, and at once by a number if asked for.
enum ExampleMarkup {
    /// A group of examples.
    static func section(_ group: ExampleGroup, isOpen: Bool) -> Markup {
        Markup.element("details", ["class": "examples", "id": "examples-\(group.name)", "open": isOpen ? "" : nil]) {
            Markup.element("summary") {
                group.title
                Markup.element("span", ["class": "count"]) { " \(group.examples.count)" }
            }
            Markup.element("p", ["class": "note"]) { group.note }
            Markup.element("ol", ["class": "windows"]) { group.examples.map(item) }
        }
    }

    private static func item(_ example: SheetExample) -> Markup {
        Markup.element("li") {
            Markup.element("span", ["class": "about"]) {
                Markup.element("span", ["class": "peak", "data-field": "peak"]) { Words.value(example.peak) }
                if let tenth = example.tenth { Markup.element("span", ["class": "tag"]) { "tenth \(tenth)" } }
                if let tier = example.tier { Markup.element("span", ["class": "tag"]) { "silent, \(tier)" } }
                if let verdict = example.verdict { self.verdict(verdict) }
            }
            Markup.element("span", ["class": "window", "dir": "ltr"]) {
                example.pieces.enumerated().map { piece($1, at: $0, in: example) }
            }
            if let document = example.document {
                Markup.element("span", ["class": "document"]) { "document \(document)" }
            }
        }
    }

    private static func verdict(_ verdict: SheetExample.Verdict) -> Markup {
        let words = verdict.isYes.map { $0 ? "judge said yes" : "judge said no" } ?? "no verdict"
        let glyph = verdict.isRight.map { $0 ? "✓" : "✗" } ?? "!"
        let probability = verdict.probability.map { " (P \(FigureText.number($0)))" } ?? ""
        let right = verdict.isRight.map { $0 ? "right" : "wrong" } ?? "failed"
        return Markup.element("span", ["class": "verdict \(right)"]) { "\(glyph) \(words), \(right)\(probability)" }
    }

    private static func piece(_ piece: TokenPiece, at place: Int, in example: SheetExample) -> Markup {
        var classes: [String] = []
        if piece.level > 0 { classes.append("t\(piece.level)") }
        if place == example.peakPiece { classes.append("peak") }
        if example.marked.contains(place) { classes.append("marked") }
        if let peak = example.peakPiece, abs(place - peak) > 5 {
            classes.append(abs(place - peak) > 12 ? "far" : "off")
        }
        return Markup.element(
            "span",
            [
                "class": classes.isEmpty ? nil : classes.joined(separator: " "), "title": title(of: piece),
                "data-activation": piece.level > 0 ? Words.value(Double(piece.activation)) : nil,
            ]
        ) { piece.text }
    }

    private static func title(of piece: TokenPiece) -> String {
        let ids = piece.ids.map(String.init).joined(separator: " ")
        return "token \(ids)"
            + (piece.activation > 0 ? ", activation \(Words.value(Double(piece.activation)))" : ", silent")
    }
}

package import LatentSheets

/// An explanation that somebody tried, and what came of it.
package struct TriedText: Sendable, Hashable {
    /// The explanation.
    let text: String
    /// Its scores; `nil` if it was not tried.
    package let tried: TriedExplanation?
    /// Why it was not tried; `nil` if it was.
    package let refusal: String?

    /// One that was scored.
    package init(_ tried: TriedExplanation) {
        text = tried.text
        self.tried = tried
        refusal = nil
    }

    /// One that was not.
    package init(text: String, refusal: String) {
        self.text = text
        tried = nil
        self.refusal = refusal
    }

    /// What was found.
    var markup: Markup {
        Markup.element("div", ["class": "tried"]) {
            if let refusal { Markup.element("p", ["class": "failure"]) { "! \(refusal)" } }
            if let tried {
                if tried.scores.isEmpty { Markup.element("p", ["class": "unscored"]) { "unscored" } }
                Markup.element("table", ["class": "scores"]) { tried.scores.map { ScoreMarkup.row($0) } }
                tried.notes.map { note in Markup.element("p", ["class": "note"]) { note } }
                Markup.element("p", ["class": "note"]) { "Nothing of this is kept." }
            }
        }
    }
}

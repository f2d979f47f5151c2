import LatentSheets
import TerminalText

/// Scores as pages show them: method, value, interval, examples and failures, beside what nothing would give.
enum ScoreMarkup {
    /// A score in a line of a list; without one the word that says so.
    static func short(_ score: SheetScore?) -> Markup {
        guard let score else { return Markup.element("span", ["class": "unscored"]) { "unscored" } }
        return Markup.element("span", ["class": "score", "title": score.doubts.joined(separator: "; ")]) {
            Markup.element("span", ["class": "method"]) { score.method }
            " "
            value(of: score)
            if !score.doubts.isEmpty { Markup.element("span", ["class": "doubt"]) { " ⚠" } }
        }
    }

    /// All that is known of a score, on a row of a table.
    ///
    /// - Parameter link: The address of the score's own page, if there is one to go to.
    static func row(_ score: SheetScore, link: String? = nil) -> Markup {
        Markup.element("tr", ["data-node": score.node]) {
            Markup.element("th", ["scope": "row"]) {
                if let link {
                    Markup.element("a", ["href": link]) { score.method }
                } else {
                    score.method
                }
                Markup.element("span", ["class": "node"]) { score.node }
            }
            Markup.element("td", ["class": "number"]) { value(of: score) }
            Markup.element("td", ["class": "number", "data-field": "judged"]) { "n=\(score.judged)" }
            Markup.element("td", ["class": "number", "data-field": "failed"]) { "f=\(score.failed)" }
            Markup.element("td", ["class": "number", "data-field": "control"]) {
                if let control = score.control {
                    "\(control.name) \(FigureText.number(control.value))"
                } else {
                    "no control"
                }
            }
            Markup.element("td", ["class": "number"]) { score.chance.map { "chance \(FigureText.number($0))" } ?? "" }
            Markup.element("td", ["class": "doubt"]) {
                score.doubts.isEmpty ? "" : "⚠ \(score.doubts.joined(separator: "; "))"
            }
        }
    }

    /// The value with its interval; a score of which nothing could be judged has no number.
    private static func value(of score: SheetScore) -> Markup {
        guard let headline = score.headline else {
            return Markup.element("span", ["class": "failed"]) { "! nothing judged" }
        }
        return Markup.joined([
            Markup.element("b", ["data-field": "value"]) { FigureText.number(headline.value) },
            Markup.element("span", ["class": "interval"]) {
                " \(FigureText.interval(headline.lower, headline.upper))"
            },
        ])
    }
}

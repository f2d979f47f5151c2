import LatentSheets
import Store
import TerminalText

/// The page that tells how everything stands.
struct OverviewPage {
    let overview: Overview
    let links: PageLinks
    let topology: ShownTopology

    /// The whole page.
    var html: String {
        PageFrame(title: "Overview", links: links, place: .overview, topology: topology).page {
            Markup.element("h1") { "Overview" }
            if links.isServed {
                Markup.element("p", ["class": "live"]) {
                    Markup.element("span", ["id": "live"]) { "as of this request" }
                    " "
                    Markup.element("button", ["type": "button", "id": "pause", "hidden": ""]) { "Pause" }
                }
            }
            Markup.element("section", ["aria-label": "Latents by state", "data-refresh": "states"]) {
                overview.coders.map(coder)
            }
            scores
            Markup.element("div", ["class": "panes"]) {
                list(
                    "To look at first", overview.attention,
                    "what failed, then what is stale, then what scores worst by the upper end of its interval")
                list("Best", overview.best, "by the first score that each has")
            }
            failures
        }
    }

    private func coder(_ coder: Overview.Coder) -> Markup {
        Markup.element("article", ["class": "coder", "data-coder": coder.coder.name]) {
            Markup.element("h2") {
                coder.coder.name
                Markup.element("span", ["class": "node"]) {
                    " \(coder.coder.hookpoint), \(Words.count(coder.coder.latents)) latents"
                        + (coder.coder.isRandom ? ", random directions: a control" : "")
                        + (coder.tokens.map { ", \(Words.count($0)) tokens" } ?? "")
                }
            }
            Markup.element("ul", ["class": "states"]) {
                for count in coder.states {
                    Markup.element("li", ["class": "state \(count.state.rawValue)"]) {
                        Markup.element(
                            "a",
                            ["href": links.latents(["coder": coder.coder.name, "state": count.state.rawValue])]
                        ) {
                            "\(count.state.label) "
                            Markup.element("b", ["data-field": count.state.rawValue]) { Words.count(count.count) }
                        }
                    }
                }
            }
        }
    }

    @MarkupBuilder private var scores: Markup {
        if !overview.scores.isEmpty {
            Markup.element("section", ["aria-label": "Scores", "data-refresh": "scores"]) {
                Markup.element("h2") { "Scores" }
                Markup.element("div", ["class": "panes"]) {
                    // What is explained comes before what it is compared with.
                    for scores in overview.scores.filter({ !$0.isControl }) + overview.scores.filter(\.isControl) {
                        Markup.element("article", ["class": "pane"]) {
                            Markup.element("h3") {
                                "\(scores.node) of \(scores.explainedBy)"
                                Markup.element("span", ["class": "node"]) {
                                    " \(scores.method)" + (scores.isControl ? ", random directions" : "")
                                }
                            }
                            Markup.element("p") {
                                "mean "
                                Markup.element("b") { FigureText.number(scores.mean) }
                                ", median \(FigureText.number(scores.median)) of \(Words.count(scores.count)) latents"
                                scores.control.map { "; controls \(FigureText.number($0))" } ?? "; no control yet"
                                scores.randomCoder.map { "; random coder \(FigureText.number($0))" } ?? ""
                                scores.chance.map { "; chance \(FigureText.number($0))" } ?? ""
                            }
                            ScoreChart(scores).markup
                        }
                    }
                }
            }
        }
    }

    private func list(_ title: String, _ rows: [LatentRow], _ note: String) -> Markup {
        Markup.element("section", ["class": "pane", "aria-label": title]) {
            Markup.element("h2") { title }
            Markup.element("p", ["class": "note"]) { rows.isEmpty ? "Nothing has a score yet." : note }
            Markup.element("table", ["class": "latents"]) { rows.map { LatentRowMarkup.short($0, links) } }
        }
    }

    @MarkupBuilder private var failures: Markup {
        if !overview.failures.isEmpty {
            Markup.element("section", ["aria-label": "Failures"]) {
                Markup.element("h2") { "Failures" }
                Markup.element("p") {
                    let count = overview.failures.reduce(0) { $0 + $1.count }
                    Markup.element("a", ["href": links.failures]) { "\(Words.count(count)) jobs were given up" }
                }
            }
        }
    }
}

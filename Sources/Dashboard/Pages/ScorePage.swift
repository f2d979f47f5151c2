import LatentSheets
import Store
import TerminalText

/// The page of one score: what was asked, what was answered, and what that comes to.
struct ScorePage {
    let sheet: ScoreSheet
    let links: PageLinks
    let topology: ShownTopology

    private var title: String { "\(sheet.score.method) of \(sheet.key.written)" }

    /// The whole page.
    var html: String {
        PageFrame(title: title, links: links, place: .latents, topology: topology).page {
            heading
            Markup.element("section", ["class": "labels", "aria-label": "Score"]) {
                Markup.element("article", ["class": "label"]) {
                    Markup.element("h2") { sheet.text.isEmpty ? "Scored without an explanation" : sheet.text }
                    Markup.element("p", ["class": "origin"]) {
                        "explained by \(sheet.explainedBy), scored by \(sheet.score.node), "
                        Markup.element("time", ["datetime": sheet.made]) { SheetText.minute(sheet.made) }
                    }
                    Markup.element("table", ["class": "scores"]) { ScoreMarkup.row(sheet.score) }
                    Markup.element("p", ["class": "note"]) { sheet.figure }
                }
            }
            Markup.element("div", ["class": "panes"]) {
                verdicts
                figures
                cost
            }
            examples
        }
    }

    private var heading: Markup {
        Markup.element("div", ["class": "heading", "data-score": sheet.score.job]) {
            Markup.element("h1") {
                "\(sheet.score.method) of "
                Markup.element("a", ["href": links.latent(sheet.key), "rel": "up"]) { sheet.key.written }
            }
            if let control = sheet.controlName {
                Markup.element("span", ["class": "tag"]) { "a control: \(control)" }
            }
            if sheet.coder.isRandom { Markup.element("span", ["class": "tag"]) { "random direction, a control" } }
            PageTools(json: links.scoreJSON(sheet.score.job)).markup
        }
    }

    @MarkupBuilder private var verdicts: Markup {
        if let table = sheet.verdicts {
            Markup.element("section", ["class": "pane", "aria-label": "Verdicts"]) {
                Markup.element("h2") { "Verdicts" }
                Markup.element("table", ["class": "confusion"]) {
                    Markup.headings(["windows", "yes", "no", "failed", "right"])
                    row("firing", table.firing, right: table.firing.yes)
                    row("silent", table.silent, right: table.silent.no)
                    for (place, part) in table.byStrength.enumerated() {
                        row(strength(place, of: table.byStrength.count), part, right: part.yes)
                    }
                }
            }
        }
    }

    private func strength(_ place: Int, of count: Int) -> String {
        place == 0
            ? "firing, strongest" : place == count - 1 ? "firing, weakest" : "firing, part \(place + 1) of \(count)"
    }

    private func row(_ name: String, _ row: VerdictTable.Row, right: Int) -> Markup {
        Markup.element("tr", ["data-row": name]) {
            Markup.element("th", ["scope": "row"]) { name }
            for count in [row.yes, row.no, row.failed] {
                Markup.element("td", ["class": "number"]) { Words.count(count) }
            }
            Markup.element("td", ["class": "number"]) {
                let answered = row.yes + row.no
                answered > 0 ? FigureText.number(Double(right) / Double(answered)) : "?"
            }
        }
    }

    @MarkupBuilder private var figures: Markup {
        if !sheet.score.details.isEmpty {
            Markup.element("section", ["class": "pane", "aria-label": "Further figures"]) {
                Markup.element("h2") { "Further figures" }
                Markup.element("table") {
                    for figure in sheet.score.details {
                        Markup.element("tr", ["data-figure": figure.name]) {
                            Markup.element("th", ["scope": "row"]) {
                                figure.name.split(separator: "_").joined(separator: " ")
                            }
                            Markup.element("td", ["class": "number"]) { figure.text }
                            Markup.element("td", ["class": "number"]) { figure.count > 0 ? "n=\(figure.count)" : "" }
                        }
                    }
                }
            }
        }
    }

    private var cost: Markup {
        Markup.element("section", ["class": "pane", "aria-label": "Cost"]) {
            Markup.element("h2") { "Cost" }
            Markup.element("p") {
                sheet.tokensIn == 0 && sheet.tokensOut == 0
                    ? "No model was asked."
                    : "\(Words.count(sheet.tokensIn)) tokens sent"
                        + (sheet.tokensCached.map { ", of which \(Words.count($0)) were cached" } ?? "")
                        + ", \(Words.count(sheet.tokensOut)) answered."
            }
        }
    }

    @MarkupBuilder private var examples: Markup {
        if let group = sheet.examples {
            Markup.element("section", ["class": "all-examples", "aria-label": "Examples"]) {
                Markup.element("p", ["class": "controls", "hidden": ""]) {
                    Markup.element("button", ["type": "button", "data-toggle": "width"]) { "Context: window" }
                    Markup.element("button", ["type": "button", "data-toggle": "numbers"]) { "Numbers" }
                }
                ExampleMarkup.section(group, isOpen: true)
            }
        } else {
            Markup.element("p", ["class": "note"]) {
                "No verdicts are kept of this score: its method gives none by window, or an older version made it."
            }
        }
    }
}

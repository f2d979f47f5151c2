import LatentSheets
import Store
import TerminalText

/// The page of one latent.
struct LatentPage {
    let sheet: LatentSheet
    let links: PageLinks
    let topology: ShownTopology
    /// A text that was read for this look, and where the latent fires in it; `nil` if none was.
    let reading: TestedText?
    /// An explanation that was tried for this look; `nil` if none was.
    let trial: TriedText?

    /// Neighbours shown by each measure; the JSON has more.
    private static let nearest = 5

    private var key: LatentKey { LatentKey(coder: sheet.coder.name, latent: sheet.latent) }
    private var name: String { key.written }

    /// The whole page.
    var html: String {
        PageFrame(title: name, links: links, place: .latents, topology: topology).page {
            heading
            Markup.element("section", ["class": "labels", "aria-label": "Explanations and scores"]) {
                if sheet.labels.isEmpty { unexplained }
                sheet.labels.map(label)
                sheet.failures.map(failure)
            }
            Markup.element("div", ["class": "panes"]) {
                activity
                promotion
                neighbours
            }
            examples
            if links.isServed {
                test
                attempt
            }
            if topology.takesChanges { ChangesMarkup.of(sheet) }
            history
            provenance
        }
    }

    private var heading: Markup {
        Markup.element("div", ["class": "heading", "data-latent": name]) {
            Markup.element("h1") { name }
            Markup.element("span", ["class": "state \(sheet.state.rawValue)"]) { sheet.state.label }
            if let why = sheet.labels.compactMap(\.stale).first { Markup.element("b", ["class": "tag"]) { why.text } }
            if sheet.coder.isRandom { Markup.element("span", ["class": "tag"]) { "random direction, a control" } }
            if sheet.activity?.isDense == true {
                Markup.element("span", ["class": "tag"]) { "dense: fires on more than a tenth of all tokens" }
            }
            Markup.element("span", ["class": "steps"]) {
                if sheet.latent > 0 { step(sheet.latent - 1, "‹ \(sheet.latent - 1)", "prev") }
                if sheet.latent + 1 < sheet.coder.latents { step(sheet.latent + 1, "\(sheet.latent + 1) ›", "next") }
            }
            PageTools(json: links.json(key), offersCommand: links.isServed).markup
        }
    }

    private func step(_ latent: Int, _ text: String, _ relation: String) -> Markup {
        Markup.element("a", ["rel": relation, "href": links.latent(LatentKey(coder: key.coder, latent: latent))]) {
            text
        }
    }

    private var unexplained: Markup {
        Markup.element("p", ["class": "unscored"]) {
            sheet.state == .dead
                ? "It has not fired on any token so far." : "Nothing has been said of it yet: unscored."
        }
    }

    private func label(_ label: SheetLabel) -> Markup {
        Markup.element("article", ["class": "label", "data-node": label.node]) {
            Markup.element("h2") {
                label.text.isEmpty ? "Scored without an explanation" : label.text
                if label.origin != nil { Markup.element("span", ["class": "tag"]) { "given by a person" } }
                if label.pinned == true { Markup.element("span", ["class": "tag"]) { "pinned" } }
            }
            Markup.element("p", ["class": "origin"]) {
                "\(label.node): \(label.explainer)"
                label.model.map { ", \(SheetText.fileName($0))" } ?? ""
                ", \(label.promptVersion), made "
                Markup.element("time", ["datetime": label.made]) { SheetText.minute(label.made) }
                ", evidence up to checkpoint \(label.epoch)"
            }
            if !label.parts.isEmpty {
                Markup.element("ol", ["class": "parts"]) {
                    for part in label.parts {
                        Markup.element("li") { "\(part.text) (\(Int((100 * part.weight).rounded())) % of its mass)" }
                    }
                }
            }
            if label.scores.isEmpty {
                Markup.element("p", ["class": "unscored"]) { "unscored" }
            } else {
                Markup.element("table", ["class": "scores"]) {
                    label.scores.map { ScoreMarkup.row($0, link: links.isServed ? links.score($0.job) : nil) }
                }
            }
        }
    }

    private func failure(_ failure: SheetFailure) -> Markup {
        Markup.element("p", ["class": "failure"]) {
            "! \(failure.node) gave up a job (\(failure.kind)) after \(failure.attempts) attempts: \(failure.reason)"
        }
    }

    private var activity: Markup {
        Markup.element("section", ["class": "pane", "aria-label": "Activation"]) {
            Markup.element("h2") { "Activation" }
            if let activity = sheet.activity {
                Markup.element("p") {
                    "fires on "
                    Markup.element("b", ["data-field": "tokens_fired"]) { Words.count(activity.tokensFired) }
                    " of "
                    Markup.element("span", ["data-field": "tokens"]) { Words.count(activity.tokens) }
                    " tokens: "
                    Markup.element("b", ["data-field": "density"]) { Words.density(activity.density?.value) }
                    activity.density.map { " [\(Words.density($0.lower))–\(Words.density($0.upper))]" } ?? ""
                    ", at most "
                    Markup.element("b", ["data-field": "maximum"]) { Words.value(activity.maximum) }
                }
                if !activity.histogram.isEmpty { ActivityChart(activity).markup }
            } else {
                Markup.element("p") { "No evidence yet: it comes with the first checkpoint." }
            }
        }
    }

    @MarkupBuilder private var promotion: Markup {
        if let promotion = sheet.promotion {
            Markup.element("section", ["class": "pane", "aria-label": "Promoted and suppressed tokens"]) {
                Markup.element("h2") { "Makes likelier and less likely" }
                Markup.element("div", ["class": "columns"]) {
                    tokens(promotion.raised, "likelier")
                    tokens(promotion.lowered, "less likely")
                }
                PromotionChart(promotion).markup
            }
        }
    }

    private func tokens(_ tokens: [SheetPromotion.PromotedToken], _ caption: String) -> Markup {
        Markup.element("table", ["class": "tokens"]) {
            Markup.element("caption") { caption }
            for token in tokens {
                Markup.element("tr", ["class": token.standsOut ? "stands-out" : nil]) {
                    Markup.element("td", ["title": "token \(token.id)"]) { Markup.element("code") { token.text } }
                    Markup.element("td", ["class": "number"]) { SheetText.signed(token.change) }
                }
            }
        }
    }

    @MarkupBuilder private var neighbours: Markup {
        if !sheet.neighbours.isEmpty {
            Markup.element("section", ["class": "pane", "aria-label": "Neighbours"]) {
                Markup.element("h2") { "Neighbours" }
                for measure in [SheetNeighbour.Measure.decoder, .cofiring] {
                    let near = sheet.neighbours.filter { $0.measure == measure }.prefix(Self.nearest)
                    if !near.isEmpty {
                        Markup.element("table", ["class": "neighbours"]) {
                            Markup.element("caption") {
                                measure == .decoder
                                    ? "by decoder cosine" : "by the windows in which they fire (Jaccard)"
                            }
                            near.map(neighbour)
                        }
                    }
                }
            }
        }
    }

    private func neighbour(_ neighbour: SheetNeighbour) -> Markup {
        Markup.element("tr") {
            Markup.element("td", ["class": "number"]) { FigureText.number(neighbour.similarity) }
            Markup.element("td") {
                Markup.element("a", ["href": links.latent(LatentKey(coder: key.coder, latent: neighbour.latent))]) {
                    "\(neighbour.latent)"
                }
            }
            Markup.element("td") {
                if let label = neighbour.label {
                    ScoreMarkup.short(neighbour.score)
                    Markup.element("span", ["class": "said-of", "title": label]) { label }
                } else {
                    Markup.element("span", ["class": "unscored"]) { "nothing said yet" }
                }
            }
        }
    }

    @MarkupBuilder private var examples: Markup {
        if !sheet.examples.isEmpty {
            Markup.element("section", ["class": "all-examples", "aria-label": "Examples"]) {
                Markup.element("h2") { "Examples" }
                Markup.element("p", ["class": "controls", "hidden": ""]) {
                    Markup.element("button", ["type": "button", "data-toggle": "width"]) { "Context: window" }
                    Markup.element("button", ["type": "button", "data-toggle": "numbers"]) { "Numbers" }
                }
                legend
                sheet.examples.map { ExampleMarkup.section($0, isOpen: $0.kind == .top || $0.kind == .negatives) }
            }
        }
    }

    private var legend: Markup {
        Markup.element("p", ["class": "legend"]) {
            "share of its largest activation: "
            for (level, name) in [(1, "up to ¼"), (2, "up to ½"), (3, "up to ¾"), (4, "up to 1")] {
                Markup.element("span", ["class": "t\(level)"]) { name }
                " "
            }
            "; the strongest token of a window is boxed"
        }
    }

    private var test: Markup {
        Markup.element("section", ["class": "test", "id": "test", "aria-label": "Test a text"]) {
            Markup.element("h2") { "Test a text" }
            Markup.element("form", ["method": "get", "action": "\(links.latent(key))#test"]) {
                Markup.element(
                    "input",
                    [
                        "name": "text", "aria-label": "Text", "maxlength": "\(TestedText.longest)",
                        "value": reading?.text ?? "", "placeholder": "A text for the subject to read",
                    ])
                Markup.element("button") { "Read" }
            }
            if let reading { reading.markup }
        }
    }

    private var attempt: Markup {
        Markup.element("section", ["class": "test", "id": "try", "aria-label": "Try an explanation"]) {
            Markup.element("h2") { "Try an explanation" }
            Markup.element("form", ["method": "get", "action": "\(links.latent(key))#try"]) {
                Markup.element(
                    "input",
                    [
                        "name": "explanation", "aria-label": "Explanation",
                        "maxlength": "\(TriedExplanation.longest)", "value": trial?.text ?? "",
                        "placeholder": "What do you think it responds to?",
                    ])
                Markup.element("button") { "Score" }
            }
            if let trial { trial.markup }
        }
    }

    @MarkupBuilder private var history: Markup {
        if sheet.history.count > sheet.labels.count {
            Markup.element("section", ["aria-label": "History"]) {
                Markup.element("h2") { "History" }
                Markup.element("ol", ["class": "history"]) {
                    for change in sheet.history {
                        Markup.element("li") {
                            Markup.element("time", ["datetime": change.made]) { SheetText.minute(change.made) }
                            " \(change.node): \(change.text)"
                            SheetText.outcome(of: change).map { " (\($0))" } ?? ""
                        }
                    }
                }
            }
        }
    }

    @MarkupBuilder private var provenance: Markup {
        if !sheet.provenance.isEmpty {
            Markup.element("section", ["class": "provenance", "aria-label": "Provenance"]) {
                Markup.element("h2") { "What this rests on" }
                Markup.element("dl") {
                    for fact in sheet.provenance {
                        Markup.element("dt") { fact.name }
                        Markup.element("dd") { fact.value }
                    }
                }
            }
        }
    }
}

import LatentSheets
import Store

/// Latents as rows of tables.
enum LatentRowMarkup {
    /// The name, what is said of it and how it scores.
    static func short(_ row: LatentRow, _ links: PageLinks) -> Markup {
        Markup.element("tr") {
            Markup.element("td") { name(row, links) }
            Markup.element("td", ["class": "label"]) { label(row) }
            Markup.element("td", ["class": "number"]) { ScoreMarkup.short(row.score(by: nil)) }
        }
    }

    /// All columns of the list.
    ///
    /// - Parameter canBeMarked: Whether a box stands before the name, by which a form takes the latent.
    static func full(_ row: LatentRow, scorer: String?, canBeMarked: Bool = false, _ links: PageLinks) -> Markup {
        Markup.element("tr", ["data-latent": row.name]) {
            Markup.element("td", ["class": "name"]) {
                if canBeMarked {
                    Markup.element(
                        "input",
                        ["type": "checkbox", "name": "id", "value": row.name, "aria-label": "Mark \(row.name)"])
                    " "
                }
                name(row, links)
            }
            Markup.element("td", ["class": "state \(row.state.rawValue)", "title": row.stale?.text]) { row.state.label }
            Markup.element("td", ["class": "number"]) { Words.density(row.density) }
            Markup.element("td", ["class": "number"]) { row.maximum.map(Words.value) ?? "?" }
            Markup.element("td", ["class": "number"]) { ScoreMarkup.short(row.score(by: scorer)) }
            Markup.element("td", ["class": "label"]) { label(row) }
        }
    }

    private static func name(_ row: LatentRow, _ links: PageLinks) -> Markup {
        Markup.element("a", ["href": links.latent(row.key)]) { row.name }
    }

    private static func label(_ row: LatentRow) -> Markup {
        guard let label = row.label else { return Markup.element("span", ["class": "unscored"]) { "nothing said yet" } }
        guard let stale = row.stale else { return .text(label) }
        return Markup.element("span", ["data-field": "stale"]) {
            label
            Markup.element("span", ["class": "note"]) { " (\(stale.text))" }
        }
    }
}

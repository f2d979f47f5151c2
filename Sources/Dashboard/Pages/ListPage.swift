import LatentSheets
import Store

/// Latents that somebody has put together, named in the page's address.
struct ListPage {
    let rows: [LatentRow]
    /// What somebody wrote of a latent.
    let notes: [LatentKey: String]
    /// A text that the subject has read for each of them, and where each fires in it.
    let readings: [LatentKey: TestedText]
    /// The text; empty if none was read.
    let text: String
    let links: PageLinks
    let topology: ShownTopology

    /// The whole page.
    var html: String {
        PageFrame(title: "List", links: links, place: .latents, topology: topology).page {
            Markup.element("div", ["class": "heading"]) {
                Markup.element("h1") {
                    rows.count == 1 ? "List of one latent" : "List of \(Words.count(rows.count)) latents"
                }
                PageTools(json: links.latentsJSON(ids)).markup
            }
            if rows.isEmpty {
                Markup.element("p") {
                    "The address names no latent: mark some on "
                    Markup.element("a", ["href": links.latents()]) { "the list of latents" }
                    " and press the button below them, or write /list?id=codes/17&id=codes/23."
                }
            } else {
                test
                Markup.element("table", ["class": "latents wide"]) { rows.map(row) }
            }
        }
    }

    private var ids: [String] { rows.map(\.name) }

    private var test: Markup {
        Markup.element("section", ["class": "test", "id": "test", "aria-label": "Test a text"]) {
            Markup.element("h2") { "Test a text with all of them" }
            Markup.element("form", ["method": "get", "action": "/list#test"]) {
                for row in rows {
                    Markup.element("input", ["type": "hidden", "name": "id", "value": row.name])
                    if let note = notes[row.key] {
                        Markup.element("input", ["type": "hidden", "name": "note", "value": "\(row.name):\(note)"])
                    }
                }
                Markup.element(
                    "input",
                    [
                        "name": "text", "aria-label": "Text", "maxlength": "\(TestedText.longest)", "value": text,
                        "placeholder": "A text for the subject to read",
                    ])
                Markup.element("button") { "Read" }
            }
        }
    }

    private func row(_ row: LatentRow) -> Markup {
        .joined([
            LatentRowMarkup.full(row, scorer: nil, links),
            more(of: row.key),
        ])
    }

    @MarkupBuilder private func more(of key: LatentKey) -> Markup {
        if notes[key] != nil || readings[key] != nil {
            Markup.element("tr", ["class": "more"]) {
                Markup.element("td", ["colspan": "6"]) {
                    if let note = notes[key] { Markup.element("p", ["class": "note"]) { note } }
                    if let reading = readings[key] { reading.markup }
                }
            }
        }
    }
}

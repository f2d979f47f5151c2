import LatentSheets
import Store

/// The list of latents.
struct LatentsPage {
    let query: LatentQuery
    let found: LatentQuery.Found
    /// The names of all coders, and of all score nodes that have a score.
    let coders: [String]
    let scorers: [String]
    /// Whether a sentence encoder runs, by which labels are found that mean the same in other words.
    let canSearchByMeaning: Bool
    let links: PageLinks
    let topology: ShownTopology

    /// The whole page.
    var html: String {
        PageFrame(title: "Latents", links: links, place: .latents, topology: topology).page {
            Markup.element("h1") { "Latents" }
            if links.isServed { filters }
            Markup.element("p", ["class": "count", "data-field": "found"]) { count }
            if links.isServed {
                Markup.element("form", ["class": "marking", "method": "get", "action": "/list"]) {
                    table
                    if !found.rows.isEmpty {
                        Markup.element("button") { "Show those that are marked as a list" }
                    }
                }
            } else {
                table
            }
            if found.rows.isEmpty {
                Markup.element("p", ["class": "note"]) {
                    "No latent is like this: take out a filter, or search for fewer words."
                }
            }
            if links.isServed { pages }
        }
    }

    private var table: Markup {
        Markup.element("table", ["class": "latents wide"]) {
            Markup.element("thead") {
                Markup.element("tr") {
                    heading("latent", .latent)
                    Markup.element("th", ["scope": "col"]) { "state" }
                    heading("density", .density)
                    heading("maximum", .maximum)
                    heading("score", .score)
                    Markup.element("th", ["scope": "col"]) { "explanation" }
                }
            }
            Markup.element("tbody") {
                found.rows.map {
                    LatentRowMarkup.full($0, scorer: query.scorer, canBeMarked: links.isServed, links)
                }
            }
        }
    }

    private var count: String {
        let first = found.rows.isEmpty ? 0 : query.offset + 1
        let range = "\(Words.count(first))–\(Words.count(query.offset + found.rows.count))"
        return "\(range) of \(Words.count(found.count)) found, of \(Words.count(found.total)) latents"
    }

    private var filters: Markup {
        Markup.element("form", ["class": "filters", "method": "get", "action": "/latents"]) {
            field("words", "q", query.words, "search")
            if canSearchByMeaning { field("meaning", "like", query.meaning ?? "", "search") }
            choice("coder", "coder", [("", "any")] + coders.map { ($0, $0) }, query.coder ?? "")
            choice(
                "state", "state", [("", "any")] + LatentState.allCases.map { ($0.rawValue, $0.label) },
                query.states.count == 1 ? query.states.first?.rawValue ?? "" : "")
            choice("scored by", "scorer", [("", "the first")] + scorers.map { ($0, $0) }, query.scorer ?? "")
            field("score from", "min_score", query.leastScore.map { "\($0)" } ?? "", "text")
            field("to", "max_score", query.mostScore.map { "\($0)" } ?? "", "text")
            field("density up to", "max_density", query.mostDensity.map { "\($0)" } ?? "", "text")
            choice(
                "order", "sort", LatentQuery.Order.allCases.map { ($0.rawValue, $0.rawValue) }, query.order.rawValue)
            choice("", "desc", [("0", "ascending"), ("1", "descending")], query.isDescending ? "1" : "0")
            Markup.element("button") { "Show" }
        }
    }

    private func field(_ label: String, _ name: String, _ value: String, _ type: String) -> Markup {
        Markup.element("label") {
            label
            Markup.element(
                "input",
                [
                    "type": type, "name": name, "value": value,
                    "inputmode": type == "text" ? "decimal" : nil, "size": type == "text" ? "5" : nil,
                ])
        }
    }

    private func choice(_ label: String, _ name: String, _ options: [(String, String)], _ chosen: String) -> Markup {
        Markup.element("label") {
            label
            Markup.element("select", ["name": name, "aria-label": label.isEmpty ? "direction" : nil]) {
                for (value, text) in options {
                    Markup.element("option", ["value": value, "selected": value == chosen ? "" : nil]) { text }
                }
            }
        }
    }

    private func heading(_ name: String, _ order: LatentQuery.Order) -> Markup {
        let isOwn = query.order == order
        return Markup.element(
            "th",
            [
                "scope": "col",
                "aria-sort": isOwn ? (query.isDescending ? "descending" : "ascending") : nil,
            ]
        ) {
            if links.isServed {
                Markup.element(
                    "a", ["href": link(order: order, isDescending: isOwn && !query.isDescending, offset: 0)]
                ) { name + (isOwn ? (query.isDescending ? " ▼" : " ▲") : "") }
            } else {
                name
            }
        }
    }

    private var pages: Markup {
        Markup.element("p", ["class": "pages"]) {
            if query.offset > 0 {
                Markup.element("a", ["rel": "prev", "href": page(max(0, query.offset - query.limit))]) { "‹ before" }
            }
            if query.offset + found.rows.count < found.count {
                Markup.element("a", ["rel": "next", "href": page(query.offset + query.limit)]) { "after ›" }
            }
        }
    }

    private func page(_ offset: Int) -> String {
        link(order: query.order, isDescending: query.isDescending, offset: offset)
    }

    private func link(order: LatentQuery.Order, isDescending: Bool, offset: Int) -> String {
        links.latents([
            "q": query.words, "like": query.meaning ?? "", "coder": query.coder ?? "",
            "state": query.states.map(\.rawValue).sorted().first ?? "", "scorer": query.scorer ?? "",
            "min_score": query.leastScore.map { "\($0)" } ?? "", "max_score": query.mostScore.map { "\($0)" } ?? "",
            "max_density": query.mostDensity.map { "\($0)" } ?? "", "sort": order.rawValue,
            "desc": isDescending ? "1" : "0", "offset": "\(offset)", "limit": "\(query.limit)",
        ])
    }
}

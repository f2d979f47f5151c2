import Elements
import LatentSheets
import Reports
import Store
import TerminalText

/// Two nodes beside each other: coders, explainers, judges or methods; without two the pairs that there are.
struct ComparePage {
    /// The two nodes that are asked for; `nil` for all pairs.
    let nodes: (a: String, b: String)?
    let comparisons: [NodeComparison]
    let links: PageLinks
    let topology: ShownTopology

    /// The latents listed of a pair.
    private static let listed = 100

    /// The whole page.
    var html: String {
        PageFrame(title: "Compare", links: links, place: .compare, topology: topology).page {
            Markup.element("div", ["class": "heading"]) {
                Markup.element("h1") { nodes.map { "\($0.a) and \($0.b)" } ?? "Compare" }
                if nodes != nil {
                    Markup.element("a", ["href": links.compare(), "rel": "up"]) { "all pairs" }
                }
                PageTools(json: links.compareJSON(nodes)).markup
            }
            if comparisons.isEmpty {
                Markup.element("p") { "No two nodes have scores of the same latents yet." }
            } else if nodes == nil {
                pairs
            } else {
                comparisons.map(section)
            }
        }
    }

    private var pairs: Markup {
        Markup.element("table", ["class": "latents wide"]) {
            Markup.element("thead") {
                Markup.headings(["a", "b", "by", "latents", "mean a", "mean b", "a − b", "told from chance?"])
            }
            Markup.element("tbody") { comparisons.map(row) }
        }
    }

    private func row(_ comparison: NodeComparison) -> Markup {
        Markup.element("tr", ["data-kind": comparison.kind.rawValue]) {
            Markup.element("td") {
                Markup.element("a", ["href": links.compare(comparison.nodes)]) { comparison.nodes.a }
            }
            Markup.element("td") { comparison.nodes.b }
            Markup.element("td") { "\(comparison.common) (\(comparison.kind.rawValue))" }
            Markup.element("td", ["class": "number"]) { latents(comparison) }
            Markup.element("td", ["class": "number"]) { FigureText.number(comparison.means.a) }
            Markup.element("td", ["class": "number"]) { FigureText.number(comparison.means.b) }
            Markup.element("td", ["class": "number"]) { difference(comparison) }
            Markup.element("td") { told(comparison) }
        }
    }

    private func latents(_ comparison: NodeComparison) -> String {
        let (a, b) = comparison.latents
        return a == b ? Words.count(a) : "\(Words.count(a)), \(Words.count(b))"
    }

    private func difference(_ comparison: NodeComparison) -> String {
        comparison.difference.map { FigureText.difference($0.value, $0.lower, $0.upper) } ?? "n/a"
    }

    private func told(_ comparison: NodeComparison) -> String {
        guard let found = comparison.difference else { return "different figures" }
        return found.lower > 0 ? "a is higher" : found.upper < 0 ? "b is higher" : "not told"
    }

    private func section(_ comparison: NodeComparison) -> Markup {
        Markup.element("section", ["class": "comparison", "aria-label": "By \(comparison.common)"]) {
            Markup.element("h2") { "By \(comparison.common)" }
            Markup.element("p") {
                "\(comparison.nodes.a) "
                Markup.element("b", ["data-field": "mean_a"]) { FigureText.number(comparison.means.a) }
                ", \(comparison.nodes.b) "
                Markup.element("b", ["data-field": "mean_b"]) { FigureText.number(comparison.means.b) }
                ", difference "
                Markup.element("b", ["data-field": "difference"]) { difference(comparison) }
                ": \(told(comparison)); \(latents(comparison)) latents"
                outcomes(comparison)
            }
            if comparison.difference != nil {
                Markup.element("p", ["class": "note"]) { "Interval of 95 % by \(comparison.intervalBasis)." }
            }
            if !comparison.differences.isEmpty {
                Markup.element("p", ["class": "note"]) {
                    "They differ in "
                    comparison.differences.sorted { $0.key < $1.key }
                        .map { "\($0.key): \($0.value.joined(separator: " against "))" }.joined(separator: "; ")
                }
            }
            ScatterChart(comparison: comparison).markup
            disagreements(comparison)
        }
    }

    private func outcomes(_ comparison: NodeComparison) -> String {
        var text = ""
        if let outcomes = comparison.outcomes {
            text +=
                ", of which the first is higher at \(outcomes.wins), level at \(outcomes.ties), lower at \(outcomes.losses)"
        }
        if let spearman = comparison.spearman { text += "; Spearman's correlation \(FigureText.number(spearman))" }
        return text
    }

    @MarkupBuilder private func disagreements(_ comparison: NodeComparison) -> Markup {
        if !comparison.points.isEmpty {
            Markup.element("table", ["class": "latents wide"]) {
                Markup.element("caption") {
                    "Where they differ most first: \(min(Self.listed, comparison.points.count)) of \(comparison.points.count) "
                        + "latents"
                }
                Markup.headings(["latent", comparison.nodes.a, comparison.nodes.b, "explanation"])
                comparison.points.prefix(Self.listed).map(latent)
            }
        }
    }

    private func latent(_ point: ComparedPoint) -> Markup {
        let key = LatentKey(coder: point.coder, latent: point.latent)
        return Markup.element("tr", ["data-latent": key.written]) {
            Markup.element("td") { Markup.element("a", ["href": links.latent(key)]) { key.written } }
            for side in [point.a, point.b] {
                Markup.element("td", ["class": "number"]) {
                    Markup.element("a", ["href": links.score("\(side.job)")]) { FigureText.number(side.value) }
                }
            }
            Markup.element("td", ["class": "label"]) {
                point.a.text
                if point.b.text != point.a.text { Markup.element("p") { point.b.text } }
            }
        }
    }
}

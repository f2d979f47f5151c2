import Reports
import TerminalText

/// Latents by two scores as SVG: above the diagonal the second is higher, below it the first.
struct ScatterChart {
    let comparison: NodeComparison

    private static let size = 320.0
    private static let margin = 34.0
    /// The points that are drawn at most: more lie over each other.
    private static let most = 4000

    /// The figure; nothing if no latent has both.
    @MarkupBuilder var markup: Markup {
        if !comparison.points.isEmpty {
            Markup.element("figure", ["class": "chart scatter"]) {
                Markup.element("svg", ["viewBox": viewBox, "role": "img", "aria-label": title]) {
                    frame
                    for point in comparison.points.prefix(Self.most) { dot(point) }
                    label(comparison.nodes.a, x: Self.size / 2, y: Self.size + 28, "middle")
                    label(FigureText.number(range.lowerBound), x: 0, y: Self.size + 14, "start")
                    label(FigureText.number(range.upperBound), x: Self.size, y: Self.size + 14, "end")
                    label(comparison.nodes.b, x: -6, y: 12, "end")
                }
                Markup.element("figcaption") { title }
            }
        }
    }

    private var title: String {
        "Latents by their score with \(comparison.nodes.a) (across) and \(comparison.nodes.b) (up); on the line both are alike"
    }

    private var viewBox: String {
        let whole = Int(Self.size + Self.margin)
        return "-\(Int(3 * Self.margin)) -6 \(whole + Int(2 * Self.margin) + 12) \(whole + 6)"
    }

    /// From 0 to 1 where all scores lie there; else from the least to the largest.
    private var range: ClosedRange<Double> {
        let values = comparison.points.flatMap { [$0.a.value, $0.b.value] }
        let (least, largest) = (values.min() ?? 0, values.max() ?? 1)
        return least >= 0 && largest <= 1 ? 0...1 : least...max(largest, least + 1e-9)
    }

    private func place(_ value: Double) -> Double {
        Self.size * (value - range.lowerBound) / (range.upperBound - range.lowerBound)
    }

    private var frame: Markup {
        let (end, none) = ("\(Int(Self.size))", "0")
        return .joined([
            Markup.element("line", ["class": "axis", "x1": none, "x2": end, "y1": end, "y2": end]),
            Markup.element("line", ["class": "axis", "x1": none, "x2": none, "y1": none, "y2": end]),
            Markup.element("line", ["class": "mark", "x1": none, "x2": end, "y1": end, "y2": none]),
        ])
    }

    private func dot(_ point: ComparedPoint) -> Markup {
        Markup.element(
            "circle",
            [
                "class": "dot", "r": "3", "cx": SVGText.number(place(point.a.value)),
                "cy": SVGText.number(Self.size - place(point.b.value)),
            ]
        ) {
            Markup.element("title") {
                "\(point.coder)/\(point.latent): \(FigureText.number(point.a.value)) and \(FigureText.number(point.b.value))"
            }
        }
    }

    private func label(_ text: String, x: Double, y: Double, _ anchor: String) -> Markup {
        Markup.element("text", ["x": SVGText.number(x), "y": SVGText.number(y), "text-anchor": anchor]) { text }
    }
}

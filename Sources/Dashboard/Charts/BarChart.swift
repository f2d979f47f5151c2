/// A chart of bars as SVG, with its values as a table for whoever does not see it.
struct BarChart {
    /// A bar.
    struct Bar {
        /// What it is of, such as `.45–.50`.
        let name: String
        /// What it counts.
        let count: Double
        /// Whether it is set apart, such as negative values.
        var isOther = false
    }

    /// A line across the bars, told apart by its dashes and the text at its end.
    struct Line {
        /// The text.
        let name: String
        /// Where it stands, from 0 at the left to 1 at the right.
        let place: Double
        /// The class, by which it is dashed.
        let style: String
    }

    let title: String
    let bars: [Bar]
    /// Whether the heights are logarithms of counts.
    var isLogarithmic = false
    /// What stands below the left and the right end.
    let ends: (left: String, right: String)
    var lines: [Line] = []
    /// What the bars count, such as `tokens`.
    let unit: String

    private static let width = 360.0
    private static let height = 96.0
    private static let foot = 16.0
    /// Room above the bars for the names of lines.
    private static let head = 14.0

    /// The figure.
    var markup: Markup {
        Markup.element("figure", ["class": "chart"]) {
            Markup.element(
                "svg",
                [
                    "viewBox": viewBox, "role": "img",
                    "aria-label": title,
                ]
            ) {
                for (place, bar) in bars.enumerated() { rectangle(bar, at: place) }
                Markup.element(
                    "line",
                    [
                        "class": "axis", "x1": "0", "x2": SVGText.number(Self.width), "y1": SVGText.number(Self.height),
                        "y2": SVGText.number(Self.height),
                    ])
                for (place, line) in lines.enumerated() { self.line(line, at: place) }
                label(ends.left, at: 0, "start")
                label(ends.right, at: Self.width, "end")
            }
            Markup.element("figcaption") { title }
            Markup.element("details") {
                Markup.element("summary") { "as a table" }
                Markup.element("table") {
                    for bar in bars where bar.count > 0 {
                        Markup.element("tr") {
                            Markup.element("th", ["scope": "row"]) { bar.name }
                            Markup.element("td") { "\(Int(bar.count)) \(unit)" }
                        }
                    }
                }
            }
        }
    }

    private var viewBox: String {
        let top = lines.isEmpty ? 0 : Self.head
        let height = SVGText.number(top + Self.height + Self.foot)
        return "0 \(SVGText.number(-top)) \(SVGText.number(Self.width)) \(height)"
    }

    private var largest: Double { bars.map(\.count).max() ?? 0 }

    private func height(of count: Double) -> Double {
        guard count > 0, largest > 0 else { return 0 }
        let share = isLogarithmic ? Self.decades(count) / Self.decades(largest) : count / largest
        // What is there is seen.
        return max(1.5, Self.height * share)
    }

    /// How high one stands on a scale of decades on which 1 is a little above nothing.
    private static func decades(_ count: Double) -> Double {
        var (rest, decades) = (count, 0.3)
        while rest >= 10 { (rest, decades) = (rest / 10, decades + 1) }
        return decades + (rest - 1) / 9
    }

    private func rectangle(_ bar: Bar, at place: Int) -> Markup {
        let step = Self.width / Double(max(bars.count, 1))
        let height = height(of: bar.count)
        return Markup.element(
            "rect",
            [
                "class": bar.isOther ? "bar other" : "bar", "x": SVGText.number(step * Double(place) + 0.5),
                "width": SVGText.number(max(step - 1, 0.5)), "y": SVGText.number(Self.height - height),
                "height": SVGText.number(height),
            ]
        ) { Markup.element("title") { "\(bar.name): \(Int(bar.count)) \(unit)" } }
    }

    private func line(_ line: Line, at place: Int) -> Markup {
        let x = SVGText.number(Self.width * min(max(line.place, 0), 1))
        return Markup.joined([
            Markup.element(
                "line", ["class": "mark \(line.style)", "x1": x, "x2": x, "y1": "0", "y2": SVGText.number(Self.height)]),
            Markup.element(
                "text",
                // The first is named to its left and the next to its right, so that two near to each other can be read.
                ["class": "name", "x": x, "y": "-4", "text-anchor": place.isMultiple(of: 2) ? "end" : "start"]
            ) { line.name },
        ])
    }

    private func label(_ text: String, at x: Double, _ anchor: String) -> Markup {
        Markup.element(
            "text",
            ["class": "end", "x": SVGText.number(x), "y": SVGText.number(Self.height + 12), "text-anchor": anchor]
        ) { text }
    }
}

import PipelineSheets
import TerminalText

/// The graph of a topology as SVG: each node below all that it reads, arrows with what goes along them.
///
/// What it shows is in the table of nodes as well; edges differ by their dashes and their texts, not by colour.
struct PipelinePicture {
    let sheet: PipelineSheet

    private static let box = (width: 190.0, height: 62.0)
    private static let gap = (width: 26.0, height: 40.0)
    private static let line = 15.0

    /// A node's place: its row from above, and how far from the left.
    private struct Place {
        var row: Int
        var x: Double

        var top: Double { Double(row) * (box.height + gap.height) }
        var middle: Double { x + box.width / 2 }
    }

    /// The figure.
    var markup: Markup {
        let places = places
        return Markup.element("figure", ["class": "graph"]) {
            Markup.element(
                "svg",
                [
                    "viewBox": "0 0 \(SVGText.number(width(of: places))) \(SVGText.number(height(of: places)))",
                    "role": "img",
                    "width": SVGText.number(width(of: places)),
                    "aria-label": "The graph of \(sheet.topology), as in the table of nodes",
                ]
            ) {
                sheet.edges.compactMap { edge in
                    places[edge.from].flatMap { from in places[edge.to].map { arrow(edge, from, $0) } }
                }
                sheet.nodes.compactMap { node in places[node.id].map { picture(of: node, at: $0) } }
            }
        }
    }

    /// Rows by the longest way from a source, each row centred.
    private var places: [String: Place] {
        var rows: [String: Int] = [:]
        // Each node comes after all that it reads.
        for node in sheet.nodes {
            let above = sheet.edges.filter { $0.to == node.id }.compactMap { rows[$0.from] }
            rows[node.id] = above.max().map { $0 + 1 } ?? 0
        }
        let byRow = Dictionary(grouping: sheet.nodes) { rows[$0.id] ?? 0 }
        let widest = Double(byRow.values.map(\.count).max() ?? 1)
        let step = Self.box.width + Self.gap.width
        var places: [String: Place] = [:]
        for (row, nodes) in byRow {
            let left = (widest - Double(nodes.count)) * step / 2
            for (number, node) in nodes.enumerated() {
                places[node.id] = Place(row: row, x: left + Double(number) * step + 1)
            }
        }
        return places
    }

    private func width(of places: [String: Place]) -> Double {
        (places.values.map(\.x).max() ?? 0) + Self.box.width + 90
    }

    private func height(of places: [String: Place]) -> Double {
        (places.values.map(\.top).max() ?? 0) + Self.box.height + 2
    }

    private func picture(of node: PipelineNode, at place: Place) -> Markup {
        let lines = PipelineLabel.lines(of: node)
        let limit = sheet.bottlenecks.contains { $0.node == node.id }
        return Markup.element(
            "g", ["class": "box \(node.kind.rawValue) \(node.state?.rawValue ?? "")\(limit ? " limit" : "")"]
        ) {
            Markup.element(
                "rect",
                [
                    "x": SVGText.number(place.x), "y": SVGText.number(place.top + 1),
                    "width": SVGText.number(Self.box.width),
                    "height": SVGText.number(Self.box.height), "rx": node.kind == .stage ? "4" : "16",
                ])
            for (number, line) in lines.prefix(4).enumerated() {
                Markup.element(
                    "text",
                    [
                        "class": number == 0 ? "id" : "about", "text-anchor": "middle",
                        "x": SVGText.number(place.middle),
                        "y": SVGText.number(place.top + Self.baseline(of: number, among: min(lines.count, 4))),
                    ]
                ) { DisplayWidth.cut(line, to: 28) }
            }
        }
    }

    private static func baseline(of number: Int, among count: Int) -> Double {
        box.height / 2 + line * (Double(number) - Double(count - 1) / 2) + 5
    }

    private func arrow(_ edge: PipelineEdge, _ from: Place, _ to: Place) -> Markup {
        let (top, bottom) = (from.top + Self.box.height + 1, to.top)
        let middle = (top + bottom) / 2
        let stroke =
            switch EdgeStroke(of: edge, in: sheet) {
            case .plain: ""
            case .heldUp: " held-up"
            case .still: " still"
            }
        let way =
            "M\(SVGText.number(from.middle)) \(SVGText.number(top))"
            + " C\(SVGText.number(from.middle)) \(SVGText.number(middle)) \(SVGText.number(to.middle)) \(SVGText.number(middle))"
            + " \(SVGText.number(to.middle)) \(SVGText.number(bottom - 6))"
        let head =
            "M\(SVGText.number(to.middle - 5)) \(SVGText.number(bottom - 8)) L\(SVGText.number(to.middle)) \(SVGText.number(bottom))"
            + " L\(SVGText.number(to.middle + 5)) \(SVGText.number(bottom - 8)) Z"
        return Markup.element("g", ["class": "edge\(stroke)"]) {
            Markup.element("path", ["class": "way", "d": way])
            Markup.element("path", ["class": "head", "d": head])
            Markup.element(
                "text", ["x": SVGText.number((from.middle + to.middle) / 2 + 8), "y": SVGText.number(middle + 4)]
            ) { (edge.port.map { "\($0): " } ?? "") + edge.label }
        }
    }
}

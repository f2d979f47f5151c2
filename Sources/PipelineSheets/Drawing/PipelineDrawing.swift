/// A form in which a topology is drawn; each is one line here and one file beside this.
package enum PipelineDrawing: String, Sendable, Hashable, CaseIterable {
    /// Lines for a terminal.
    case text
    /// A flow chart in Mermaid's language.
    case mermaid
    /// A graph in the DOT language of Graphviz.
    case dot

    /// The drawing, in lines; only those for a terminal heed its width.
    package func lines(of sheet: PipelineSheet, width: Int) -> [String] {
        switch self {
        case .text: PipelineText(width: width).lines(of: sheet)
        case .mermaid: PipelineMermaid.lines(of: sheet)
        case .dot: PipelineDOT.lines(of: sheet)
        }
    }
}

/// How an edge is drawn, by what goes along it.
package enum EdgeStroke: Sendable, Hashable {
    /// Something goes along, or nothing is known of it.
    case plain
    /// The node that gives waits for the node that takes.
    case heldUp
    /// Nothing goes along just now.
    case still

    /// The stroke of one of a sheet's edges.
    package init(of edge: PipelineEdge, in sheet: PipelineSheet) {
        if sheet.node(edge.from)?.times?.isHeldUp == true, edge.port == nil {
            self = .heldUp
        } else {
            self = edge.perSecond == 0 ? .still : .plain
        }
    }
}

extension PipelineEdge {
    /// What goes along, such as `18.4k tokens/s` or, if no rate is known, `token contexts`.
    package var label: String {
        perSecond.map { "\(FlowText.rate($0)) \(unit)/s" } ?? carries
    }
}

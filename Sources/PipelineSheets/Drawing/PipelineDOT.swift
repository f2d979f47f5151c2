import TerminalText

/// Draws a topology in the DOT language.
///
/// Source: Graphviz documentation, "DOT Language": all ids and labels are quoted, so that none is taken for a keyword.
enum PipelineDOT {
    /// The lines of the graph.
    static func lines(of sheet: PipelineSheet) -> [String] {
        var lines = [
            "digraph \(quoted([sheet.topology])) {", "  rankdir=LR;", "  node [shape=box, fontname=\"sans-serif\"];",
        ]
        for node in sheet.nodes {
            let shape =
                switch node.kind {
                case .source: "oval"
                case .stage: "box"
                case .sink: "cylinder"
                }
            lines.append("  \(quoted([node.id])) [shape=\(shape), label=\(quoted(PipelineLabel.lines(of: node)))];")
        }
        for edge in sheet.edges {
            let style =
                switch EdgeStroke(of: edge, in: sheet) {
                case .plain: ""
                case .heldUp: ", style=bold"
                case .still: ", style=dashed"
                }
            lines.append(
                "  \(quoted([edge.from])) -> \(quoted([edge.to])) [label=\(quoted([edge.label]))\(style)];")
        }
        if let verdict = sheet.verdict { lines.append("  // \(PlainText.line(verdict))") }
        return lines + ["}"]
    }

    private static func quoted(_ lines: [String]) -> String {
        let escaped = lines.map { line in
            PlainText.line(line).replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
        }
        return "\"\(escaped.joined(separator: "\\n"))\""
    }
}

import TerminalText

/// Draws a topology for a terminal: each node below the first that it reads, with what it is about beside it.
struct PipelineText {
    /// The columns of the terminal.
    let width: Int

    /// The lines; nothing in them steers a terminal.
    func lines(of sheet: PipelineSheet) -> [String] {
        let rows = branches(of: sheet).map { branch in
            [branch.drawn, branch.node.operation] + figures(of: branch.node, sheet)
        }
        var lines = [head(sheet)]
        lines += TextTable(indent: 1, gap: 2, trimsRows: true).lines(of: [header(sheet)] + rows)
        for letters in sheet.deadLetters {
            lines.append(" \(letters.node) refused \(AmountText.short(letters.count)) records: \(letters.code)")
        }
        if let verdict = sheet.verdict {
            lines += ["", " \(sheet.bottlenecks.isEmpty ? verdict : "bottleneck: \(verdict)")"]
        }
        return lines.map { DisplayWidth.cut(PlainText.line($0), to: max(width, 20)) }
    }

    private func head(_ sheet: PipelineSheet) -> String {
        let name = "\(sheet.topology) \(sheet.digest.prefix(8))"
        guard let run = sheet.run else { return "\(name)" }
        return "\(name)  \(run.phase) for \(AmountText.time(run.seconds)), rates over \(AmountText.time(run.span))"
    }

    private func header(_ sheet: PipelineSheet) -> [String] {
        sheet.run == nil
            ? ["NODE", "OP", "GIVES", "JOBS", "DONE", "ERR"]
            : ["NODE", "OP", "STATE", "OUT/s", "", "QUEUE", "BUSY", "WAIT>", "JOBS"]
                + (Self.tellsDurations(sheet) ? ["P50/P99"] : []) + ["ERR"]
    }

    private func figures(of node: PipelineNode, _ sheet: PipelineSheet) -> [String] {
        guard sheet.run != nil else {
            return [
                sheet.edges.first { $0.from == node.id && $0.port == nil }?.carries ?? node.unit ?? "",
                FlowText.jobs(node.jobs), node.jobs.map { AmountText.short($0.done) } ?? "", FlowText.errors(node),
            ]
        }
        let figures: [String] = [
            state(of: node), FlowText.output(node), node.unit ?? "messages", FlowText.queue(node.queue),
            node.times.map { FlowText.share($0.busy) } ?? "", node.times.map { FlowText.share($0.blocked) } ?? "",
            FlowText.jobs(node.jobs),
        ]
        let durations = Self.tellsDurations(sheet) ? [FlowText.durations(node.jobTimes)] : []
        return figures + durations + [FlowText.errors(node)]
    }

    /// Whether any job has ended lately, so that its length is known.
    private static func tellsDurations(_ sheet: PipelineSheet) -> Bool { sheet.nodes.contains { $0.jobTimes != nil } }

    private func state(of node: PipelineNode) -> String {
        guard let state = node.state else { return "?" }
        guard let away = node.away else { return state.label }
        return "\(state.label) \(AmountText.time(away.seconds))"
    }

    private struct Branch {
        let node: PipelineNode
        let drawn: String
    }

    /// The nodes in the order in which they are drawn, each with the lines that lead to it.
    private func branches(of sheet: PipelineSheet) -> [Branch] {
        var below: [String: [PipelineNode]] = [:]
        for node in sheet.nodes {
            if let first = sheet.edges.first(where: { $0.to == node.id }) {
                below[first.from, default: []].append(node)
            }
        }
        let roots = sheet.nodes.filter { node in !sheet.edges.contains { $0.to == node.id } }
        return roots.flatMap { root in
            [Branch(node: root, drawn: root.id)] + branches(below: root, below, lead: "", sheet)
        }
    }

    private func branches(
        below parent: PipelineNode, _ below: [String: [PipelineNode]], lead: String, _ sheet: PipelineSheet
    ) -> [Branch] {
        let readers = below[parent.id] ?? []
        return readers.enumerated().flatMap { place, node in
            let isLast = place == readers.count - 1
            let edges = sheet.edges.filter { $0.to == node.id }
            let port = edges.first?.port.map { "(\($0)) " } ?? ""
            let others = edges.dropFirst().filter { $0.from != parent.id }.map(\.from)
            let also = others.isEmpty ? "" : " + \(others.joined(separator: ", "))"
            let arrow = edges.first.map { Self.arrow(EdgeStroke(of: $0, in: sheet)) } ?? "─▶"
            let drawn = "\(lead)\(isLast ? "└" : "├")\(arrow) \(port)\(node.id)\(also)"
            return [Branch(node: node, drawn: drawn)]
                + branches(below: node, below, lead: lead + (isLast ? "   " : "│  "), sheet)
        }
    }

    private static func arrow(_ stroke: EdgeStroke) -> String {
        switch stroke {
        case .plain: "─▶"
        case .heldUp: "═▶"
        case .still: "┅▶"
        }
    }
}

import PipelineSheets
import TerminalText

/// The rows of nodes.
struct NodeRows {
    let look: TopLook

    /// The table; empty if the topology is not known.
    func table(of sheet: PipelineSheet?) -> TopTable {
        let isLive = sheet?.run != nil
        let columns: [TopTable.Column] = [
            .init(title: "NODE"), .init(title: "OP", rank: 5), .init(title: "STATE", rank: isLive ? 0 : 9),
            .init(title: "IN/s", rank: 6, isRight: true), .init(title: "OUT/s", rank: 1, isRight: true),
            .init(title: "QUEUE", rank: 3, isRight: true), .init(title: "BUSY", rank: 2, isRight: true),
            .init(title: "WAIT>", rank: 4, isRight: true), .init(title: "JOBS", rank: 1, isRight: true),
            .init(title: "DONE", rank: 4, isRight: true), .init(title: "ERR", rank: 3, isRight: true),
            .init(title: "P50/P99", rank: 5, isRight: true), .init(title: "HIST", rank: 7),
        ]
        return TopTable(columns: columns, rows: sheet?.nodes.map { row($0, isLive: isLive) } ?? [])
    }

    private func row(_ node: PipelineNode, isLive: Bool) -> [TopPiece] {
        let errors = FlowText.errors(node)
        return [
            TopPiece(node.id), TopPiece(node.operation), state(of: node, isLive: isLive),
            TopPiece(node.input.map { FlowText.rate($0.perSecond) } ?? ""), TopPiece(FlowText.output(node)),
            TopPiece(FlowText.queue(node.queue)), TopPiece(node.times.map { FlowText.share($0.busy) } ?? ""),
            TopPiece(node.times.map { FlowText.share($0.blocked) } ?? ""), TopPiece(FlowText.jobs(node.jobs)),
            TopPiece(node.jobs.map { AmountText.short($0.done) } ?? ""),
            TopPiece(errors, errors == "0" ? .plain : .bad), TopPiece(FlowText.durations(node.jobTimes)),
            TopPiece(history(of: node)),
        ]
    }

    private func state(of node: PipelineNode, isLive: Bool) -> TopPiece {
        guard isLive else { return TopPiece("") }
        guard let state = node.state else { return TopPiece("?") }
        let away = node.away.map { " \(AmountText.time($0.seconds))" } ?? ""
        let style: TopStyle =
            switch state {
            case .running: .good
            case .blocked: .warning
            case .away: .bad
            case .idle, .ended: .plain
            }
        return TopPiece(look.label(state.label) + away, style)
    }

    private static let bars = Array("▁▂▃▄▅▆▇█")

    /// What it passed on in the last minute, each bar of some seconds beside the largest.
    private func history(of node: PipelineNode) -> String {
        guard !look.isASCII, let largest = node.history.max(), largest > 0 else { return "" }
        return String(
            node.history.map { value in
                value == 0 ? " " : Self.bars[min(Int(value / largest * Double(Self.bars.count)), Self.bars.count - 1)]
            })
    }
}

/// What is known of one node, in lines.
enum NodeLines {
    static func lines(of node: PipelineNode) -> [String] {
        var lines = ["\(node.id)  \(node.kind.rawValue), \(node.operation)  \(node.state?.label ?? "")"]
        if !node.inputs.isEmpty { lines.append("reads    \(node.inputs.joined(separator: ", "))") }
        if !node.models.isEmpty { lines.append("models   \(node.models.joined(separator: ", "))") }
        if let away = node.away {
            lines.append("away     \(away.name), since \(away.since) (\(AmountText.time(away.seconds)))")
        }
        if let input = node.input {
            lines.append("in       \(input.total) since the start, \(FlowText.rate(input.perSecond))/s")
        }
        if let output = node.output {
            let unit = node.unit ?? "messages"
            lines.append("out      \(output.total) \(unit) since the start, \(FlowText.rate(output.perSecond))/s")
        }
        if let times = node.times {
            lines.append(
                "time     busy \(FlowText.share(times.busy)) with \(AmountText.short(times.workers)) workers on average, "
                    + "waiting for readers \(FlowText.share(times.blocked)), neither \(FlowText.share(times.idle))")
        }
        if let queue = node.queue {
            let bytes = queue.bytes.map { ", \($0) bytes" } ?? ""
            lines.append("queue    \(queue.waiting) waiting\(bytes)\(queue.capacity.map { " of \($0)" } ?? "")")
        }
        if let jobs = node.jobs {
            lines.append(
                "jobs     \(jobs.waiting) to do, \(jobs.underWay) under way, \(jobs.done) done, \(jobs.failed) given up"
            )
            if jobs.postponed > 0 { lines.append("         \(jobs.postponed) failed and are tried again") }
            if jobs.left > 0 { lines.append("         \(jobs.left) left for the next start: a server was away") }
            if jobs.held > 0 { lines.append("         \(jobs.held) left for a larger budget") }
            if let times = node.jobTimes {
                lines.append("         \(times.count) ended in the last minute: \(took(times))")
            }
            if let times = node.callTimes {
                lines.append("calls    \(times.count) to its models in the last minute: \(took(times))")
            }
            if let reason = jobs.lastFailure { lines.append("         the last failed: \(reason)") }
        }
        if let letters = node.deadLetters { lines.append("refused  \(letters) records") }
        return lines
    }

    private static func took(_ times: PipelineDurations) -> String {
        "half and 99 of a hundred took at most \(FlowText.durations(times))"
    }
}

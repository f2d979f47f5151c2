import TerminalText

/// What stands in the box of a node.
package enum PipelineLabel {
    /// The id, the kind of node and, if a daemon tells, what it is about.
    package static func lines(of node: PipelineNode) -> [String] {
        var lines = [node.id, node.operation]
        guard let state = node.state else { return lines }
        var words = [state.label]
        if let times = node.times { words.append("busy \(AmountText.percent(times.busy))") }
        if let away = node.away { words.append("for \(AmountText.time(away.seconds))") }
        lines.append(words.joined(separator: ", "))
        if let jobs = node.jobs, jobs.open > 0 { lines.append("\(FlowText.jobs(jobs)) jobs to do") }
        return lines
    }
}

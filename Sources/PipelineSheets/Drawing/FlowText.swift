import TerminalText

/// The figures of nodes in few characters, the same in every drawing and list: `?` stands for what is not known.
package enum FlowText {
    /// An amount per second.
    package static func rate(_ value: Double?) -> String { value.map { AmountText.short($0) } ?? "?" }

    /// A share of time.
    package static func share(_ value: Double?) -> String { value.map(AmountText.percent) ?? "?" }

    /// What waits before a node: how full its queue is, or how much waits where there is no bound; empty of a source.
    package static func queue(_ queue: PipelineQueue?) -> String {
        guard let queue else { return "" }
        return queue.share.map(AmountText.percent) ?? AmountText.short(queue.waiting)
    }

    /// The jobs before a node and, in brackets, those that are worked on; empty of a node without jobs.
    package static func jobs(_ jobs: PipelineJobs?) -> String {
        guard let jobs else { return "" }
        return AmountText.short(jobs.waiting) + (jobs.underWay > 0 ? " (\(jobs.underWay))" : "")
    }

    /// What went wrong at a node: jobs that were given up, or records that were refused.
    package static func errors(_ node: PipelineNode) -> String {
        let count = (node.jobs?.failed ?? 0) + (node.deadLetters ?? 0)
        return node.jobs == nil && node.deadLetters == nil ? "" : AmountText.short(count)
    }

    /// What a node gives per second; for a sink what it delivers.
    package static func output(_ node: PipelineNode) -> String {
        guard let output = node.output else { return "" }
        return rate(output.perSecond)
    }
}

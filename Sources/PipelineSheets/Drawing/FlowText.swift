import Foundation
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

    /// How long half of them and 99 of a hundred took at most, such as `6/11ms` or `3.1/9.0s`; empty if there were none.
    package static func durations(_ times: PipelineDurations?) -> String {
        guard let times else { return "" }
        let (unit, length): (String, Double) =
            switch times.p99 {
            case ..<0.9995: ("ms", 0.001)
            case ..<99.5: ("s", 1)
            case ..<5970: ("min", 60)
            default: ("h", 3600)
            }
        func number(_ seconds: Double) -> String {
            let amount = seconds / length
            return String(format: length >= 1 && amount < 9.95 ? "%.1f" : "%.0f", amount)
        }
        return "\(number(times.p50))/\(number(times.p99))\(unit)"
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

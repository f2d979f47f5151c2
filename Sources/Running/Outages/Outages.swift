import Dataflow
import Elements
import Synchronization

/// The outages of nodes that reach outside the process: what is said of them, and which last.
package final class Outages: Sendable {
    private let logs = Mutex<[String: OutageLog]>([:])
    private let elapsed: @Sendable () -> Duration
    private let notice: @Sendable (_ node: String, _ text: String) -> Void
    private let onChange: @Sendable (_ node: String, _ isOut: Bool) -> Void

    /// - Parameters:
    ///   - notice: Told what an operator should hear.
    ///   - onChange: Told when a node's outage begins and when it ends.
    package init(
        clock: any Clock<Duration>, notice: @escaping @Sendable (_ node: String, _ text: String) -> Void,
        onChange: @escaping @Sendable (_ node: String, _ isOut: Bool) -> Void
    ) {
        elapsed = clock.stopwatch()
        self.notice = notice
        self.onChange = onChange
    }

    /// Nothing that the node needs answers.
    package func failed(_ node: String, _ reason: String) { change(node) { $0.failed(reason, at: $1) } }

    /// Something failed that may concern only a part of what the node needs.
    package func troubled(_ node: String, _ reason: String) { change(node) { $0.troubled(reason, at: $1) } }

    /// What the node needs answers.
    package func answered(_ node: String, _ words: String) { change(node) { $0.answered(words, at: $1) } }

    /// Forgets what is known of a node, which is made anew.
    package func forget(_ node: String) { logs.withLock { $0[node] = nil } }

    /// Whether the node has an outage now.
    package func isOut(_ node: String) -> Bool { logs.withLock { $0[node]?.isOut ?? false } }

    private func change(_ node: String, _ body: (inout OutageLog, Duration) -> String?) {
        logs.withLock { logs in
            let was = logs[node]?.isOut ?? false
            let line = body(&logs[node, default: OutageLog()], elapsed())
            let isOut = logs[node]?.isOut ?? false
            // Within the lock, so that lines and changes come in the order of what happened.
            if let line { notice(node, line) }
            if isOut != was { onChange(node, isOut) }
        }
    }
}

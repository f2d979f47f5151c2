import Synchronization

/// What a test is told, in order.
package final class Told: Sendable {
    private let list = Mutex<[String]>([])

    package init() {}

    package var lines: [String] { list.withLock { $0 } }

    package func add(_ line: String) { list.withLock { $0.append(line) } }

    /// Adds a line of a node, which stands before it.
    package func add(_ node: String, _ text: String) { add("\(node): \(text)") }

    /// The lines of a node.
    package func of(_ node: String) -> [String] { lines.filter { $0.hasPrefix("\(node): ") } }
}

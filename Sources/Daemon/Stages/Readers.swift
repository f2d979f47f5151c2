import Synchronization

/// The nodes that may still ask for what is kept for all of them.
final class Readers: Sendable {
    private let nodes = Mutex<Set<String>>([])

    /// Adds a node.
    func add(_ node: String) { nodes.withLock { _ = $0.insert(node) } }

    /// Takes a node out; whether it was the last.
    func remove(_ node: String) -> Bool { nodes.withLock { $0.remove(node) != nil && $0.isEmpty } }
}

import Store
import Synchronization

/// Lists of node ids under one key of the store; nodes add themselves at any time and on any thread.
enum NodeList {
    // A list is read and written back: two nodes at once would lose one of them. One process owns a store.
    private static let turn = Mutex(())

    /// Adds a node to a list.
    static func insert(_ node: String, under key: String, in store: any StateKeeper) throws {
        try turn.withLock { _ in
            var nodes = Set((try store.meta(key) ?? "").split(separator: " ").map(String.init))
            if nodes.insert(node).inserted { try store.setMeta(key, nodes.sorted().joined(separator: " ")) }
        }
    }
}

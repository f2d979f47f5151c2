import Synchronization

/// The nodes that run and take something as it comes, so that what is found for them reaches them.
package final class NodeDesk<Item: Sendable>: Sendable {
    private let takers = Mutex<[String: @Sendable ([Item]) -> Void]>([:])
    private let node: @Sendable (Item) -> String

    /// Makes a desk at which nobody takes anything yet.
    ///
    /// - Parameter node: The id of the node that takes an item.
    package init(by node: @escaping @Sendable (Item) -> String) { self.node = node }

    /// Takes in who takes a node's items; `nil` once nobody does.
    package func set(_ taker: (@Sendable ([Item]) -> Void)?, of node: String) { takers.withLock { $0[node] = taker } }

    /// Hands items to the nodes that they are of; those of nodes that take none any more are left where they are stored.
    package func hand(on items: [Item]) {
        let takers = takers.withLock { $0 }
        for (node, items) in Dictionary(grouping: items, by: node) { takers[node]?(items) }
    }
}

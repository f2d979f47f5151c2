/// Shows what a node gives to somebody who looks on, where a topology is run for that alone.
package struct Tap: Sendable {
    /// The node's id.
    package let node: String
    /// Told of each batch in its order; the node waits for it.
    package let show: @Sendable (any EdgeBatch) async throws -> Void

    /// Makes a tap.
    package init(node: String, show: @escaping @Sendable (any EdgeBatch) async throws -> Void) {
        self.node = node
        self.show = show
    }
}

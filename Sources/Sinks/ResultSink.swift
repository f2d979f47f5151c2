package import Store

/// A place results go: what a sink node of a topology is opened as.
///
/// A kind of sink is a type of its own, which its node opens.
package protocol ResultSink: Sendable {
    /// Delivers messages and returns when all are delivered.
    ///
    /// A message may come again after a failure or a restart, with the same `dedupe`.
    /// - Parameter onDelivered: Called after each delivery, so that a slow sink is not taken for one that hangs; must not
    ///   wait.
    /// - Throws: If any of them was not delivered, for whatever reason; all are then sent again.
    func send(contentsOf messages: [OutboxMessage], onDelivered: @escaping @Sendable () -> Void) async throws

    /// Lets everything go.
    func close() async
}

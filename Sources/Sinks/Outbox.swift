package import Store

/// The messages that wait to be sent; every call blocks.
package protocol Outbox: Sendable {
    /// The messages that wait for a sink, the oldest first, at most `limit` of them.
    func pending(for sink: String, limit: Int) throws -> [OutboxRow]

    /// The number of messages that wait, by sink; none where nothing waits.
    func unsentMessages() throws -> [String: Int]

    /// Notes that messages were delivered, so that they wait no more.
    func markSent(_ sequences: [Int64]) throws
}

extension Store: Outbox {
    package func pending(for sink: String, limit: Int) throws -> [OutboxRow] {
        try pendingOutbox(limit: limit, sink: sink)
    }
}

extension OutboxRow {
    /// The message as a sink takes it.
    package var message: OutboxMessage {
        OutboxMessage(target: OutboxTarget(sink: sink, topic: topic), key: key, value: value, dedupe: dedupe)
    }
}

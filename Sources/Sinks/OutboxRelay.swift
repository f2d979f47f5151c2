package import Dataflow

/// Carries messages from the outbox to the sinks, each on its own, so that none that fails or is slow holds up another.
package final class OutboxRelay: Sendable {
    private let relays: [SinkRelay]

    /// - Parameters:
    ///   - onFailure: Told of each attempt that failed, of which there is one a second for as long as a sink is in trouble.
    ///   - onSent: Told of each attempt that succeeded.
    package init(
        outbox: any Outbox, disk: ComputePool<Void>, sinks: [String: any ResultSink], clock: any Clock<Duration>,
        onFailure: @escaping @Sendable (_ sink: String, _ reason: String) -> Void,
        onSent: @escaping @Sendable (_ sink: String) -> Void
    ) {
        relays = sinks.sorted { $0.key < $1.key }.map { node, sink in
            SinkRelay(
                node: node, sink: sink, outbox: outbox, disk: disk, clock: clock, onFailure: onFailure,
                onSent: onSent)
        }
    }

    /// Says that there may be something new in the outbox.
    package func wake() {
        for relay in relays { relay.wake() }
    }

    /// The messages that each sink has delivered since it was opened.
    package var delivered: [String: Int] {
        Dictionary(relays.map { ($0.node, $0.messages) }, uniquingKeysWith: { first, _ in first })
    }

    /// Relays in the background from now on.
    package func start() {
        for relay in relays { relay.start() }
    }

    /// Ends relaying: each sink once what is left has been sent or nothing could be sent for as long as `patience`.
    ///
    /// - Returns: Whether nothing is left in the outbox.
    /// - Throws: What the outbox threw, after every sink had its time.
    package func finish(patience: Duration) async throws -> Bool {
        let results = await withTaskGroup(of: Result<Bool, any Error>.self) { group in
            for relay in relays {
                group.addTask {
                    do {
                        return .success(try await relay.finish(patience: patience))
                    } catch {
                        return .failure(error)
                    }
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        return try results.reduce(true) { try $1.get() && $0 }
    }

    /// Lets the sinks go.
    package func close() async {
        await withTaskGroup { group in
            for relay in relays { group.addTask { await relay.close() } }
        }
    }
}

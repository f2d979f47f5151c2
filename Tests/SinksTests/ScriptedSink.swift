import Dataflow
import Running
import StateFixtures
import Store
import Synchronization
import Topology

@testable import Sinks

/// A sink that does with messages what the test says.
final class ScriptedSink: ResultSink {
    enum Conduct {
        case deliver
        case fail
        /// Never returns unless it is cancelled.
        case hang
        /// Delivers a message for each permit that the test gives.
        case wait
    }

    static let type = "scripted"

    /// What has been handed over, by the messages' `dedupe`, whatever became of it.
    let sent = BoundedChannel<[String]>(capacity: .max, weigh: { _ in 0 })
    let permits = BoundedChannel<Void>(capacity: .max, weigh: { _ in 0 })
    /// An element for each message delivered by permit.
    let delivered = BoundedChannel<Void>(capacity: .max, weigh: { _ in 0 })
    private let conducts: Mutex<[Conduct]>
    private let closed = Mutex(0)

    /// Makes a sink.
    ///
    /// - Parameter conducts: For one call after the other; the last one for all that follow.
    init(_ conducts: Conduct...) { self.conducts = Mutex(conducts) }

    init(_ node: Node, of topology: Topology, options: RunOptions) throws { conducts = Mutex([.deliver]) }

    /// How often it was closed.
    var closeCount: Int { closed.withLock { $0 } }

    func send(contentsOf messages: [OutboxMessage], onDelivered: @escaping @Sendable () -> Void) async throws {
        let conduct = conducts.withLock { $0.count > 1 ? $0.removeFirst() : $0.first ?? .deliver }
        try await sent.send(messages.map(\.dedupe))
        switch conduct {
        case .deliver: for _ in messages { onDelivered() }
        case .fail: throw Mishap()
        case .hang:
            let never = BoundedChannel<Void>(capacity: 0, weigh: { _ in 0 })
            _ = try await never.next()
            try Task.checkCancellation()
        case .wait:
            for _ in messages {
                _ = try await permits.next()
                try Task.checkCancellation()
                onDelivered()
                try await delivered.send(())
            }
        }
    }

    func close() async { closed.withLock { $0 += 1 } }
}

package import Dataflow
import Synchronization

/// Carries messages from the outbox to the sinks, each on its own, so that none that fails or is slow holds up another.
package final class OutboxRelay: Sendable {
    private struct State {
        var relays: [String: SinkRelay]
        var isStarted = false
    }

    private let outbox: any Outbox
    private let disk: ComputePool<Void>
    private let state: Mutex<State>
    private let makeRelay: @Sendable (_ node: String, _ sink: any ResultSink) -> SinkRelay

    private var relays: [SinkRelay] { state.withLock { $0.relays.sorted { $0.key < $1.key }.map(\.value) } }

    /// - Parameters:
    ///   - onFailure: Told of each attempt that failed, of which there is one a second for as long as a sink is in trouble.
    ///   - onSent: Told of each attempt that succeeded.
    package init(
        outbox: any Outbox, disk: ComputePool<Void>, sinks: [String: any ResultSink], clock: any Clock<Duration>,
        onFailure: @escaping @Sendable (_ sink: String, _ reason: String) -> Void,
        onSent: @escaping @Sendable (_ sink: String) -> Void
    ) {
        self.outbox = outbox
        self.disk = disk
        let makeRelay = { @Sendable (node: String, sink: any ResultSink) in
            SinkRelay(
                node: node, sink: sink, outbox: outbox, disk: disk, clock: clock, onFailure: onFailure,
                onSent: onSent)
        }
        self.makeRelay = makeRelay
        state = Mutex(
            State(relays: Dictionary(sinks.map { ($0.key, makeRelay($0.key, $0.value)) }) { first, _ in first }))
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
        state.withLock { $0.isStarted = true }
        for relay in relays { relay.start() }
    }

    /// Lets some sinks go, once what waits for them was sent or nothing could be for as long as `patience`, and takes in
    /// others; what could not be sent stays in the outbox, for the next sink of that name.
    ///
    /// - Throws: What the outbox threw.
    package func change(
        removing names: Set<String>, adding sinks: [String: any ResultSink], patience: Duration
    ) async throws {
        let gone = state.withLock { state in names.sorted().compactMap { state.relays.removeValue(forKey: $0) } }
        for relay in gone {
            _ = try await relay.finish(patience: patience)
            await relay.close()
        }
        let new = sinks.sorted { $0.key < $1.key }.map { ($0.key, makeRelay($0.key, $0.value)) }
        let isStarted = state.withLock { state in
            for (name, relay) in new { state.relays[name] = relay }
            return state.isStarted
        }
        guard isStarted else { return }
        for (_, relay) in new {
            relay.start()
            relay.wake()
        }
    }

    /// Ends relaying: each sink once what is left has been sent or nothing could be sent for as long as `patience`.
    ///
    /// - Returns: The number of messages left in the outbox, by sink; none where nothing is left.
    /// - Throws: What the outbox threw, after every sink had its time.
    package func finish(patience: Duration) async throws -> [String: Int] {
        let results = await withTaskGroup(of: Result<String?, any Error>.self) { group in
            for relay in relays {
                group.addTask {
                    do {
                        return .success(try await relay.finish(patience: patience) ? nil : relay.node)
                    } catch {
                        return .failure(error)
                    }
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        let unfinished = Set(try results.compactMap { try $0.get() })
        guard !unfinished.isEmpty else { return [:] }
        return try await disk.run { [outbox] _ in try outbox.unsentMessages() }.filter { unfinished.contains($0.key) }
    }

    /// Lets the sinks go.
    package func close() async {
        await withTaskGroup { group in
            for relay in relays { group.addTask { await relay.close() } }
        }
    }
}

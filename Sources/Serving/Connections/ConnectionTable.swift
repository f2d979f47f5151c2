import HummingbirdCore
import NIOCore
import Synchronization

/// The connections of a server.
final class ConnectionTable: Sendable {
    typealias ID = ConnectionPlaces.ID

    private struct State {
        var places: ConnectionPlaces
        var channels: [ID: any Channel] = [:]
        var isClosing = false
    }

    private let state: Mutex<State>

    init(limit: Int) { state = Mutex(State(places: ConnectionPlaces(limit: limit))) }

    /// The number of connections that can be answered.
    var count: Int { state.withLock { $0.channels.count } }

    /// Takes a connection in; `nil` if the server is closing.
    func enter(_ channel: any Channel) -> ID? {
        let id: ID? = change { state in
            guard !state.isClosing else { return nil }
            let id = state.places.entered()
            state.channels[id] = channel
            return id
        }
        guard let id else { return nil }
        channel.closeFuture.whenComplete { [weak self] _ in
            self?.change { state in
                state.channels[id] = nil
                state.places.left(id)
            }
        }
        return id
    }

    /// A connection begins, or ends, to wait for its client.
    func changed(_ id: ID, isWaiting: Bool) { change { $0.places.changed(id, isWaiting: isWaiting) } }

    /// Lets connections without a request go at once, and the others after their answer; takes in no more.
    func close() {
        let channels = state.withLock { state in
            state.isClosing = true
            return Array(state.channels.values)
        }
        for channel in channels { channel.pipeline.fireUserInboundEventTriggered(ChannelShouldQuiesceEvent()) }
    }
}

/// Accepts connections while there are places.
struct ConnectionGate: AvailableConnectionsDelegate {
    let table: ConnectionTable

    func connectionOpened() { table.accepted() }
    func connectionClosed() { table.closed() }
    func isAcceptingNewConnections() -> Bool { table.hasRoom() }
}

extension ConnectionTable {
    fileprivate func accepted() { change { $0.places.accepted() } }
    fileprivate func closed() { change { $0.places.closed() } }
    fileprivate func hasRoom() -> Bool { change { $0.places.hasRoom() } }

    /// Changes the state, and closes who has to leave then.
    private func change<Value: Sendable>(_ change: (inout State) -> sending Value) -> Value {
        let (value, leaving) = state.withLock { state in
            let value = change(&state)
            return (value, state.places.makeRoom().flatMap { state.channels[$0] })
        }
        leaving?.close(promise: nil)
        return value
    }
}

import NIOCore
import Synchronization

/// The open connections of a server.
final class Connections: Sendable {
    private let open = Mutex<[ObjectIdentifier: any Channel]>([:])

    func add(_ channel: any Channel) {
        let id = ObjectIdentifier(channel)
        open.withLock { $0[id] = channel }
        channel.closeFuture.whenComplete { [self] _ in open.withLock { _ = $0.removeValue(forKey: id) } }
    }

    func close() async {
        for channel in open.withLock({ Array($0.values) }) { try? await channel.close().get() }
    }
}

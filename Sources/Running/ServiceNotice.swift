import Foundation

/// Tells the service manager how the daemon stands, as systemd's `Type=notify` asks for.
///
/// Source: `sd_notify(3)`: a datagram to the socket that `NOTIFY_SOCKET` names.
package struct ServiceNotice: Sendable, Hashable {
    /// Nodes' stages run.
    package static let ready = "READY=1"
    /// A stop was asked for.
    package static let stopping = "STOPPING=1"

    private let path: [UInt8]

    /// Makes one of the environment of the process; `nil` if no service manager asks.
    package init?(environment: [String: String]) {
        guard let name = environment["NOTIFY_SOCKET"], name.utf8.count > 1, name.hasPrefix("/") || name.hasPrefix("@"),
            name.utf8.count < MemoryLayout.size(ofValue: sockaddr_un().sun_path)
        else { return nil }
        path = Array(name.utf8)
    }

    /// Sends a line such as `READY=1`; one that does not arrive changes nothing for the run.
    package func tell(_ state: String) {
        let descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return }
        defer { close(descriptor) }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { target in
            target.copyBytes(from: path)
            // An abstract name begins with a zero, which the environment cannot hold.
            if path.first == UInt8(ascii: "@") { target[0] = 0 }
        }
        let length = socklen_t(MemoryLayout<sa_family_t>.size + path.count)
        let bytes = Array(state.utf8)
        _ = withUnsafePointer(to: &address) { address in
            address.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                sendto(descriptor, bytes, bytes.count, 0, address, length)
            }
        }
    }
}

import Foundation
import Testing

/// A server that takes connections and never says a word.
final class SilentServer {
    let port: Int
    private let listener: Int32
    private var connections: [Int32] = []

    init() throws {
        (listener, port) = try listeningSocket()
    }

    /// Waits for a connection and for the first words on it.
    func acceptOne() throws {
        let connection = accept(listener, nil, nil)
        try #require(connection >= 0)
        connections.append(connection)
        var byte: UInt8 = 0
        try #require(recv(connection, &byte, 1, 0) == 1)
    }

    deinit {
        for connection in connections { close(connection) }
        close(listener)
    }
}

/// A loopback socket that listens at a port of its own.
func listeningSocket() throws -> (socket: Int32, port: Int) {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let listens = withUnsafeMutablePointer(to: &address) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
            bind(descriptor, $0, length) == 0 && listen(descriptor, 16) == 0
                && getsockname(descriptor, $0, &length) == 0
        }
    }
    try #require(listens)
    return (descriptor, Int(UInt16(bigEndian: address.sin_port)))
}

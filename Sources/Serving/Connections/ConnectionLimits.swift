import NIOCore
import Topology

/// The most that clients may hold of the server.
struct ConnectionLimits: Sendable {
    /// The connections that may be open at once.
    let connections: Int
    /// The time from the first byte of a request to its last.
    let request: TimeAmount
    /// The time that a connection may be open without a request, or without its client taking what it is sent.
    let idle: TimeAmount

    /// The most bytes of a request's target and header fields together.
    static let headerBytes = 32 << 10
    /// The most header fields.
    static let headerFields = 100
    /// The time for which what a refused client still sends is read and dropped, so that it gets to see its answer.
    static let linger = TimeAmount.seconds(2)

    init(connections: Int, request: TimeAmount, idle: TimeAmount) {
        self.connections = max(connections, 1)
        self.request = request
        self.idle = idle
    }

    /// The limits that a topology asks for, in a process that may open so many files and sockets.
    init(_ limits: HTTPLimits, descriptors: Int) {
        self.init(
            connections: min(limits.connections, Self.connections(leavingRoomIn: descriptors)),
            request: .milliseconds(Int64(limits.requestMilliseconds)),
            idle: .milliseconds(Int64(limits.idleMilliseconds)))
    }

    /// The connections that leave the rest of the process 128 descriptors, or three quarters of them if there are few.
    static func connections(leavingRoomIn descriptors: Int) -> Int { max(descriptors - 128, descriptors / 4, 1) }
}

import Foundation

/// A port of 127.0.0.1 that is kept from everyone who asks for any port, whether or not somebody listens at it.
///
/// A port that a server has listened at and given back may be given to the next server, of this process or another.
/// Whoever then expects connections to be refused meets that one. A socket that is bound and never listens keeps
/// it: whoever names the port and sets `SO_REUSEADDR` can listen at it (socket(7)), and the system deals it out to
/// nobody.
public final class HeldPort: Sendable {
    /// The port's number.
    public let number: Int
    /// The socket that is bound to it.
    public let descriptor: Int32

    /// The port as addresses name it.
    public var address: String { "127.0.0.1:\(number)" }

    /// Takes a port; 0 for a free one.
    ///
    /// Throws an `NSError` with the system's number if it cannot be had.
    public init(_ wanted: Int = 0) throws {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        self.descriptor = descriptor
        var reuse: Int32 = 1
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &reuse, socklen_t(MemoryLayout<Int32>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(wanted).bigEndian
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isTaken = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, length) == 0 && getsockname(descriptor, $0, &length) == 0
            }
        }
        number = Int(UInt16(bigEndian: address.sin_port))
        guard isTaken else { throw NSError(domain: NSPOSIXErrorDomain, code: Int(errno)) }
    }

    deinit { close(descriptor) }
}

import Foundation
import Testing

@testable import Running

@Suite struct ServiceNoticeTests {
    /// A socket as a service manager has it.
    private final class Manager {
        let descriptor: Int32
        let path: String

        init?(_ path: String) {
            self.path = path
            descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue), 0)
            var address = sockaddr_un()
            address.sun_family = sa_family_t(AF_UNIX)
            let name = path.hasPrefix("@") ? [0] + Array(path.utf8.dropFirst()) : Array(path.utf8)
            withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: name) }
            let length = socklen_t(MemoryLayout<sa_family_t>.size + name.count)
            let bound = withUnsafePointer(to: &address) { address in
                address.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(descriptor, $0, length) }
            }
            guard bound == 0 else { return nil }
        }

        deinit {
            close(descriptor)
            if path.hasPrefix("/") { unlink(path) }
        }

        /// What has come; `nil` if nothing has.
        func next() -> String? {
            var bytes = [UInt8](repeating: 0, count: 256)
            let count = recv(descriptor, &bytes, bytes.count, 0)
            return count < 0 ? nil : String(decoding: bytes.prefix(count), as: UTF8.self)
        }
    }

    private static var names: [String] {
        let name = "gloss-\(UUID().uuidString.prefix(8))"
        return ["/tmp/\(name)", "@\(name)"]
    }

    @Test(arguments: names) func theManagerIsToldWhatIsSent(name: String) throws {
        let manager = try #require(Manager(name))
        let notice = try #require(ServiceNotice(environment: ["NOTIFY_SOCKET": name]))
        #expect(manager.next() == nil)
        notice.tell(ServiceNotice.ready)
        notice.tell(ServiceNotice.stopping)
        #expect(manager.next() == "READY=1" && manager.next() == "STOPPING=1" && manager.next() == nil)
    }

    @Test func whoeverIsNotAskedTellsNobody() {
        #expect(ServiceNotice(environment: [:]) == nil)
        for name in ["", "@", "relative", String(repeating: "/x", count: 60)] {
            #expect(ServiceNotice(environment: ["NOTIFY_SOCKET": name]) == nil)
        }
        // A manager that has gone is no trouble.
        ServiceNotice(environment: ["NOTIFY_SOCKET": "/nowhere/at/all"])?.tell(ServiceNotice.ready)
    }
}

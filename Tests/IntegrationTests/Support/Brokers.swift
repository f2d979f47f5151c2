import Foundation
import Testing

/// A broker process for one test.
final class BrokerProcess {
    let address: String
    /// What programs need in their environment to talk to it.
    let environment: [String: String]
    private let process: Process
    private let input = Pipe()

    /// The mock cluster in a helper process, with topics of its own.
    init(mockTopics topics: [String: Int]) throws {
        let process = Process()
        let output = Pipe()
        process.executableURL = Folders.programs.appending(path: "kafka-mock")
        process.arguments = ["--topics", topics.map { "\($0.key):\($0.value)" }.joined(separator: ",")]
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        let line = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
        self.process = process
        environment = [:]
        address = try #require(
            line.split(separator: "\n").first?.split(separator: "=").last.map(String.init),
            "kafka-mock did not say where it listens")
    }

    /// A real broker (Tansu, in memory), as deploy/setup installs it.
    init() throws {
        let home =
            ProcessInfo.processInfo.environment["GLOSS_BROKER_HOME"]
            ?? NSHomeDirectory() + "/.cache/gloss/broker"
        let port = try Self.freePort()
        let process = Process()
        process.executableURL = URL(filePath: home + "/tansu")
        process.arguments = [
            "broker", "--listener-url", "tcp://127.0.0.1:\(port)", "--advertised-listener-url",
            "tcp://127.0.0.1:\(port)", "--storage-engine", "memory://tansu/",
        ]
        // A pipe that nobody reads would fill up with its log and stop it.
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        self.process = process
        address = "127.0.0.1:\(port)"
        environment = ["LD_LIBRARY_PATH": home + "/lib"]
    }

    deinit {
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
    }

    private static func freePort() throws -> Int {
        let socket = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(socket) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(socket, $0, length) == 0 && getsockname(socket, $0, &length) == 0
            }
        }
        try #require(isBound)
        return Int(UInt16(bigEndian: address.sin_port))
    }
}

import Foundation
import Testing

/// A proxy before a broker in a process of its own (Tests/Support/broker_proxy.py): cuts connections, speaks TLS, asks for
/// a password.
final class BrokerProxy {
    let port: Int
    private let process = Process()
    private let input = Pipe()
    private let output = Pipe()

    init(_ options: [String] = []) throws {
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments =
            [
                "python3", Folders.root.appending(path: "Tests/Support/broker_proxy.py").path,
            ] + options
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        let line = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
        port = try #require(
            line.split(separator: "\n").first?.split(separator: "=").last.flatMap { Int($0) },
            "the proxy did not say where it listens")
    }

    var address: String { "127.0.0.1:\(port)" }

    /// A command, which is carried out when this returns.
    func perform(_ command: String) throws {
        try input.fileHandleForWriting.write(contentsOf: Data((command + "\n").utf8))
        try #require(!output.fileHandleForReading.availableData.isEmpty, "the proxy has ended")
    }

    deinit {
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
    }
}

/// A real broker that can be reached through a proxy only.
struct ProxiedBroker {
    let proxy: BrokerProxy
    let broker: BrokerProcess

    init(_ options: [String] = []) throws {
        proxy = try BrokerProxy(options)
        broker = try BrokerProcess(advertisedPort: proxy.port)
        try proxy.perform("upstream \(broker.port)")
    }

    var address: String { proxy.address }
    var environment: [String: String] { broker.environment }
}

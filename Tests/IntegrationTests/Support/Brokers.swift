import Foundation
import RuleJudgeServer
import Testing

/// A broker process for one test.
final class BrokerProcess {
    let address: String
    /// Where it listens.
    let port: Int
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
        port = address.split(separator: ":").last.flatMap { Int($0) } ?? 0
    }

    /// A real broker (Tansu, in memory), as deploy/setup installs it.
    ///
    /// - Parameter advertisedPort: Where clients are sent, in place of the port that it listens at.
    init(advertisedPort: Int? = nil) throws {
        let home =
            ProcessInfo.processInfo.environment["GLOSS_BROKER_HOME"]
            ?? NSHomeDirectory() + "/.cache/gloss/broker"
        let port = try Self.freePort()
        let process = Process()
        process.executableURL = URL(filePath: home + "/tansu")
        process.arguments = [
            "broker", "--listener-url", "tcp://127.0.0.1:\(port)", "--advertised-listener-url",
            "tcp://127.0.0.1:\(advertisedPort ?? port)", "--storage-engine", "memory://tansu/",
        ]
        // A pipe that nobody reads would fill up with its log and stop it.
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        self.process = process
        self.port = port
        address = "127.0.0.1:\(port)"
        environment = ["LD_LIBRARY_PATH": home + "/lib"]
    }

    deinit {
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
    }

    /// A loopback port that a broker can listen at, if nobody is given it before.
    static func freePort() throws -> Int { try HeldPort().number }
}

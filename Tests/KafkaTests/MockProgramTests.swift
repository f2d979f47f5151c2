internal import Foundation
internal import Kafka
internal import Testing

/// The program kafka-mock, as a process of its own.
@Suite(.timeLimit(.minutes(5))) struct MockProgramTests {
    private func program() -> URL {
        // Test runner and program are built into the same folder.
        URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent().appending(path: "kafka-mock")
    }

    private func start(_ arguments: [String]) throws -> (Process, input: Pipe, output: Pipe) {
        let process = Process()
        let (input, output) = (Pipe(), Pipe())
        process.executableURL = program()
        process.arguments = arguments
        process.standardInput = input
        process.standardOutput = output
        process.standardError = output
        try process.run()
        return (process, input, output)
    }

    @Test func servesUntilItsInputCloses() async throws {
        let (process, input, output) = try start(["--topics", "a:4,b:1"])
        let line = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
        let brokers = try #require(line.split(separator: "\n").first?.split(separator: "=").last)
        let cluster = try await KafkaAdmin.metadata(KafkaSettings(brokers: String(brokers)))
        #expect(cluster.topics == ["a": 4, "b": 1])
        try input.fileHandleForWriting.close()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
        #expect(process.terminationReason == .exit)
    }

    @Test func endsAtSIGTERM() throws {
        let (process, _, output) = try start([])
        #expect(!output.fileHandleForReading.availableData.isEmpty)
        process.terminate()
        process.waitUntilExit()
        #expect(process.terminationReason == .exit)
        #expect(process.terminationStatus == 0)
    }

    @Test(arguments: [["--topics", "a"], ["--topics", "a:0"], ["--brokers"], ["--colour", "red"]])
    func refusesMistakes(arguments: [String]) throws {
        let (process, _, output) = try start(arguments)
        process.waitUntilExit()
        #expect(process.terminationStatus == 64)
        let words = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
        #expect(words.hasPrefix("kafka-mock: "))
    }
}

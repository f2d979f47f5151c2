import Foundation
import Store
import Testing

/// HTTP as users meet it: a daemon of its own process, followed by `gloss tail`.
@Suite(.timeLimit(.minutes(5))) struct HTTPTests {
    /// A topology of the tiny subject that serves HTTP at a port.
    private func topology(_ subject: TinySubject, broker: BrokerProcess, port: Int) throws -> String {
        let path = try subject.topology(
            "served", source: "{ type: kafka, brokers: \"\(broker.address)\", topics: [corpus], start: earliest }")
        try TinySubject.serve(path, http: "127.0.0.1:\(port)")
        return path
    }

    private struct Event: Decodable, Equatable {
        let cursor: Int64
        let type: String
        let job: String
    }

    @Test func tailOverHTTPSurvivesAKilledDaemonWithoutGapOrDuplicate() throws {
        let subject = try TinySubject()
        defer { withExtendedLifetime(subject) {} }
        let port = try Ports.free()
        let broker = try BrokerProcess(mockTopics: ["corpus": 2])
        let topology = try topology(subject, broker: broker, port: port)
        let gloss = GlossProgram()
        let corpus = try subject.corpus(documents: 120)
        try gloss.feed(corpus, at: broker.address, partitions: 2)

        let tail = gloss.makeProcess(["tail", "http://127.0.0.1:\(port)/", "--json", "--since-cursor", "0"])
        let output = Pipe()
        tail.standardOutput = output
        tail.standardError = FileHandle.nullDevice
        try tail.run()
        defer {
            tail.terminate()
            tail.waitUntilExit()
        }
        // Bytes, since a read may end within a line and within a character.
        var bytes = Data()
        func read(until isEnough: (Int) -> Bool) {
            while !isEnough(bytes.count { $0 == 0x0A }) {
                let data = output.fileHandleForReading.availableData
                if data.isEmpty { return }
                bytes += data
            }
        }

        let daemon = gloss.makeProcess(["run", topology, "--quiet"])
        daemon.standardOutput = FileHandle.nullDevice
        daemon.standardError = FileHandle.nullDevice
        try daemon.run()
        read { $0 >= 5 }
        kill(daemon.processIdentifier, SIGKILL)
        daemon.waitUntilExit()

        let second = try gloss.run(["run", topology, "--quiet", "--until-drained"])
        #expect(second.status == 0, "\(second.errors)")
        let third = gloss.makeProcess(["run", topology, "--quiet"])
        third.standardOutput = FileHandle.nullDevice
        third.standardError = FileHandle.nullDevice
        try third.run()
        defer {
            third.terminate()
            third.waitUntilExit()
        }
        let reader = try Store.reader(directory: subject.state("served"))
        let stored = try reader.events(after: 0, limit: 100_000)
        #expect(stored.count > 50)
        read { $0 >= stored.count }
        // The third daemon may have said more by now, and the last line may be cut.
        let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n").prefix(stored.count)
        let events = try lines.map {
            try JSONDecoder().decode(Event.self, from: Data($0.utf8))
        }
        #expect(events.map(\.cursor) == stored.map(\.cursor))
        #expect(Set(events.map(\.job)).count == events.count)
        #expect(lines.map(String.init) == stored.map(\.jsonWithCursor))

        // The same by the state directory, and by one request that ends by itself.
        let once = try gloss.run([
            "tail", "http://127.0.0.1:\(port)", "--json", "--scores", "-o", "3", "--end",
        ])
        #expect(once.status == 0, "\(once.errors)")
        let directory = try gloss.run(["tail", subject.state("served"), "--json", "--scores", "-o", "3", "--end"])
        #expect(once.output.split(separator: "\n").last == directory.output.split(separator: "\n").last)
        #expect(directory.output.split(separator: "\n").count == 3)
    }
}

import Elements
import Foundation
import Nodes
import Observability
import Running
import StateFixtures
import StateNotes
import Store
import Testing

/// Runs over a file of texts that is not what it should be: they fail, and close what they opened.
@Suite(.timeLimit(.minutes(5))) struct FailingRunTests {
    private let fixture: DaemonFixture

    init() throws { fixture = try DaemonFixture() }

    private var path: String { fixture.directory.path + "/corpus.txt" }

    private func graph(format: String = "text") throws -> Graph {
        try fixture.graph(
            ["http: 127.0.0.1:0"], source: "{ type: file, path: \"\(path)\", format: \(format) }",
            stages: DaemonFixture.reading)
    }

    private func write(_ lines: [String]) throws {
        try lines.map { $0 + "\n" }.joined().write(toFile: path, atomically: false, encoding: .utf8)
    }

    @Test func aRunWhoseInputIsGoneFailsByItsNameAndIsClosed() async throws {
        let graph = try graph()
        let error = await #expect(throws: (any Error).self) { try await fixture.run(graph) }
        #expect(error.map { "\($0)".contains(path) } == true)
        #expect(await !fixture.isListening)
        #expect(try fixture.openState(graph) { try $0.latestCheckpoint() } == nil)
    }

    @Test func aChangedFileStopsTheNextStartAndWhatIsStoredStays() async throws {
        try write(["one red fox", "two red foxes"])
        let graph = try graph()
        try await fixture.run(graph)
        let before = try fixture.openState(graph) { try $0.latestCheckpoint() }
        try write(["one red fox", "ten red foxes", "three"])

        let next = try fixture.next()
        let error = await #expect(throws: DaemonError.self) { try await next.run(try self.graph()) }
        #expect(error?.kind == .fence)
        #expect(error?.description.contains("--accept-gap") == true)
        #expect(await !next.isListening)
        #expect(try next.openState(graph) { try $0.latestCheckpoint() } == before)
        #expect(try next.openState(graph) { try EvidenceFlags.isExact.read(in: $0) } != false)

        let accepting = try fixture.next()
        try await accepting.run(try self.graph()) { options in
            options.untilDrained = true
            options.acceptGap = true
        }
        #expect(accepting.progress.reading.records == 1)
        #expect(try accepting.openState(graph) { try EvidenceFlags.isExact.read(in: $0) } == false)
    }

    @Test func aRecordThatIsRefusedFailsNothingAndIsCounted() async throws {
        try write(["{\"text\": \"one\"}", "two", "{\"text\": \"three\"}"])
        let graph = try graph(format: "json")
        try await fixture.run(graph)
        let letters = try fixture.openState(graph) { try $0.deadLetters(limit: 10) }
        #expect(letters.map(\.letter.node) == ["corpus"])
        #expect(fixture.progress.reading.rejected == ["not-json": 1])
    }
}

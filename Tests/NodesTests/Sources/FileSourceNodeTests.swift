import Elements
import Observability
import Running
import StateFixtures
import StateNotes
import Store
import Testing
import Topology

@testable import Nodes

/// Files and standard input as sources.
@Suite(.timeLimit(.minutes(5))) struct FileSourceNodeTests {
    private let files: FileGraph

    init() throws { files = try FileGraph() }

    private func graph(_ fields: String) throws -> Graph {
        try files.fixture.graph(
            """
            sources: { corpus: { type: file, path: \(files.directory)/corpus.ndjson\(fields) } }
            stages: { tokens: { type: tokenize, inputs: [corpus], model: subject } }

            """)
    }

    private func run(_ fields: String = "", acceptGap: Bool = false) async throws -> BuiltGraph {
        try await BuiltGraph(graph(fields), in: files.fixture.directory) { $0.acceptGap = acceptGap }.ran()
    }

    @Test(arguments: [
        ("", ["one", #"{"tokens": [1, 2]}"#, #"{"text": "two"}"#], ["not-json"]),
        (", format: text", ["one", #"{"tokens": [1, 2]}"#, #"{"text": "two"}"#], []),
        (", maximum_record: 16", [#"{"text": "two"}"#, #"{"text": "three"}"#, "{}"], ["too-large", "wrong-shape"]),
    ]) func recordsAreReadAsTheFieldsSay(fields: String, lines: [String], rejected: [String]) async throws {
        try files.write(lines)
        let built = try await run(fields)
        #expect(built.progress.reading.records == 3)
        #expect(built.progress.reading.rejected.keys.sorted() == rejected)
        let letters = try built.store.deadLetters(limit: 9).map(\.letter)
        #expect(letters.count == rejected.count && letters.allSatisfy { $0.node == "corpus" })
        // The fence stands after the whole file, whatever of it could be used.
        let bytes = lines.reduce(0) { $0 + $1.utf8.count + 1 }
        #expect(built.heard.fences.map(\.next) == [Int64(bytes)])
        #expect(built.heard.fences.map(\.topic) == ["\(files.directory)/corpus.ndjson"])
        try await built.close()
    }

    /// A file that was written anew: to go on with it has to be asked for, and shows.
    @Test func afterAnAcceptedGapTheFileIsReadOnFromWhereItStood() async throws {
        try files.write([#"{"text": "one"}"#])
        let first = try await run()
        #expect(try EvidenceFlags.isExact.read(in: first.store) == nil)
        try await first.close()
        try files.write([#"{"text": "two"}"#, #"{"text": "three"}"#])
        let error = await #expect(throws: DaemonError.self) { try await run() }
        #expect(error?.kind == .fence)
        let second = try await run(acceptGap: true)
        #expect(second.progress.reading.records == 1)
        #expect(try EvidenceFlags.isExact.read(in: second.store) == false)
        let told = second.heard.notices.filter {
            $0.contains("the line at byte 0 is not the one that the last checkpoint")
        }
        #expect(told.count == 1 && told.first?.hasPrefix("corpus: ") == true)
        try await second.close()
    }

    @Test func aRunThatCannotNoteItsGapEndsBeforeItReads() async throws {
        try files.write([#"{"text": "one"}"#])
        let memory = MemoryState()
        func run() async throws -> BuiltGraph {
            try await BuiltGraph(graph(""), in: files.fixture.directory, memory: memory) { $0.acceptGap = true }.ran()
        }
        try await run().close()
        let before = try #require(memory.latestCheckpoint())
        memory.refuse(EvidenceFlags.isExact.key)
        try files.write([#"{"text": "two"}"#, #"{"text": "three"}"#])
        await #expect(throws: Mishap.self) { try await run() }
        #expect(memory.latestCheckpoint() == before)
    }

    @Test func aFileThatIsNotThereIsNamedAtItsField() throws {
        let found = try graph("").diagnostics(file: "t.yaml")
        #expect(found.map(\.message) == ["corpus: there is no file \(files.directory)/corpus.ndjson"])
        try files.write([])
        #expect(try graph("").diagnostics(file: "t.yaml").isEmpty)
    }

    /// Nothing is run: the standard input of a test is anybody's.
    @Test func standardInputIsReadAtMostOnceAndSaysSo() async throws {
        let built = try BuiltGraph(files.fixture.graph(), in: files.fixture.directory)
        let pipeline = try Pipeline(built.context)
        #expect(
            built.heard.notices
                == ["corpus: standard input is read at most once: what a crash loses is not read again"])
        #expect(pipeline.tasks.first?.node == "corpus" && pipeline.sources.count == 1)
        try await built.close()
    }
}

import Elements
import Evidence
import Running
import StateFixtures
import Store
import Synchronization
import Testing

@testable import Nodes

/// Reading that is cut by as many checkpoints as there can be, and goes on after stops and kills.
@Suite(.timeLimit(.minutes(2))) struct InterruptedIngestTests {
    private func files() throws -> FileGraph {
        let files = try FileGraph()
        try files.append(texts: FileGraph.texts(0..<30))
        // One of many contexts, an empty one and a bad one.
        try files.append(texts: [FileGraph.texts(0..<40).joined(separator: " ")])
        try files.append([#"{"tokens": []}"#, "no JSON"])
        try files.append(texts: FileGraph.texts(30..<50))
        return files
    }

    /// Asks for a checkpoint whenever none is under way.
    private func withManyCheckpoints(_ built: BuiltGraph, _ body: () async throws -> Void) async throws {
        let asking = Task { [coordinator = built.coordinator] in
            while !Task.isCancelled {
                await coordinator.requestBarrier()
                await Task.yield()
            }
        }
        defer { asking.cancel() }
        try await body()
    }

    private func whole() async throws -> any EvidenceView {
        let built = try files().built(context: 8)
        try await built.run()
        let view = try built.view("codes")
        try await built.close()
        return view
    }

    @Test func theEvidenceIsTheSameHoweverManyCheckpointsCutIt() async throws {
        let whole = try await whole()
        let built = try files().built(context: 8)
        try await withManyCheckpoints(built) { try await built.run() }
        let cut = try built.view("codes")
        #expect(cut.digest == whole.digest && cut.totals == whole.totals)
        try await built.close()
    }

    /// Each life ends at its first checkpoint that counts more than the last: in turn by a stop, and as a kill ends it.
    @Test func aLifeOfOneCheckpointIsGoneOnWithExactly() async throws {
        let whole = try await whole()
        let files = try files()
        var (lives, fences) = (0, [Fence]())
        while lives < 500 {
            lives += 1
            let reached = Mutex<Task<Void, any Error>?>(nil)
            let built = try BuiltGraph(files.graph(context: 8), in: files.fixture.directory)
            let (isKilled, before, heard) = (lives % 2 == 0, fences, built.heard)
            let watching = Task {
                while !Task.isCancelled {
                    let now = heard.fences
                    if zip(now, before).contains(where: { $0.isAhead(of: $1) }) || now.count > before.count {
                        guard isKilled else { return built.stop.raise() }
                        return reached.withLock { $0?.cancel() ?? () }
                    }
                    await Task.yield()
                }
            }
            let running = Task { _ = try await built.run() }
            reached.withLock { $0 = running }
            try await withManyCheckpoints(built) { _ = await running.result }
            watching.cancel()
            fences = try built.store.latestCheckpoint()?.fences ?? []
            let view = try? built.view("codes")
            try await built.close()
            if let view, view.totals == whole.totals { break }
        }
        #expect(lives > 2 && lives < 500)
        let last = try files.built(context: 8)
        try await last.run()
        let view = try last.view("codes")
        #expect(view.digest == whole.digest && view.totals == whole.totals)
        #expect(try last.store.deadLetters(limit: 10).count == 1)
        try await last.close()
    }

    @Test func aStopDropsWhatIsQueuedBeforeTheForwardStage() async throws {
        let files = try files()
        let built = try files.built(context: 8)
        built.stop.raise()
        try await built.run()
        let counted = try built.view("codes").totals.tokens
        #expect(counted < (try await whole()).totals.tokens)
        try await built.close()
    }
}

import Checkpoints
import Elements
import Evidence
import Running
import StateFixtures
import Store
import Synchronization
import Testing

@testable import Nodes

/// Reading that is cut by as many checkpoints as there can be, and goes on after stops and kills.
@Suite(.timeLimit(.minutes(5))) struct InterruptedIngestTests {
    private func files() throws -> FileGraph {
        let files = try FileGraph()
        try files.append(texts: FileGraph.texts(0..<30))
        // One of many contexts, an empty one and a bad one.
        try files.append(texts: [FileGraph.texts(0..<40).joined(separator: " ")])
        try files.append([#"{"tokens": []}"#, "no JSON"])
        try files.append(texts: FileGraph.texts(30..<200))
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

    /// What an uninterrupted run gives.
    private func whole() async throws -> (view: any EvidenceView, letters: Int) {
        let built = try files().built(context: 8)
        try await built.run()
        let whole = (try built.view("codes"), try built.store.deadLetters(limit: 10).count)
        try await built.close()
        return whole
    }

    @Test func theEvidenceIsTheSameHoweverManyCheckpointsCutIt() async throws {
        let (whole, _) = try await whole()
        let built = try files().built(context: 8)
        try await withManyCheckpoints(built) { try await built.run() }
        let cut = try built.view("codes")
        #expect(cut.digest == whole.digest && cut.totals == whole.totals)
        try await built.close()
    }

    /// Ends a life at its first checkpoint that counts more than the one before: by a stop, or as a kill ends it.
    private final class LifeEnd: Sendable {
        private struct Run {
            let heard: BuiltGraph.Heard
            let coordinator: CheckpointCoordinator
        }

        private let before: [Fence]
        private let isKilled: Bool
        private let run = Mutex<Run?>(nil)

        init(after before: [Fence], isKilled: Bool) { (self.before, self.isKilled) = (before, isKilled) }

        func watch(_ built: BuiltGraph) {
            run.withLock { $0 = Run(heard: built.heard, coordinator: built.coordinator) }
        }

        func checkpointed(_ stop: StopSignal) {
            guard let run = run.withLock({ $0 }) else { return }
            let now = run.heard.fences
            guard now.count > before.count || zip(now, before).contains(where: { $0.isAhead(of: $1) }) else { return }
            if isKilled { run.coordinator.fail(Mishap()) } else { stop.raise() }
        }
    }

    @Test func aLifeOfOneCheckpointIsGoneOnWithExactly() async throws {
        let (whole, letters) = try await whole()
        let files = try files()
        var (lives, fences, isWhole) = (0, [Fence](), false)
        while lives < 500, !isWhole {
            lives += 1
            let end = LifeEnd(after: fences, isKilled: lives % 2 == 0)
            let built = try BuiltGraph(
                files.graph(context: 8), in: files.fixture.directory, whenCheckpointed: end.checkpointed)
            end.watch(built)
            try await withManyCheckpoints(built) {
                do {
                    try await built.run()
                } catch is Mishap {
                } catch is CancellationError {
                }
            }
            fences = try built.store.latestCheckpoint()?.fences ?? []
            isWhole = (try? built.view("codes"))?.totals == whole.totals
            try await built.close()
        }
        #expect(isWhole)
        let last = try files.built(context: 8)
        try await last.run()
        let view = try last.view("codes")
        #expect(view.digest == whole.digest && view.totals == whole.totals)
        #expect(try last.store.deadLetters(limit: 10).count == letters && letters > 0)
        try await last.close()
    }
}

import Dataflow
import Elements
import Observability
import RuleJudgeServer
import Running
import StateFixtures
import Store
import Testing

@testable import Nodes

/// Whole small topologies, from a source to what is stored.
@Suite(.timeLimit(.minutes(5))) struct PipelineTests {
    private static let scored = """
          words: { type: explain, explainer: lexical, inputs: [evidence] }
          run: { type: score, method: execution, inputs: [words] }

        """

    @Test func plantedLatentsAreCountedExplainedAndScored() async throws {
        let planted = try PlantedGraph()
        let built = try planted.built(Self.scored)
        try await built.run()
        let view = try built.view("cached")
        #expect(view.totals.tokens == UInt64(240 * PlantedGraph.length) && view.totals.contexts == 240)
        for latent in 0..<3 {
            let fired = UInt64(planted.fired(latent).count)
            #expect(view.statistics(of: latent).windowsFired == fired && fired == 60)
            #expect(view.statistics(of: latent).tokensFired == fired)
        }
        let explanations = try built.store.explanations().sorted { $0.latent < $1.latent }
        #expect(explanations.map(\.text) == ["Contains \"·and\".", "Contains \"is\".", "Contains \"ing\"."])
        let scores = try built.store.scores().filter { $0.control == nil }
        #expect(Set(scores.map(\.explanation)) == Set(explanations.map(\.job)))
        #expect(scores.map(\.headline?.value) == [1, 1, 1])
        // Each latent has a control by another one's explanation, which holds in none of its windows.
        let controls = try built.store.scores().filter { $0.control != nil }
        #expect(controls.count == 3 && controls.allSatisfy { $0.headline.map { $0.value < 0.5 } ?? false })
        #expect(built.progress.reading.explanations == ["words": 3] && built.progress.reading.scores == ["run": 6])
        try await built.close()
    }

    @Test func theEvidenceOfAFileIsThatOfANaiveRunAcrossARestart() async throws {
        let files = try FileGraph()
        try files.append(texts: FileGraph.texts(0..<9))
        let first = try files.built()
        try await first.run()
        #expect(first.heard.fences.count == 1)
        try await first.close()

        try files.append(texts: FileGraph.texts(9..<12))
        let second = try files.built()
        try await second.run()
        #expect(first.progress.reading.records == 9 && second.progress.reading.records == 3)
        var naive = try NaiveCodes(model: files.directory + "/model", context: 24)
        for text in FileGraph.texts(0..<12) { try naive.read(text) }
        let view = try second.view("codes")
        #expect((view.totals.tokens, view.totals.contexts) == (UInt64(naive.tokens), UInt64(naive.contexts)))
        for latent in 0..<256 {
            let (counted, expected) = (view.statistics(of: latent), naive.fired[latent] ?? (0, 0))
            #expect(counted.tokensFired == UInt64(expected.tokens), "latent \(latent)")
            #expect(abs(counted.sum - expected.sum) <= 1e-4 * (1 + expected.sum), "latent \(latent)")
        }
        #expect(naive.fired.count > 50)
        try await second.close()
    }

    /// As a process runs that takes samples for others to explain: across two starts, and without a row in a database.
    @Test func aRunWithoutADatabaseSeesTheSameEvidence() async throws {
        let (inMemory, onDisk) = (try FileGraph(), try FileGraph())
        try onDisk.append(texts: FileGraph.texts(0..<20))
        let memory = MemoryState()
        for range in [0..<7, 7..<20] {
            try inMemory.append(texts: FileGraph.texts(range))
            let built = try inMemory.built(memory: memory)
            try await built.run()
            #expect(built.progress.reading.records == range.count)
            #expect(try built.store.latestCheckpoint() == nil && built.store.segments(of: "evidence").isEmpty)
            try await built.close()
        }
        let (last, only) = (try inMemory.built(memory: memory), try onDisk.built())
        try await last.run()
        try await only.run()
        #expect(try last.view("codes").digest == only.view("codes").digest)
        #expect(memory.latestCheckpoint()?.fences.map(\.next) == only.heard.fences.map(\.next))
        try await last.close()
        try await only.close()
    }

    @Test func whatWasReadInTwoRunsIsTheSameEvidenceAsInOne() async throws {
        let (parts, whole) = (try FileGraph(), try FileGraph())
        try whole.append(texts: FileGraph.texts(0..<20))
        for range in [0..<7, 7..<20] {
            try parts.append(texts: FileGraph.texts(range))
            let built = try parts.built()
            try await built.run()
            try await built.close()
        }
        let (last, only) = (try parts.built(), try whole.built())
        try await last.run()
        try await only.run()
        #expect(last.progress.reading.records == 0)
        // Positions and paths differ, and the evidence depends on neither.
        #expect(try last.view("codes").digest == only.view("codes").digest)
        try await last.close()
        try await only.close()
    }

    @Test func jobsThatAStopLeftAreDoneByTheNextStartAndNoneTwice() async throws {
        let planted = try PlantedGraph()
        let server = try await RuleJudgeServer.start()
        server.expect(.waits)
        let stages = """
              words: { type: explain, explainer: lexical, inputs: [evidence] }
              told: { type: score, method: detection, model: far, inputs: [words], examples: 4, per_prompt: 8,
                      controls: 0, concurrency: 1 }

            """
        let first = try planted.built(stages, far: server.endpoint)
        let stop = first.stop
        async let stopped: Void = {
            await server.received(1)
            stop.raise()
            server.release()
        }()
        try await first.run()
        await stopped
        // The job under way is finished, the others are left as they are.
        #expect(server.requests.count == 1)
        #expect(try first.store.jobs(of: "told").count { $0.state == .open } == 2)
        try await first.close()

        let second = try planted.built(stages, far: server.endpoint)
        try await second.run()
        #expect(server.requests.count == 3)
        let scores = try second.store.scores(of: "told")
        #expect(scores.map(\.latent).sorted() == [0, 1, 2] && scores.allSatisfy { $0.headline?.value == 1 })
        #expect(try second.store.explanations().count == 3)
        try await second.close()
        await server.stop()
    }

    @Test func everyNodeThatRunsHasATaskAndTimersAfterThoseThatItReads() async throws {
        let planted = try PlantedGraph(rows: 4)
        let built = try planted.built(Self.scored)
        let pipeline = try Pipeline(built.context)
        #expect(pipeline.tasks.map(\.node) == ["cached", "evidence", "words", "run"])
        #expect(pipeline.timers.map(\.timers.node) == ["cached", "evidence", "words", "run"])
        #expect(pipeline.timers.map(\.type) == ["delphi_cache", "reservoir", "explain", "score"])
        #expect(pipeline.sources.count == 1)
        let memory = try TopologyMemory(of: built.graph, cores: 2)
        #expect((pipeline.memory.evidence, pipeline.memory.explaining) == (memory.evidence, memory.explaining))
        try await built.close()
    }

    /// Without its barrier the checkpoint would wait for ever.
    @Test func aStageThatNothingReadsHandsInItsBarriers() async throws {
        let files = try FileGraph()
        try files.append(texts: ["one", "two"])
        let graph = try files.fixture.graph(
            """
            sources: { corpus: { type: file, path: \(files.directory)/corpus.ndjson } }
            stages: { tokens: { type: tokenize, inputs: [corpus], model: subject } }

            """)
        let built = try BuiltGraph(graph, in: files.fixture.directory)
        let pipeline = try await built.run()
        #expect(pipeline.tasks.map(\.node) == ["corpus", "tokens"])
        #expect(try built.store.latestCheckpoint()?.fences.map(\.next) == [32])
        try await built.close()
    }

    @Test func everyReaderGetsAllThatANodeSends() async throws {
        let files = try FileGraph()
        try files.append(texts: FileGraph.texts(0..<6))
        let built = try files.built(
            """
              others: { type: encode, inputs: [residual], hookpoint: layers.1, coder: \(TinyModel.coder) }
              seen: { type: reservoir, inputs: [others], window: 8 }

            """)
        try await built.run()
        let (one, other) = (try built.view("codes"), try built.view("others"))
        #expect(one.totals == other.totals && one.totals.tokens > 0)
        for latent in 0..<256 { #expect(one.statistics(of: latent) == other.statistics(of: latent)) }
        try await built.close()
    }

    @Test func aNodeThatFailsEndsTheRunWithItsError() async throws {
        let files = try FileGraph()
        try files.append(["{\"tokens\": [1, 2, 3]}"])
        let first = try files.built()
        try await first.run()
        try await first.close()
        // Another file under the same name: what was counted is not there any more.
        try files.write(["{\"tokens\": [9, 2, 3]}"])
        let second = try files.built()
        let error = await #expect(throws: DaemonError.self) { _ = try await second.run() }
        #expect(error?.kind == .fence)
        #expect(second.progress.reading.records == 0)
        try await second.close()
    }

    /// The model takes 512 ids, its tokenizer 290: an id that has no text is refused before it comes to a node that
    /// would have to show it.
    @Test func tokenIdsBeyondTheReadersTokenizersAreRefused() async throws {
        let files = try FileGraph()
        try files.append(["{\"tokens\": [5, 289]}", "{\"tokens\": [5, 290]}", "{\"tokens\": [5, 6]}"])
        let built = try files.built()
        try await built.run()
        #expect(built.progress.reading.records == 3 && built.progress.reading.rejected.values.reduce(0, +) == 1)
        let letters = try built.store.deadLetters(limit: 10)
        #expect(letters.count == 1 && letters.first?.letter.reason.contains("290") == true)
        #expect(try built.view("codes").totals.contexts == 2)
        try await built.close()
    }
}

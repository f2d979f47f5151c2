import Dataflow
import Elements
import Explaining
import Inference
import Jobs
import Observability
import RuleJudgeServer
import Running
import Scoring
import Stages
import StateFixtures
import StateNotes
import Synchronization
import Testing
import Topology

@testable import Nodes

/// What nodes share of a graph's models and evidence.
@Suite(.timeLimit(.minutes(5))) struct ModelLibraryTests {
    private let planted: PlantedGraph
    private let prompt = Prompt(messages: [.system("Be brief."), .user("Which?")])

    init() throws { planted = try PlantedGraph(rows: 8) }

    /// `twin` names the folder of `subject` once more.
    private func graph(far: String = "http://127.0.0.1:9/v1") throws -> Graph {
        let folder = planted.directory.path + "/model"
        return try planted.graph("", far: far, models: "  twin: { path: \(folder), bos: none }\n")
    }

    private func library(_ graph: Graph, spend: BudgetLedger? = nil) -> ModelLibrary {
        ModelLibrary(
            graph: graph, permits: CorePermits(count: 1), workers: 1,
            metrics: RunMetrics(progress: RunProgress(), version: "", topology: "", digest: ""), spend: spend)
    }

    @Test func aModelIsOpenedOnceWhateverItsNamesAndUses() throws {
        let graph = try graph()
        let library = library(graph)
        #expect(try library.subject("subject") === library.subject("twin"))
        #expect(try library.subject("subject").model === graph.model("subject"))
        let judge = try library.judge("subject")
        #expect(judge.name == (try library.judge("twin").name))
        #expect(judge.digest == (try library.subject("subject").digest))
        #expect(try library.vocabulary(of: "subject").count == 290)
        #expect(library.transports.isEmpty)
    }

    @Test func anEndpointHasAClientForEachUseOfIt() async throws {
        let library = library(try graph())
        let compute = ComputePool<Void>(name: "compute", threads: 1)
        #expect(try library.judge("far").name == library.judge("far").name)
        #expect(library.transports.count == 1)
        let vectors = try library.embeddings("far", compute: compute)
        #expect(library.transports.count == 2)
        #expect(try library.embeddings("far", compute: compute).cache === vectors.cache)
        #expect(library.transports.count == 2)
        for transport in library.transports { try await transport.close() }
    }

    @Test func aModelInThisProcessWorksOnPromptsSideBySideAndAServerHasItsOwnLimit() throws {
        let library = library(try graph())
        #expect(library.isInProcess("subject") && library.calls(to: "subject") == 8)
        #expect(!library.isInProcess("far") && library.calls(to: "far") == 1)
        #expect(try library.judge("subject").prefersLogProbabilities)
    }

    @Test func whatHasNoWeightsHereIsNamed() throws {
        let library = library(try graph())
        let far = #expect(throws: DaemonError.self) { try library.subject("far") }
        #expect(
            far?.description == "model far is behind an endpoint, but its weights are needed here: give a `path`")
        #expect(throws: DaemonError.self) { try library.vocabulary(of: "far") }
        let none = #expect(throws: DaemonError.self) { try library.judge("nobody") }
        #expect(none?.description == "no model is named nobody" && none?.kind == .configuration)
    }

    @Test func callsToAServerAreChargedAndRefusedOnceTheBudgetIsSpent() async throws {
        let server = try await RuleJudgeServer.start()
        server.expect(then: .says("that one"))
        let book = BudgetLedger(budget: Budget(tokens: 1, cost: nil))
        let library = library(try graph(far: server.endpoint), spend: book)
        let judge = try library.judge("far")
        #expect(!judge.hasSpentBudget)
        #expect(try await judge.complete(prompt, maximumTokens: 4).text == "that one")
        #expect(book.models.keys.sorted() == ["far"] && book.models["far"]?.calls == 1)
        #expect(judge.hasSpentBudget)
        await #expect(throws: InferenceError.self) { try await judge.complete(prompt, maximumTokens: 4) }
        let compute = ComputePool<Void>(name: "compute", threads: 1)
        let embedder = try library.embeddings("far", compute: compute).embedder
        await #expect(throws: (any Error).self) { try await embedder.embed(["a"]) }
        #expect(server.requests.count == 1)
        // A model in this process costs nothing.
        let near = try library.judge("subject")
        #expect(!near.hasSpentBudget)
        #expect(try await near.complete(prompt, maximumTokens: 2).tokensIn > 0 && book.models.count == 1)
        for transport in library.transports { try await transport.close() }
        await server.stop()
    }

    @Test func withoutABookNothingIsCharged() async throws {
        let server = try await RuleJudgeServer.start()
        server.expect(then: .says("that one"))
        let library = library(try graph(far: server.endpoint))
        for _ in 0..<2 { _ = try await library.judge("far").complete(prompt, maximumTokens: 4) }
        #expect(try !library.judge("far").hasSpentBudget && server.requests.count == 2)
        for transport in library.transports { try await transport.close() }
        await server.stop()
    }

    @Test func theNodesOfAReservoirDecodeItsPoolOnce() async throws {
        let graph = try graph()
        let library = library(graph)
        let compute = ComputePool<Void>(name: "compute", threads: 1)
        let evidence = try graph.reservoir(above: #require(graph.topology.node("evidence")))
        let view = CountedView()
        let update = EvidenceUpdate(view: view, epoch: 1, isCaughtUp: true)
        let leases = (0..<2).map { _ in library.pools(of: evidence, compute: compute).lease() }
        for _ in 0..<2 { _ = try await library.pools(of: evidence, compute: compute).windows(of: update) }
        #expect(view.read.withLock { $0 } == 1)
        // What one node has done with is kept for the other, and nothing after both.
        await leases[0].end()
        _ = try await library.pools(of: evidence, compute: compute).windows(of: update)
        #expect(view.read.withLock { $0 } == 1)
        await leases[1].end()
        _ = try await library.pools(of: evidence, compute: compute).windows(of: update)
        #expect(view.read.withLock { $0 } == 2)
    }
}

/// An empty view that counts how often its pool is decoded.
private final class CountedView: EvidenceView {
    let read = Mutex(0)
    let coder = Fixture.coder
    let totals = StreamTotals()
    let digest = Fixture.hash(9)
    var pool: [PoolWindow] {
        read.withLock { $0 += 1 }
        return []
    }

    func statistics(of latent: Int) -> LatentStatistics { evidence(of: latent).statistics }

    func evidence(of latent: Int) -> LatentEvidence {
        let statistics = LatentStatistics(
            tokensFired: 0, windowsFired: 0, sum: 0, sumOfSquares: 0, maximum: 0, histogram: [])
        return LatentEvidence(latent: latent, statistics: statistics, train: [], top: [], test: [], recent: [])
    }
}

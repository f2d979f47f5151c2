import Dataflow
import Elements
import Foundation
import NIOHTTP1
import Observability
import PipelineSheets
import StateFixtures
import Store
import Testing

@testable import Serving

@Suite(.timeLimit(.minutes(5))) struct PipelineRoutesTests {
    /// A topology of two nodes.
    static let graph = PipelineSheet(
        topology: "tiny", digest: "ab",
        nodes: [
            PipelineNode(id: "corpus", kind: .source, type: "file", unit: "documents"),
            PipelineNode(
                id: "executed", kind: .stage, type: "score", inputs: ["corpus"], hasJobs: true, unit: "scores"),
        ],
        edges: [PipelineEdge(from: "corpus", to: "executed", carries: "documents", unit: "documents")],
        text: "name: tiny\n")

    private func serving(hasRun: Bool, _ body: (RunningServer) async throws -> Void) async throws {
        try await RunningServer.with { server async throws in
            try server.store.insertJobs([
                PlannedJob(id: Fixture.hash(1), node: "executed", kind: .score, coder: "codes", latent: 1, payload: [])
            ])
            let own = try #require(server.services.state.served)
            let timers = [StageTimers(node: "corpus"), StageTimers(node: "executed")]
            timers[0].count(byteCount: 8, elements: 5)
            let meter = hasRun ? PipelineMeter(progress: server.progress, timers: timers) : nil
            server.services.state.served = Served(
                reader: own.reader, stateName: "one", sheets: own.sheets,
                pipeline: ServedPipeline(graph: Self.graph, store: own.reader, meter: meter), timers: [], lag: { [] })
            try await body(server)
        }
    }

    @Test func aRunIsServedWithWhatFlowsAndItsPageShowsTheSame() async throws {
        try await serving(hasRun: true) { server async throws in
            server.progress.read(records: 5, rejected: [])
            let answer = try await server.get("/api/v1/pipeline")
            #expect(answer.status == 200 && answer.headers["content-type"] == ["application/json; charset=utf-8"])
            let sheet = try SheetJSON.value(PipelineSheet.self, from: answer.body.utf8)
            #expect(sheet.v == 1 && sheet.run?.phase == "running" && sheet.run?.records == 5)
            #expect(sheet.node("corpus")?.output?.total == 5 && sheet.node("executed")?.jobs?.waiting == 1)
            let page = try await server.get("/pipeline")
            #expect(page.status == 200 && page.body.contains("data-node=\"executed\""))
            #expect(page.headers["content-security-policy"].first?.hasPrefix("default-src 'none'") == true)
        }
    }

    @Test func withoutADaemonGraphAndJobsAreServedAndNoRates() async throws {
        try await serving(hasRun: false) { server async throws in
            let answer = try await server.get("/api/v1/pipeline")
            let sheet = try SheetJSON.value(PipelineSheet.self, from: answer.body.utf8)
            #expect(sheet.run == nil && sheet.node("executed")?.jobs?.waiting == 1)
            #expect(sheet.node("corpus")?.output == nil && sheet.edges.count == 1 && sheet.text == "name: tiny\n")
            #expect(try await server.get("/pipeline").body.contains("No daemon tells"))
        }
    }

    @Test func withoutATopologyItIsSaidHowToGiveOne() async throws {
        try await RunningServer.with { server async throws in
            let answer = try await server.get("/api/v1/pipeline")
            #expect(answer.status == 404 && answer.code == "unknown_topology")
            #expect(answer.message?.contains("--topology") == true)
            #expect(try await server.get("/pipeline").status == 404)
        }
    }

    @Test func whileTheDaemonStartsBothSaySo() async throws {
        try await RunningServer.with(isServing: false) { server async throws in
            #expect(try await server.get("/api/v1/pipeline").code == "starting")
            #expect(try await server.get("/pipeline").body.contains("Starting"))
        }
    }
}

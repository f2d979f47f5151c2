import RuleJudgeServer
import Testing
import Topology

@testable import Nodes

/// What servers are asked at the start of a run about batches.
@Suite(.timeLimit(.minutes(5))) struct BatchInspectionTests {
    private func graph(_ endpoint: String, batch: Bool = true, stopping: String = "none") throws -> Graph {
        let text = """
            version: 1
            name: t
            models:
              subject: { path: ./model, bos: none }
              far: { openai: "\(endpoint)", model: rule, batch: \(batch) }
              unused: { openai: "http://127.0.0.1:9/v1", model: rule, batch: true }
            sources: { corpus: { type: file, path: ./corpus } }
            stages:
              tokens: { type: tokenize, inputs: [corpus], model: subject }
              residual: { type: forward, inputs: [tokens], model: subject, hookpoints: [layers.1] }
              codes: { type: encode, inputs: [residual], coder: ./coder, hookpoint: layers.1 }
              evidence: { type: reservoir, inputs: [codes] }
              words: { type: explain, inputs: [evidence], explainer: lexical }
              detected: { type: score, inputs: [words], method: detection, model: far, stopping: \(stopping) }

            """
        return try TopologyText.graph(of: text)
    }

    @Test func aServerWithBatchesIsAskedOnceForNothing() async throws {
        let server = try await RuleJudgeServer.start()
        let graph = try graph(server.endpoint)
        #expect(await BatchInspection.findings(of: graph).map(\.failure) == [nil])
        #expect(await BatchInspection.diagnostics(of: graph, file: "t.yaml").isEmpty)
        #expect(server.requests.isEmpty && server.batches.uploads == 0)
        await server.stop()
    }

    @Test(arguments: [(404, #"{"detail":"Not Found"}"#), (405, ""), (403, #"{"error":{"message":"no"}}"#)])
    func aServerThatRefusesBatchesIsAnErrorAtItsAddress(status: Int, body: String) async throws {
        let server = try await RuleJudgeServer.start()
        server.batches.refuse(status, body)
        let graph = try graph(server.endpoint)
        let diagnostic = try #require(await BatchInspection.diagnostics(of: graph, file: "t.yaml").first)
        #expect(diagnostic.code == "E614" && diagnostic.mark?.line == 5)
        #expect(diagnostic.message.hasPrefix("model far is to be asked by batches, but its server refuses them: "))
        #expect(diagnostic.message.contains("\(status)") && diagnostic.help?.contains("`batch`") == true)
        // Without batches nobody asks.
        #expect(await BatchInspection.findings(of: try self.graph(server.endpoint, batch: false)).isEmpty)
        await server.stop()
    }

    @Test(arguments: [429, 503]) func aServerThatIsBusyIsNoError(status: Int) async throws {
        let server = try await RuleJudgeServer.start()
        server.batches.refuse(status, "")
        let graph = try graph(server.endpoint)
        #expect(await BatchInspection.diagnostics(of: graph, file: "t.yaml").isEmpty)
        guard case .unknown = await BatchInspection.findings(of: graph).first?.failure else {
            Issue.record("it was taken for an answer")
            return
        }
        await server.stop()
    }

    @Test func askingUntilEnoughIsKnownDoesNotGoWithBatches() throws {
        func found(_ batch: Bool, _ stopping: String) throws -> [Diagnostic] {
            try graph("http://127.0.0.1:9/v1", batch: batch, stopping: stopping).diagnostics(file: "t.yaml")
                .filter { $0.code == "E615" }
        }
        #expect(try found(true, "verdict").map(\.mark?.line) == [14])
        #expect(try found(true, "none").isEmpty && found(false, "verdict").isEmpty)
    }
}

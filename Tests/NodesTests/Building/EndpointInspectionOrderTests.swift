import Kafka
import RuleJudgeServer
import Testing
import Topology

@testable import Nodes

/// Several endpoints, and endpoints that cannot be asked; `EndpointInspectionTests` has what one server may answer.
@Suite(.timeLimit(.minutes(5))) struct EndpointInspectionOrderTests {
    private func graph(_ models: [String], _ scores: [String], environment: [String: String] = [:]) throws -> Graph {
        let text = """
            version: 1
            name: reading
            models:
              subject: { path: ./model, bos: none }
            \(models.map { "  \($0)" }.joined(separator: "\n"))
            sources:
              corpus: { type: file, path: ./corpus }
            stages:
              tokens: { type: tokenize, inputs: [corpus], model: subject }
              residual: { type: forward, inputs: [tokens], model: subject, hookpoints: [layers.1] }
              codes: { type: encode, inputs: [residual], coder: ./coder, hookpoint: layers.1 }
              evidence: { type: reservoir, inputs: [codes] }
              nothing: { type: explain, inputs: [evidence], explainer: none }
            \(scores.map { "  \($0)" }.joined(separator: "\n"))

            """
        return try TopologyText.graph(of: text, environment: environment)
    }

    private func score(_ id: String, _ method: String, _ model: String) -> String {
        "\(id): { type: score, inputs: [nothing], method: \(method), model: \(model) }"
    }

    @Test func findingsStandInTheOrderOfTheFileWhicheverServerAnswersFirst() async throws {
        let (sound, mute) = (try await RuleJudgeServer.start(), try await RuleJudgeServer.start())
        mute.expect(then: .answers(404, body: #"{"error":{"message":"no such path"}}"#))
        let graph = try graph(
            [
                "a: { openai: \"\(mute.endpoint)\", model: rule }",
                "b: { openai: \"\(sound.endpoint)\", model: rule }",
            ],
            [
                score("four", "surprisal", "b"), score("three", "surprisal", "a"), score("two", "simulation", "b"),
                score("one", "simulation", "a"),
            ])
        let findings = await EndpointInspection.findings(of: graph)
        #expect(findings.map(\.node) == ["four", "three", "two", "one"])
        #expect(findings.map(\.model) == ["b", "a", "b", "a"])
        #expect(findings.map { $0.outcome == .tells } == [true, false, true, false])
        // A model is asked one question for each kind of need.
        #expect(sound.requests.count == 2 && mute.requests.count == 2)
        let diagnostics = await EndpointInspection.diagnostics(of: graph, file: "topology.yaml")
        #expect(diagnostics.map { $0.message.prefix(14) } == ["three asks mod", "one asks model"])
        #expect(
            diagnostics.allSatisfy { $0.help == "or give the model a `path`, so that it runs in this process" })
        await sound.stop()
        await mute.stop()
    }

    @Test func theEndpointsKeyGoesWithTheQuestion() async throws {
        let server = try await RuleJudgeServer.start(key: "sk-7")
        let model = "far: { openai: \"\(server.endpoint)\", model: rule, api_key: !secret env:KEY }"
        func outcome(_ key: String) async throws -> EndpointInspection.Outcome? {
            let graph = try graph([model], [score("read", "surprisal", "far")], environment: ["KEY": key])
            return await EndpointInspection.findings(of: graph).first?.outcome
        }
        #expect(try await outcome("sk-7") == .tells)
        guard case .unknown = try await outcome("sk-8") else {
            Issue.record("a wrong key tells nothing of the server")
            return
        }
        let asked = server.requests.count
        // What is no key is sent nowhere; a run says so when it makes the node's client.
        #expect(
            try await outcome("two\nlines")
                == .unknown("the API key for \(server.endpoint) is empty or not one line of plain text"))
        #expect(server.requests.count == asked)
        await server.stop()
    }

    @Test func withoutANodeThatReadsTextsNothingIsAsked() async throws {
        let server = try await RuleJudgeServer.start()
        let graph = try graph(
            ["far: { openai: \"\(server.endpoint)\", model: rule }"],
            [
                score("told", "detection", "far"), score("found", "intruder", "far"),
                score("near", "surprisal", "subject"),
            ])
        #expect(await EndpointInspection.findings(of: graph).isEmpty)
        #expect(await EndpointInspection.diagnostics(of: graph, file: "topology.yaml").isEmpty)
        #expect(server.requests.isEmpty)
        await server.stop()
    }
}
